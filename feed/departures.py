"""What becomes of the feed of a person who has left for good. See `accounts.departure_steps`.

inbox      first, so that each follow that ends prunes an empty inbox; again at the end, for what was still under way
pulled     no reader meets the author in the registry any more, then each reader forgets them; the mark that the
           author is pulled stays until the follows are gone, or deleted posts would be taken back from all followers
"""

from accounts.departure_steps import PAGE, Progress, cleanup_step
from config.entities import UserId
from feed import departure_repository as repository
from feed.pulls import author_is_pulled
from feed.topics import author_topics_note
from graph.selectors import follower_ids_page


@cleanup_step("feed.inbox", order=10)
def inbox_clear(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the rest is the next page
    """Empty the person's inbox, and forget whom they pull.

    Cost: 1 RU a 4 KB and 1 WU an item. Idempotent: by item.
    """
    cleared = repository.inbox_clear_some(user_id, limit=PAGE)
    if cleared == PAGE:
        return Progress("", cleared)
    repository.pulls_delete(user_id)
    return Progress(None, cleared)


@cleanup_step("feed.pulled_readers", order=25)
def readers_forget(user_id: UserId, cursor: str | None) -> Progress:
    """Readers who pull the person's posts do so no longer. For authors who were never pulled there is nothing to do.

    Cost: 1 RU; of a pulled author up to 0.05 RU and 0.5 RU a follower, 2 WU a reader who pulls.
    Idempotent: by reader.
    """
    if cursor is None:
        if not author_is_pulled(user_id):
            return Progress(None, 0)
        repository.registry_forget(user_id)
    followers, following = follower_ids_page(user_id, cursor=cursor or None, limit=PAGE)
    return Progress(following, repository.readers_forget(user_id, followers))


@cleanup_step("feed.topics", order=75)
def topics_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one call does it all
    """Take the person out of what authors post about; who is not active posts about nothing.

    Cost: 1 read unit, and 1 read and 2 write units a topic, at most 10. Idempotent: by author and topic.
    """
    author_topics_note(author_id=user_id)
    return Progress(None, 0)


@cleanup_step("feed.pulled", order=80)
def pushes_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the rest is the next page
    """What is left of the person as a pulled author, the mark that they are one last.

    Cost: 1 RU a 4 KB and 1 WU an item. Idempotent: by item.
    """
    gone = repository.author_clear_some(user_id, limit=PAGE)
    return Progress("" if gone == PAGE else None, gone)


@cleanup_step("feed.inbox_late", order=1010)
def inbox_clear_late(user_id: UserId, cursor: str | None) -> Progress:
    """Once more, for posts that were on their way.

    Cost, Idempotent: as `inbox_clear`.
    """
    return inbox_clear(user_id, cursor)
