"""PerEdge: each edge goes the way that costs less.

    push      posts a day x price of a push              pull      reads a day x price of a pull

The sum over all edges is least when each edge is at its least, for no edge's cost depends on another's. Only the bound
on the pulls of one read ties the edges of a reader together (`caps.py`).

Source: Silberstein, Terrace, Cooper and Ramakrishnan, Feeding Frenzy: Selectively Materializing Users' Event Feeds,
SIGMOD 2010.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feed.entities import MAX_PULLS
from feed.policies.caps import most_worthwhile
from feed.policies.facts import Edge, Quantity, Verdict, Way
from feed.policies.prices import ON_DEMAND, PERIOD_DAYS, Prices


@dataclass(frozen=True, slots=True)
class PerEdge:
    """By cost, with the price of a change counted in: who goes one way stays there until a change pays for itself.

    The rates are those of `rates.py`, of reads by the reader and of posts by the author. `cap`: None for no bound.

    A follow asks `pulls` about its edge; what a reader pulls is decided anew by `pulls_of` over all that they follow.
    At constant rates the second answer is the first one, with and without the cap: a change makes the way taken
    cheaper by the price of going back, and the other one dearer.
    """

    prices: Prices = ON_DEMAND
    cap: int | None = MAX_PULLS
    period_days: float = PERIOD_DAYS

    def advantage_of_pull(self, edges: Edge) -> Quantity:
        """What a period of pulling saves against one of pushing, the change included. Units: US dollars."""
        posts, reads = edges.author.posts_per_day, edges.reader.reads_per_day
        running = self.period_days * (posts * self.prices.push - reads * self.prices.pull)
        saved = (edges.way == Way.PULL) * self.prices.to_push(posts)
        return running + saved - (edges.way == Way.PUSH) * self.prices.to_pull

    def pulls(self, edges: Edge) -> Verdict:
        """By each edge alone. Pushed only if that is cheaper, so what costs nothing either way is pulled."""
        return self.advantage_of_pull(edges) >= 0.0

    def pulls_of(self, edges: Edge, readers: NDArray[Any]) -> NDArray[Any]:
        """With the bound: beyond it, the edges of a reader that pulling saves least on are pushed."""
        advantage = np.asarray(self.advantage_of_pull(edges))
        pulled = advantage >= 0.0
        return pulled if self.cap is None else most_worthwhile(pulled, advantage, readers, self.cap)
