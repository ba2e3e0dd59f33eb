"""From the streams into the feed. Each handler hands on ids; a broker that is away makes the record come again."""

from config.streams import on
from feed import services, tasks
from feed.events import PushEdgeKept
from feed.suggestion_refresh import suggestions_refresh_soon
from feed.tables import FEED
from feed.topics import author_topics_note_soon
from graph.events import FollowCreated, FollowDeleted
from graph.mark_events import Blocked
from graph.suggestion_events import SuggestionsAsked
from graph.tables import GRAPH
from posts.entities import Audience
from posts.events import PostArchived, PostCreated, PostDeleted, PostEdited, PostReturned
from posts.tables import POSTS


def _deliver(event: PostCreated | PostEdited | PostReturned) -> None:
    services.post_deliver(
        post_id=event.post_id,
        author_id=event.author_id,
        audience=event.audience,
        fan_out=tasks.fan_out_page.delay,
    )


def _take_back(event: PostArchived | PostDeleted) -> None:
    services.post_take_back(
        post_id=event.post_id, author_id=event.author_id, take_back=tasks.take_back_page.delay
    )


@on(POSTS, PostCreated)
def deliver(event: PostCreated) -> None:
    """Decide here, where nothing waits behind a long fan-out; push in the workers."""
    _deliver(event)


@on(POSTS, PostEdited)
def deliver_opened(event: PostEdited) -> None:
    """A post that was for its author alone is for others now; every other change is seen at the next read."""
    if event.was_audience is Audience.ONLY_ME:
        _deliver(event)


@on(POSTS, PostReturned)
def deliver_returned(event: PostReturned) -> None:
    """Out of the archive, or a deletion was taken back: its readers have it again."""
    _deliver(event)


@on(POSTS, PostArchived)
def take_back_archived(event: PostArchived) -> None:
    """Reads hide the post already; this frees the inboxes."""
    _take_back(event)


@on(POSTS, PostDeleted)
def take_back(event: PostDeleted) -> None:
    """Reads hide the post already; this frees the inboxes."""
    _take_back(event)


@on(GRAPH, FollowCreated)
def open_edge(event: FollowCreated) -> None:
    """Bring the followee's posts."""
    tasks.sync_edge.delay(event.follower_id, event.followee_id)


@on(GRAPH, FollowDeleted)
def close_edge(event: FollowDeleted) -> None:
    """Prune the followee's posts."""
    tasks.sync_edge.delay(event.follower_id, event.followee_id)


@on(GRAPH, Blocked)
def close_both(event: Blocked) -> None:
    """Neither keeps the other's posts, whatever is left of earlier follows."""
    tasks.sync_edge.delay(event.owner_id, event.other_id)
    tasks.sync_edge.delay(event.other_id, event.owner_id)


@on(FEED, PushEdgeKept)
def backfill(event: PushEdgeKept) -> None:
    """Bring the author's posts, so that pulling may stop."""
    tasks.backfill_page.delay(event.reader_id, event.author_id, None)


@on(POSTS, PostCreated)
def note_topics(event: PostCreated) -> None:
    """The author may have come to a topic."""
    author_topics_note_soon(author_id=event.author_id, text=event.text, note=tasks.note_topics_soon)


@on(POSTS, PostDeleted)
def note_topics_left(event: PostDeleted) -> None:
    """The author may have left one."""
    author_topics_note_soon(author_id=event.author_id, text=event.text, note=tasks.note_topics_soon)


@on(POSTS, PostEdited)
def note_topics_of_edited(event: PostEdited) -> None:
    """Both, by other words."""
    text = f"{event.text_before}\n{event.text}"
    author_topics_note_soon(author_id=event.author_id, text=text, note=tasks.note_topics_soon)


@on(GRAPH, FollowCreated)
def suggest_after_follow(event: FollowCreated) -> None:
    """The followee's followees are candidates now."""
    suggestions_refresh_soon(reader_id=event.follower_id, refresh=tasks.refresh_suggestions_soon)


@on(GRAPH, FollowDeleted)
def suggest_after_unfollow(event: FollowDeleted) -> None:
    """The followee speaks for nobody any more."""
    suggestions_refresh_soon(reader_id=event.follower_id, refresh=tasks.refresh_suggestions_soon)


@on(GRAPH, Blocked)
def suggest_after_block(event: Blocked) -> None:
    """Neither is suggested to the other; reads see to that at once."""
    suggestions_refresh_soon(reader_id=event.owner_id, refresh=tasks.refresh_suggestions_soon)
    suggestions_refresh_soon(reader_id=event.other_id, refresh=tasks.refresh_suggestions_soon)


@on(GRAPH, SuggestionsAsked)
def suggest_anew(event: SuggestionsAsked) -> None:
    """The reader has looked, and what was there was old or little."""
    suggestions_refresh_soon(reader_id=event.reader_id, refresh=tasks.refresh_suggestions.delay)
