"""A made-up network: followers by a power law, follows by `activity.FOLLOWS`.

The chance that a follow goes to the account of rank r is ~ r^-0.784, which gives the exponent 2.276 of the number of
followers that Kwak, Lee, Park and Moon found (What is Twitter, a Social Network or a News Media?, WWW 2010), bounded so
that nobody is followed by more than about a third of the network.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from feed.simulation.activity import CORRELATION, FOLLOWS, by_rank, ranks_like
from feed.simulation.graphs import Graph, graph_of, keys_of

POPULARITY: Final = 1 / (2.276 - 1)
WIDEST_AUDIENCE: Final = 0.35
DRAWS_AT_ONCE: Final = 4_000_000
ROUNDS: Final = 8

Progress = Callable[[int], object]


def power_law(*, users: int, follows: float, seed: int, progress: Progress = lambda _edges: None) -> Graph:
    """A network with that many follows a user on the mean, or as many as a small one has room for.

    `progress` hears of edges drawn, and of those drawn in vain as less than none.
    Memory: 30 bytes an edge at most.
    """
    rng = np.random.default_rng([seed, 0])
    popular = _cumulative(users, follows)
    wanted = _wanted(users, follows, rng)
    graph = Graph(np.zeros(users + 1, np.int64), np.zeros(0, np.int32))
    for _ in range(ROUNDS):  # who was drawn twice, or drew themselves, draws once more
        missing = wanted - graph.follows()
        before = graph.edges
        keys = np.empty(before + int(missing.sum()), np.int64)
        keys[:before] = keys_of(np.repeat(np.arange(users), graph.follows()), graph.authors, users)
        del graph
        _draw(keys[before:], missing, popular, rng, progress)
        graph = graph_of(keys, users)
        del keys
        progress(graph.edges - before - int(missing.sum()))
        if graph.edges >= 0.999 * wanted.sum():
            break
    return Graph(graph.starts, graph.authors)


def _wanted(users: int, follows: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """How many each follows; who has more followers follows more, with the same correlation as the rest."""
    most = max(1, users // 3)
    exact = np.minimum(by_rank(FOLLOWS, users, follows), most)[
        ranks_like(-np.arange(users), CORRELATION, rng)
    ]
    whole = np.floor(exact).astype(np.int64)
    return whole + (rng.random(users) < exact - whole)


def _cumulative(users: int, follows: float) -> NDArray[np.float64]:
    """Chances by rank of popularity, added up; user 0 is the most popular."""
    weights = np.arange(1, users + 1) ** -POPULARITY
    for _ in range(20):
        weights = np.minimum(weights / weights.sum(), WIDEST_AUDIENCE / follows)
    total: NDArray[np.float64] = np.cumsum(weights)
    total /= total[-1]
    return total


def _draw(
    into: NDArray[np.int64],
    missing: NDArray[np.int64],
    popular: NDArray[np.float64],
    rng: np.random.Generator,
    progress: Progress,
) -> None:
    """Fill in an edge for each that is missing, a stretch at a time."""
    users = len(missing)
    readers = np.repeat(np.arange(users, dtype=np.int32), missing)
    for first in range(0, len(into), DRAWS_AT_ONCE):
        stretch = readers[first : first + DRAWS_AT_ONCE]
        authors = np.searchsorted(popular, rng.random(len(stretch)))
        into[first : first + len(stretch)] = keys_of(stretch, authors, users)
        progress(len(stretch))
