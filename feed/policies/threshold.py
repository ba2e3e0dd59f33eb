"""FollowerThreshold: one line for everybody; who is over it is pulled by all their followers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feed.policies.facts import AuthorFacts, Edge, Verdict


@dataclass(frozen=True, slots=True)
class FollowerThreshold:
    """The celebrities are pulled: a post by them is one write, whatever the audience.

    Celebrity is who has `followers`, or whose posts get `reactions_per_day` (off by default): a small account that
    everybody talks about is read like a large one. Who is pulled stays so until both have fallen to `back` of their
    lines, so that an account at a line doesn't go to and fro; that needs `AuthorFacts.is_pulled`.
    """

    followers: int
    reactions_per_day: float = float("inf")
    back: float = 0.8

    def should_pull(self, author: AuthorFacts) -> Verdict:
        """At a line or above it; or pulled, and not far enough below both."""
        enters = self._is_over(author, 1.0)
        return enters | (author.is_pulled & self._is_over(author, self.back))

    def pulls(self, edges: Edge) -> Verdict:
        """As the author is, whoever reads."""
        return self.should_pull(edges.author)

    def pulls_of(self, edges: Edge, readers: NDArray[Any]) -> NDArray[Any]:
        """Without a bound: `feed.pulls` keeps a reader's list of these small."""
        return np.broadcast_to(self.pulls(edges), readers.shape)

    def _is_over(self, author: AuthorFacts, share: float) -> Verdict:
        by_followers = author.followers >= share * self.followers
        return by_followers | (author.reactions_per_day >= share * self.reactions_per_day)
