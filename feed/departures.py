"""What becomes of the feed of a person who has left for good. See `accounts.departure_steps`.

inbox      first, so that each follow that ends prunes an empty inbox; again at the end, for what was still under way
pulled     no reader meets the author in the registry any more, then each reader forgets them; the mark that the
           author is pulled stays until the follows are gone, or deleted posts would be taken back from all followers
"""

from accounts.departure_steps import PAGE, Progress, cleanup_step
from config.entities import UserId
from feed import departure_repository as repository
from feed.notifications import repository as notifications
from feed.pulls import reader_forget
from feed.readers import record_delete
from feed.registry_repository import registration_get, registry_forget
from feed.topics import author_topics_note
from graph.selectors import follower_ids_page


@cleanup_step("feed.inbox", order=10)
def inbox_clear(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the rest is the next page
    """Empty the person's inbox, and forget whom they pull and follow and how often they read.

    Cost: 1 RU a 4 KB and 1 WU an item. Idempotent: by item.
    """
    cleared = repository.inbox_clear_some(user_id, limit=PAGE)
    if cleared == PAGE:
        return Progress("", cleared)
    record_delete(user_id)
    return Progress(None, cleared)


@cleanup_step("feed.pulled_readers", order=25)
def readers_forget(user_id: UserId, cursor: str | None) -> Progress:
    """Readers who pull the person's posts do so no longer. For authors who were never pulled there is nothing to do.

    Who pulls them for the sake of one edge forgets when that follow ends.

    Cost: 1 RU; of a pulled author up to 0.05 RU and 1 RU a follower, 1 RU and 2 WU a reader who pulls.
    Idempotent: by reader.
    """
    if cursor is None:
        registration = registration_get(user_id)
        if registration is None:
            return Progress(None, 0)
        registry_forget(registration)
    followers, following = follower_ids_page(user_id, cursor=cursor or None, limit=PAGE)
    pulling = repository.readers_who_pull(user_id, followers)
    for reader_id in pulling:
        reader_forget(reader_id, user_id)
    return Progress(following, len(pulling))


@cleanup_step("feed.topics", order=75)
def topics_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one call does it all
    """Take the person out of what authors post about; who is not active posts about nothing.

    Cost: 1 read unit, and 1 read and 2 write units a topic, at most 10. Idempotent: by author and topic.
    """
    author_topics_note(author_id=user_id)
    return Progress(None, 0)


@cleanup_step("feed.notifications", order=85)
def notifications_clear(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the rest is the next page
    """What the person was told. Others are told no more of what they did as that itself is taken away.

    Cost: 1 RU a 4 KB, 1 WU an item and 1 more a line. Idempotent: by item.
    """
    gone = notifications.clear_some(user_id, limit=PAGE)
    return Progress("" if gone == PAGE else None, gone)


@cleanup_step("feed.pulled", order=80)
def pushes_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the rest is the next page
    """What is left of the person as a pulled author, the mark that they are one last.

    Cost: 1 RU a 4 KB and 1 WU an item. Idempotent: by item.
    """
    gone = repository.author_clear_some(user_id, limit=PAGE)
    return Progress("" if gone == PAGE else None, gone)


@cleanup_step("feed.notifications_late", order=1010)
def notifications_clear_late(user_id: UserId, cursor: str | None) -> Progress:
    """Once more, for the ends of what others did with the person's posts.

    Cost, Idempotent: as `notifications_clear`.
    """
    return notifications_clear(user_id, cursor)


@cleanup_step("feed.inbox_late", order=1010)
def inbox_clear_late(user_id: UserId, cursor: str | None) -> Progress:
    """Once more, for posts that were on their way.

    Cost, Idempotent: as `inbox_clear`.
    """
    return inbox_clear(user_id, cursor)
