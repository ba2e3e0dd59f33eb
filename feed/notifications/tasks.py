"""Telling people behind the request. Arguments are ids; every task may run twice, late and in any order."""

from collections.abc import Sequence
from typing import Any

from celery import shared_task

from config.entities import PostId, UserId
from feed.notifications import listeners, services
from feed.notifications.entities import Happening, Kind


@shared_task(name="feed.notify_note")
def note(*told: Any) -> None:
    """Tell of something."""
    services.note(happening_of(told))


@shared_task(name="feed.notify_note_some")
def note_some(told: Sequence[Sequence[Any]]) -> None:
    """Tell of several things."""
    services.note_some([happening_of(each) for each in told])


@shared_task(name="feed.notify_take_back")
def take_back(*told: Any) -> None:
    """It is undone."""
    services.take_back(happening_of(told))


@shared_task(name="feed.notify_forget_author")
def forget_author(reader_id: int, author_id: int) -> None:
    """Take back what somebody was told of an author's posts."""
    services.author_forget(reader_id=UserId(reader_id), author_id=UserId(author_id))


@shared_task(name="feed.notify_listeners")
def tell_listeners(post_id: int, author_id: int, start_after: str | None = None) -> None:
    """Tell a page of those who want to hear of somebody's posts."""
    listeners.listeners_tell_page(
        post_id=PostId(post_id),
        author_id=UserId(author_id),
        start_after=start_after,
        go_on=tell_listeners.delay,
    )


def arguments_of(happening: Happening) -> tuple[Any, ...]:
    """A happening as a message carries it."""
    return (
        happening.reader_id,
        happening.kind.value,
        happening.subject,
        happening.source,
        happening.actor_id,
        happening.stamp,
        happening.made_id,
        happening.post_id,
        happening.root_id,
    )


def happening_of(told: Sequence[Any]) -> Happening:
    """The reverse of `arguments_of`."""
    reader_id, kind, subject, source, actor_id, stamp, made_id, post_id, root_id = told
    return Happening(
        UserId(reader_id),
        Kind(kind),
        subject,
        source,
        UserId(actor_id),
        stamp,
        made_id,
        None if post_id is None else PostId(post_id),
        root_id,
    )
