"""The two ends of the scale, to compare with and for networks so small that it doesn't matter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feed.policies.facts import AuthorFacts, Edge, Verdict


@dataclass(frozen=True, slots=True)
class PushAll:
    """Every post is written to every follower."""

    def should_pull(self, author: AuthorFacts) -> Verdict:  # noqa: ARG002  # whoever it is
        """Never."""
        return False

    def pulls(self, edges: Edge) -> bool:  # noqa: ARG002  # whatever the edge
        """Never."""
        return False

    def pulls_of(self, edges: Edge, readers: NDArray[Any]) -> NDArray[Any]:
        """Never."""
        return np.broadcast_to(self.pulls(edges), readers.shape)


@dataclass(frozen=True, slots=True)
class PullAll:
    """Every author is read at every read."""

    def should_pull(self, author: AuthorFacts) -> Verdict:  # noqa: ARG002  # whoever it is
        """Always."""
        return True

    def pulls(self, edges: Edge) -> bool:  # noqa: ARG002  # whatever the edge
        """Always."""
        return True

    def pulls_of(self, edges: Edge, readers: NDArray[Any]) -> NDArray[Any]:
        """Always."""
        return np.broadcast_to(self.pulls(edges), readers.shape)
