"""From the streams into the feed. Each handler hands on ids; a broker that is away makes the record come again."""

from collections.abc import Sequence
from typing import Final

import feed.notifications.consumers  # noqa: F401  # what people are told of is heard along
from config.streams import on, on_many
from feed import services, tasks
from feed.author_delivery import reactions_note
from feed.events import PushEdgeKept, ReadsNoted, RebuildAsked
from feed.news import post_noted
from feed.reader_decisions import reader_decide_if_due
from feed.readers import perhaps_muted_sync
from feed.suggestion_refresh import suggestions_refresh_soon
from feed.tables import FEED
from feed.topics import author_topics_note_soon
from feed.warming import post_warm
from graph.events import FollowCreated, FollowDeleted
from graph.mark_events import Blocked, Muted, Unmuted
from graph.suggestion_events import SuggestionsAsked
from graph.tables import GRAPH
from posts.count_events import CountsChanged
from posts.entities import Audience
from posts.events import PostArchived, PostCreated, PostDeleted, PostEdited, PostReturned
from posts.tables import POSTS

EDGES_A_TASK: Final = 50
"""Of as many readers, on a database that takes a tenth of a second for each request, they are done within a minute."""


def _deliver(event: PostCreated | PostEdited | PostReturned, *, is_new: bool = False) -> None:
    # First of all: from here on who reads finds it, however long its push takes.
    post_noted(post_id=event.post_id, author_id=event.author_id, audience=event.audience, is_new=is_new)
    is_pulled = services.post_deliver(
        post_id=event.post_id,
        author_id=event.author_id,
        audience=event.audience,
        fan_out=tasks.fan_out_page.delay,
        demote=tasks.demote_author_soon,
    )
    if is_pulled:
        post_warm(post_id=event.post_id)


def _take_back(event: PostArchived | PostDeleted) -> None:
    services.post_take_back(
        post_id=event.post_id, author_id=event.author_id, take_back=tasks.take_back_page.delay
    )


def _sync(events: Sequence[FollowCreated | FollowDeleted]) -> None:
    pairs = [(event.follower_id, event.followee_id) for event in events]
    for start in range(0, len(pairs), EDGES_A_TASK):
        tasks.sync_edges.delay(pairs[start : start + EDGES_A_TASK])


@on(POSTS, PostCreated)
def deliver(event: PostCreated) -> None:
    """Decide here, where nothing waits behind a long fan-out; push in the workers."""
    _deliver(event, is_new=True)


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


@on_many(GRAPH, FollowCreated)
def open_edge(events: Sequence[FollowCreated]) -> None:
    """Bring the followees' posts."""
    _sync(events)


@on_many(GRAPH, FollowDeleted)
def close_edge(events: Sequence[FollowDeleted]) -> None:
    """Prune the followees' posts."""
    _sync(events)


@on(GRAPH, Blocked)
def close_both(event: Blocked) -> None:
    """Neither keeps the other's posts, whatever is left of earlier follows."""
    tasks.sync_edge.delay(event.owner_id, event.other_id)
    tasks.sync_edge.delay(event.other_id, event.owner_id)


@on(GRAPH, Muted)
def note_mute(event: Muted) -> None:
    """It was noted before it was made; this is for a mute that ended in that moment."""
    perhaps_muted_sync(reader_id=event.owner_id, other_id=event.other_id)


@on(GRAPH, Unmuted)
def note_mute_gone(event: Unmuted) -> None:
    """Nobody is asked about for nothing, and nothing is left of who has left."""
    perhaps_muted_sync(reader_id=event.owner_id, other_id=event.other_id)


@on(FEED, PushEdgeKept)
def backfill(event: PushEdgeKept) -> None:
    """Bring the author's posts, so that pulling may stop."""
    tasks.backfill_page.delay(event.reader_id, event.author_id, None)


@on(FEED, RebuildAsked)
def rebuild(event: RebuildAsked) -> None:
    """Write down whom the reader follows, and fill the inbox."""
    tasks.rebuild_reader.delay(event.reader_id)


@on(FEED, ReadsNoted)
def decide(event: ReadsNoted) -> None:
    """How often they read is known anew: push or pull may have to be, too."""
    reader_decide_if_due(
        reader_id=event.reader_id, decided_at_ms=event.decided_at_ms, decide=tasks.decide_reader.delay
    )


@on(POSTS, CountsChanged)
def note_reaction(event: CountsChanged) -> None:
    """The author may be somebody whom everybody talks about."""
    reactions_note(post_id=event.post_id, event_id=event.event_id)


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


@on_many(GRAPH, FollowCreated)
def suggest_after_follow(events: Sequence[FollowCreated]) -> None:
    """The followees' followees are candidates now."""
    for reader_id in dict.fromkeys(event.follower_id for event in events):
        suggestions_refresh_soon(reader_id=reader_id, refresh=tasks.refresh_suggestions_soon)


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
