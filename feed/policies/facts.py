"""What a decision about an edge may know. Every field is one number, or an array with one number an edge.

Formulas that use only `+ - * ** & | >= == >` hold for both, so a decision is written once: serving asks about one edge
and gets a `bool`, the simulator asks about millions and gets an array of them.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

Quantity: TypeAlias = float | NDArray[Any]
Verdict: TypeAlias = bool | NDArray[Any]


class Way(IntEnum):
    """How an edge is delivered now. NEW: not decided yet, so that either way costs no change."""

    PULL = -1
    NEW = 0
    PUSH = 1


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """The reader's half."""

    reads_per_day: Quantity = 0.0


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """The author's half. `reactions_per_day`: likes, comments and reposts that their posts get, decayed."""

    followers: Quantity
    posts_per_day: Quantity = 0.0
    reactions_per_day: Quantity = 0.0
    is_pulled: Verdict = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A reader follows an author."""

    reader: ReaderFacts
    author: AuthorFacts
    way: Way | NDArray[Any] = Way.NEW


class DeliveryPolicy(Protocol):
    """Decides how an author's posts come to a reader."""

    def pulls(self, edges: Edge) -> Verdict:
        """Whether the author is fetched when the reader reads; else each post is pushed."""

    def pulls_of(self, edges: Edge, readers: NDArray[Any]) -> NDArray[Any]:
        """The same for all edges of one or many readers, `readers` saying whose each is, in groups.

        Here a policy that bounds the pulls of a read does so.
        """
