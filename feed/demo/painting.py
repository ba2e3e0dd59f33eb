"""Painting in other processes: pictures cost processor time, and Python's threads share one core."""

import io
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, ParamSpec, TypeVar

import django

from feed.demo.avatars import avatar_of
from feed.demo.people import Person
from feed.demo.pictures import Recipe, as_file, painted
from posts.entities import Photo
from posts.media.direct import photo_store

P = ParamSpec("P")
R = TypeVar("R")
BEHIND: Final = 5
"""Pictures are wanted last: the site that answers meanwhile, and what is written one after the other, come first."""


def stored_photo(recipe: Recipe) -> Photo:
    """Paint a picture and store it as an upload would be."""
    return photo_store(as_file(painted(recipe)), alt=recipe.alt)


def avatar_file(person: Person, *, with_photos: bool) -> bytes:
    target = io.BytesIO()
    avatar_of(person.avatar_seed, is_woman=person.is_woman, with_photos=with_photos).save(target, "PNG")
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Studio:
    """Where work is handed in; without processes it is done at once, in this one."""

    pool: ProcessPoolExecutor | None

    def order(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        if self.pool is not None:
            return self.pool.submit(work, *args, **kwargs)
        done: Future[R] = Future()
        done.set_result(work(*args, **kwargs))
        return done


@contextmanager
def studio(processes: int) -> Iterator[Studio]:
    """A studio of so many processes; what was ordered and not begun is dropped at the end."""
    if not processes:
        yield Studio(None)
        return
    # Started afresh, not forked: threads and connections of this process stay here.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield Studio(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    os.nice(BEHIND)
    django.setup()
