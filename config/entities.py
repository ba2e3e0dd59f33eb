"""The words that every room shares: whose id, and one page of a list."""

from dataclasses import dataclass
from typing import Generic, NewType, TypeVar

UserId = NewType("UserId", int)
PostId = NewType("PostId", int)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list and the opaque cursor of what follows; None is the end of the list."""

    items: list[T]
    next_cursor: str | None = None
