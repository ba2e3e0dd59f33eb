"""The feed's work behind the request. Arguments are ids and cursors; every task may run twice, or again after a kill."""

from celery import shared_task
from django.conf import settings

from config.entities import PostId, UserId
from feed import services, suggestion_refresh, topics


@shared_task(name="feed.fan_out_page")
def fan_out_page(post_id: PostId, author_id: UserId, position: str) -> None:
    """Push a post to one page of readers."""
    services.fan_out_page(
        post_id=post_id,
        author_id=author_id,
        position=position,
        fan_out=fan_out_page.delay,
        later=fan_out_page_later,
    )


@shared_task(name="feed.take_back_page")
def take_back_page(post_id: PostId, author_id: UserId, position: str) -> None:
    """Take a post back from one page of readers."""
    services.take_back_page(
        post_id=post_id, author_id=author_id, position=position, take_back=take_back_page.delay
    )


@shared_task(name="feed.sync_edge")
def sync_edge(reader_id: UserId, author_id: UserId) -> None:
    """Make an inbox agree with a follow or its end."""
    services.edge_sync(reader_id=reader_id, author_id=author_id, backfill=backfill_page.delay)


@shared_task(name="feed.backfill_page")
def backfill_page(reader_id: UserId, author_id: UserId, before: PostId | None) -> None:
    """Bring one page of an author's posts into an inbox."""
    services.inbox_backfill(
        reader_id=reader_id, author_id=author_id, before=before, backfill=backfill_page.delay
    )


@shared_task(name="feed.refresh_suggestions")
def refresh_suggestions(reader_id: UserId) -> None:
    """Work out anew whom a reader may like to follow."""
    suggestion_refresh.suggestions_refresh(reader_id=reader_id)


@shared_task(name="feed.note_topics")
def note_topics(author_id: UserId) -> None:
    """Look at what an author posts about."""
    topics.author_topics_note(author_id=author_id)


def fan_out_page_later(post_id: PostId, author_id: UserId, position: str) -> None:
    """In some seconds."""
    fan_out_page.apply_async((post_id, author_id, position), countdown=5)


def refresh_suggestions_soon(reader_id: UserId) -> None:
    """In some seconds: what the reader does meanwhile is seen along."""
    refresh_suggestions.apply_async((reader_id,), countdown=_wait(suggestion_refresh.REFRESH_EVERY_SECONDS))


def note_topics_soon(author_id: UserId) -> None:
    """In some seconds: an author who is at it posts more."""
    note_topics.apply_async((author_id,), countdown=_wait(topics.NOTED_EVERY_SECONDS))


def _wait(seconds: int) -> float:
    """So long, but not until a task that waits is given to another worker as well."""
    return min(seconds, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 2)
