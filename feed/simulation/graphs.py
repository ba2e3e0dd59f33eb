"""Who follows whom, as arrays: the edges of a reader lie side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EDGES_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Graph:
    """Users are numbered from 0.

    Shape: `starts` has one entry a reader and one more, `authors[starts[r]:starts[r + 1]]` are those that r follows.
    """

    starts: NDArray[np.int64]
    authors: NDArray[np.int32]
    dropped: int = 0  # repeated lines, and people who follow themselves

    @property
    def users(self) -> int:
        """How many there are, with and without edges."""
        return len(self.starts) - 1

    @property
    def edges(self) -> int:
        """How many follows there are."""
        return len(self.authors)

    def followers(self) -> NDArray[np.int64]:
        """Of each user, how many follow them."""
        return np.bincount(self.authors, minlength=self.users)

    def follows(self) -> NDArray[np.int64]:
        """Of each user, how many they follow."""
        follows: NDArray[np.int64] = np.diff(self.starts)
        return follows

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Ranges of readers with about EDGES_AT_ONCE edges each, so that memory doesn't grow with the network."""
        first = 0
        while first < self.users:
            limit = self.starts[first] + EDGES_AT_ONCE
            after = max(first + 1, int(np.searchsorted(self.starts, limit, side="right")) - 1)
            yield first, after
            first = after


def keys_of(readers: NDArray[Any], authors: NDArray[Any], users: int) -> NDArray[np.int64]:
    """An edge as one number, ordered by reader and then by author."""
    keys: NDArray[np.int64] = np.asarray(readers, np.int64) * users + authors
    return keys


def graph_of(keys: NDArray[np.int64], users: int) -> Graph:
    """A graph of edges in any order. Sorts `keys` in place, as there may be no room for two of them."""
    given = len(keys)
    keys.sort()
    if given:
        first = np.ones(given, np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        keys = keys[first]
    readers, authors = np.empty(len(keys), np.int32), np.empty(len(keys), np.int32)
    np.floor_divide(keys, users, out=readers, casting="unsafe")
    np.remainder(keys, users, out=authors, casting="unsafe")
    del keys
    others = readers != authors
    if not others.all():
        readers, authors = readers[others], authors[others]
    starts = np.zeros(users + 1, np.int64)
    np.cumsum(np.bincount(readers, minlength=users), out=starts[1:])
    return Graph(starts, authors, dropped=given - len(authors))
