"""What is done to the things of a person who left for good: each room's steps, in one order.

    @cleanup_step("graph.followings", order=20)
    def followings(user_id: UserId, cursor: str | None) -> Progress:
        ...one page of at most PAGE items...
        return Progress(cursor=next_cursor, done=len(page))

Rooms register in their `departures.py`, found by its name. A step is called with the cursor that it returned last, None
at first and None returned at its end. The cursor is noted after each page, so a page that was cut off is done again:
a step repeated with the same cursor must change nothing that it has changed before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from config.entities import UserId

PAGE: Final = 100
"""Items that one call of a step takes on at most."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come: where to go on (None: it is finished) and how many items this call took away."""

    cursor: str | None
    done: int


Step = Callable[[UserId, str | None], Progress]


@dataclass(frozen=True, slots=True)
class CleanupStep:
    """One room's part. Its name is kept with departures under way, so renaming it begins it anew."""

    name: str
    order: int
    run: Step


_steps: dict[str, CleanupStep] = {}


def cleanup_step(name: str, *, order: int) -> Callable[[Step], Step]:
    """Register the decorated function. Lower orders go first; equal ones by name.

    Raises: ImproperlyConfigured for a name that is taken.
    """

    def register(function: Step) -> Step:
        if name in _steps:
            message = f"two steps of cleaning up are called {name}"
            raise ImproperlyConfigured(message)
        _steps[name] = CleanupStep(name, order, function)
        return function

    return register


def cleanup_steps() -> list[CleanupStep]:
    """All steps, in the order they are run."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.name))
