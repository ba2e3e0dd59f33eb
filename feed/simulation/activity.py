"""How often each user reads and posts: power laws at both ends, fitted to what is published.

By rank, u from 0 (the most active) to 1 (the least): rate ~ (1 - u)^b / u^a. The head is Zipf's law, the tail goes
down to people who hardly ever come; `a` and `b` per trait:

    posts   a 1.00, b 1   the most active 10 % write 80 % of the posts; the median is 2 a month where the mean is 15
                          Source: Pew Research Center, Sizing Up Twitter Users, 2019 (80 %; 2 a month)
    reads   a 0.60, b 2   54 % read daily, 27 % weekly, 10 % monthly, 9 % less, where the mean is 5 a day
                          between Facebook (70 % daily, 21 % weekly, 9 % less) and Twitter (38 %, 21 %, 40 %)
                          Source: Pew Research Center, Mobile Messaging and Social Media, 2015
    follows a 0.60, b 1   an assumption: most follow some dozens, a few follow thousands

Bounds, as multiples of the mean (100 posts, 100 reads a day at the default means), keep the first ranks believable.

Who posts more has more followers, and who reads more follows more: ranks are correlated by 0.5, an assumption, as the
sources say that there is a correlation and not how much.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from feed.simulation.graphs import Graph

CORRELATION: Final = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """The shape of a trait over ranks."""

    head: float
    tail: float
    most: float  # times the mean


POSTS: Final = Law(head=1.00, tail=1.0, most=200.0)
READS: Final = Law(head=0.60, tail=2.0, most=20.0)
FOLLOWS: Final = Law(head=0.60, tail=1.0, most=100.0)


@dataclass(frozen=True, slots=True)
class Activity:
    """Of each user."""

    reads_per_day: Floats
    posts_per_day: Floats


def by_rank(law: Law, users: int, mean: float) -> Floats:
    """The values from the largest to the smallest, with exactly this mean as far as the bound allows it."""
    share = (np.arange(users) + 0.5) / users
    values: Floats = (1.0 - share) ** law.tail / share**law.head
    values /= values.mean()
    for _ in range(50):  # what the bound cuts off goes to the others
        values = np.minimum(values, law.most)
        values /= values.mean()
    values *= mean
    return values


def ranks_like(trait: NDArray[Any], correlation: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """A rank for each user, 0 for the first, correlated with their rank by `trait` (a Gaussian copula)."""
    users = len(trait)
    descending = np.lexsort((rng.random(users), -trait))
    scores = np.empty(users)
    scores[descending] = -np.sort(-rng.standard_normal(users))
    mixed = correlation * scores + np.sqrt(1.0 - correlation**2) * rng.standard_normal(users)
    ranks = np.empty(users, np.int64)
    ranks[np.argsort(-mixed)] = np.arange(users)
    return ranks


def activity_of(
    graph: Graph, *, reads_per_day: float, posts_per_day: float, seed: int, even: bool = False
) -> Activity:
    """Rates for everybody of a network; `even`: the same for all, so that a bill can be checked by hand."""
    if even:
        return Activity(np.full(graph.users, reads_per_day), np.full(graph.users, posts_per_day))
    rng = np.random.default_rng([seed, 1])
    posts = by_rank(POSTS, graph.users, posts_per_day)[ranks_like(graph.followers(), CORRELATION, rng)]
    reads = by_rank(READS, graph.users, reads_per_day)[ranks_like(graph.follows(), CORRELATION, rng)]
    return Activity(reads, posts)
