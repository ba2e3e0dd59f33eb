"""Where the index by author keeps a post: asked by everything that writes META."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from config.entities import PostId, UserId
from posts.calendar import month_of
from posts.repository import keys


class Shelf(StrEnum):
    """In which of an author's lists a post is."""

    LISTED = "listed"
    ARCHIVED = "archived"
    DELETED = "deleted"


NO_MONTHS: Final[frozenset[str]] = frozenset()


def place(
    author_id: UserId,
    post_id: PostId,
    shelf: Shelf = Shelf.LISTED,
    *,
    months: Collection[str] = NO_MONTHS,
) -> str:
    """The partition of the index for a post; `months`: those of which the author has a list of their own by now."""
    if shelf is Shelf.DELETED:
        return keys.deleted_by(author_id)
    if shelf is Shelf.ARCHIVED:
        return keys.archived_by(author_id)
    month = month_of(post_id)
    return keys.author_month(author_id, month) if month in months else keys.author(author_id)
