"""The feed's work behind the request. Arguments are ids and cursors; every task may run twice, or again after a kill."""

from collections.abc import Sequence

from celery import shared_task

from config.deliveries import when_given_up
from config.entities import PostId, UserId
from feed import (
    demotions,
    edges,
    fan_out,
    reader_decisions,
    rebuilding,
    suggestion_refresh,
    topics,
)

SETTLED_SECONDS = 5
"""Much longer than an index lags behind its table."""


@shared_task(name="feed.fan_out_page")
def fan_out_page(post_id: PostId, author_id: UserId, position: str, known_at: float = 0.0) -> None:
    """Push a post to one page of readers."""
    fan_out.fan_out_page(
        post_id=post_id, author_id=author_id, position=position, lanes=lanes(), known_at=known_at
    )


@shared_task(name="feed.fan_out_rest")
def fan_out_rest(
    post_id: PostId,
    author_id: UserId,
    reader_ids: list[UserId],
    kept_days: Sequence[int] = (),
    known_at: float = 0.0,
) -> None:
    """Push a post to those of a page who are not on-line."""
    fan_out.fan_out_rest(
        post_id=post_id,
        author_id=author_id,
        reader_ids=reader_ids,
        lanes=lanes(),
        kept_days=kept_days,
        known_at=known_at,
    )


@when_given_up("feed.fan_out_page")
@when_given_up("feed.fan_out_rest")
def fan_out_given_up(post_id: PostId, author_id: UserId, *_place: object) -> None:
    """Its readers have the post from the author instead."""
    fan_out.fan_out_given_up(post_id=post_id, author_id=author_id, lanes=lanes())


@shared_task(name="feed.take_back_page")
def take_back_page(post_id: PostId, author_id: UserId, position: str) -> None:
    """Take a post back from one page of readers."""
    fan_out.take_back_page(
        post_id=post_id, author_id=author_id, position=position, take_back=take_back_page.delay
    )


@shared_task(name="feed.sync_edge")
def sync_edge(reader_id: UserId, author_id: UserId) -> None:
    """Make an inbox agree with a follow or its end."""
    edges.edges_sync(edges=[(reader_id, author_id)], backfill=backfill_page.delay)


@shared_task(name="feed.sync_edges")
def sync_edges(pairs: list[tuple[UserId, UserId]]) -> None:
    """The same of many."""
    edges.edges_sync(
        edges=((reader_id, author_id) for reader_id, author_id in pairs), backfill=backfill_page.delay
    )


@shared_task(name="feed.backfill_page")
def backfill_page(reader_id: UserId, author_id: UserId, before: PostId | None) -> None:
    """Bring one page of an author's posts into an inbox."""
    edges.inbox_backfill(
        reader_id=reader_id, author_id=author_id, before=before, backfill=backfill_page.delay
    )


@when_given_up("feed.sync_edge")
@when_given_up("feed.backfill_page")
def edge_given_up(reader_id: UserId, author_id: UserId, _before: PostId | None = None) -> None:
    """The inbox may lack posts of this author: the reader pulls them."""
    edges.edge_given_up(reader_id=reader_id, author_id=author_id)


@when_given_up("feed.sync_edges")
def edges_given_up(pairs: list[tuple[UserId, UserId]]) -> None:
    """The same of many."""
    for reader_id, author_id in pairs:
        edge_given_up(reader_id, author_id)


@shared_task(name="feed.rebuild_reader")
def rebuild_reader(reader_id: UserId) -> None:
    """Write down whom a reader follows, and fill the inbox from the authors."""
    rebuilding.reader_rebuild(reader_id=reader_id)


@shared_task(name="feed.decide_reader")
def decide_reader(reader_id: UserId) -> None:
    """Decide push or pull anew for all that a reader follows."""
    reader_decisions.reader_decide(reader_id=reader_id, backfill=backfill_page_later)


@shared_task(name="feed.demote_author")
def demote_author(author_id: UserId, run: int) -> None:
    """One page of the followers of an author whom everybody pulled."""
    demotions.demotion_step(author_id=author_id, run=run, step=demote_author.delay)


@shared_task(name="feed.demotions_resume")
def demotions_resume() -> None:
    """Go on with what has lost its task."""
    demotions.demotions_resume(step=demote_author.delay)


@shared_task(name="feed.refresh_suggestions")
def refresh_suggestions(reader_id: UserId) -> None:
    """Work out anew whom a reader may like to follow."""
    suggestion_refresh.suggestions_refresh(reader_id=reader_id)


@shared_task(name="feed.note_topics")
def note_topics(author_id: UserId) -> None:
    """Look at what an author posts about."""
    topics.author_topics_note(author_id=author_id)


def lanes() -> fan_out.Lanes:
    """The queues of a fan-out."""
    return fan_out.Lanes(page=fan_out_page.delay, rest=fan_out_rest.delay, later=fan_out_page_later)


def fan_out_page_later(post_id: PostId, author_id: UserId, position: str) -> None:
    """In some seconds."""
    fan_out_page.apply_async((post_id, author_id, position), countdown=5)


def demote_author_soon(author_id: UserId, run: int) -> None:
    """When every post that was still taken for pulled is in its author's list."""
    demote_author.apply_async((author_id, run), countdown=SETTLED_SECONDS)


def backfill_page_later(reader_id: UserId, author_id: UserId, before: PostId | None) -> None:
    """The same, for a fan-out that read the followers a moment before."""
    backfill_page.apply_async((reader_id, author_id, before), countdown=SETTLED_SECONDS)


def refresh_suggestions_soon(reader_id: UserId) -> None:
    """In some seconds: what the reader does meanwhile is seen along."""
    refresh_suggestions.apply_async((reader_id,), countdown=suggestion_refresh.REFRESH_EVERY_SECONDS)


def note_topics_soon(author_id: UserId) -> None:
    """In some seconds: an author who is at it posts more."""
    note_topics.apply_async((author_id,), countdown=topics.NOTED_EVERY_SECONDS)
