"""What a network pays under each policy: `feed.policies` is asked about every edge, and the answers are added up.

Memory: a few hundred bytes an edge of one stretch (`graphs.EDGES_AT_ONCE`), and 100 bytes a user.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from feed.policies import ON_DEMAND, AuthorFacts, DeliveryPolicy, Edge, Prices, ReaderFacts
from feed.policies.lifetimes import DAY_SECONDS, lifetime_seconds
from feed.policies.prices import PULL_READ_UNITS, PUSH_WRITE_UNITS
from feed.simulation.activity import Activity, Floats
from feed.simulation.graphs import Graph

DAYS: Final = 30
"""A month of the bill, and how long inboxes are watched."""

SCORES: Final = np.arange(0.5, 100.0)
"""Relevance of items: any score is as likely as any other, an assumption; that is a factor of 0.875 on the mean."""

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Bill:
    """Of one policy. Units and dollars are of a user and a month, items of a reader."""

    write_units: float
    read_units: float
    usd: float
    pulled_share: float
    pulls_p50: int
    pulls_p95: int
    pulls_p99: int
    inbox_items: float
    inbox_items_smart_ttl: float


@dataclass(slots=True)
class _Sums:
    """Added up over stretches of readers."""

    pulls: NDArray[np.int32]  # of each reader
    pushes_per_day: float = 0.0
    pulled_edges: int = 0
    inbox_smart: float = 0.0


def bills_of(
    graph: Graph,
    activity: Activity,
    policies: Mapping[str, DeliveryPolicy],
    *,
    prices: Prices = ON_DEMAND,
    progress: Progress = lambda _edges: None,
) -> dict[str, Bill]:
    """The bill of each policy on the same network. `progress` hears of edges done."""
    followers, follows = graph.followers().astype(np.float64), graph.follows()
    days_kept = kept_days(activity.reads_per_day)
    sums = {name: _Sums(np.zeros(graph.users, np.int32)) for name in policies}
    for first, after in graph.stretches():
        readers = np.repeat(np.arange(first, after), follows[first:after])
        authors = graph.authors[graph.starts[first] : graph.starts[after]]
        edges = Edge(
            ReaderFacts(activity.reads_per_day[readers]),
            AuthorFacts(followers[authors], activity.posts_per_day[authors]),
        )
        for name, policy in policies.items():
            pulled = policy.pulls_of(edges, readers)
            pushed_posts = np.where(pulled, 0.0, edges.author.posts_per_day)
            of_name = sums[name]
            of_name.pulls[first:after] = np.bincount(readers - first, weights=pulled, minlength=after - first)
            of_name.pulled_edges += int(np.count_nonzero(pulled))
            of_name.pushes_per_day += float(pushed_posts.sum())
            of_name.inbox_smart += float(pushed_posts @ days_kept[readers])
        progress(len(authors))
    return {name: _bill(each, graph, activity, prices) for name, each in sums.items()}


def kept_days(reads_per_day: Floats) -> Floats:
    """How many of the last DAYS days an inbox holds under smart TTL, on the mean over relevance."""
    days = np.zeros_like(reads_per_day)
    for score in SCORES:
        days += np.minimum(lifetime_seconds(reads_per_day, float(score)) / DAY_SECONDS, DAYS)
    return days / len(SCORES)


def percentiles_of_reads(pulls: NDArray[Any], reads_per_day: Floats, shares: list[float]) -> list[int]:
    """Pulls of a read, by share of all reads: who reads often counts as often."""
    order = np.argsort(pulls, kind="stable")
    reads = np.cumsum(reads_per_day[order])
    places = np.searchsorted(reads, np.array(shares) * reads[-1])
    return [int(pulls[order[min(place, len(order) - 1)]]) for place in places]


def _bill(sums: _Sums, graph: Graph, activity: Activity, prices: Prices) -> Bill:
    pulls_per_day = float(sums.pulls @ activity.reads_per_day)
    write_units = sums.pushes_per_day * PUSH_WRITE_UNITS * DAYS / graph.users
    read_units = pulls_per_day * PULL_READ_UNITS * DAYS / graph.users
    p50, p95, p99 = percentiles_of_reads(sums.pulls, activity.reads_per_day, [0.5, 0.95, 0.99])
    return Bill(
        write_units=write_units,
        read_units=read_units,
        usd=write_units * prices.write_unit + read_units * prices.read_unit,
        pulled_share=sums.pulled_edges / max(1, graph.edges),
        pulls_p50=p50,
        pulls_p95=p95,
        pulls_p99=p99,
        inbox_items=sums.pushes_per_day * DAYS / graph.users,
        inbox_items_smart_ttl=sums.inbox_smart / graph.users,
    )
