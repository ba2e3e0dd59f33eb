"""What happened in the graph, read off the table's stream.

Each event comes from one half only, the out-edge or the outgoing request, so that one follow is one event. The two share
a slot: a follow begins when the slot comes to hold one, be it from nothing or from a request. What goes to the archive
or comes back from it neither begins nor ends.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from config.entities import UserId
from config.ids import id_time_ms
from config.streams import Change
from graph.archive_entities import ARCHIVED_BY, RESTORED_BY
from graph.slots import is_edge, is_request


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """What all these events carry. `edge_id` is the id of the edge or the request, as in the index.

    `version` grows when a field changes its meaning. `shard` is where the in-edge lies.
    """

    version: ClassVar[int] = 1
    event_id: str
    follower_id: UserId
    followee_id: UserId
    edge_id: int
    at_ms: int
    shard: int = 0

    @classmethod
    def _from_item(cls, change: Change, item: dict[str, Any]) -> Self:
        follower_id = UserId(int(item["pk"].partition("#")[2]))
        followee_id = UserId(int(item["sk"].partition("#")[2]))
        return cls(change.event_id, follower_id, followee_id, item["gsk"], change.at_ms, item.get("shard", 0))

    @property
    def created_at_ms(self) -> int:
        """When the edge or the request was made; `at_ms` is when it changed."""
        return id_time_ms(self.edge_id)


@dataclass(frozen=True, slots=True)
class FollowCreated(OutgoingEvent):
    """Somebody follows somebody; `asked`: by a request that was approved."""

    asked: bool = False

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a slot that has come to hold a follow; None of all else."""
        began = change.new is not None and is_edge(change.new) and not is_edge(change.old)
        if not began or change.new is None or RESTORED_BY in change.new:
            return None
        return replace(cls._from_item(change, change.new), asked=is_request(change.old))


@dataclass(frozen=True, slots=True)
class FollowDeleted(OutgoingEvent):
    """Somebody no longer follows somebody."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a slot that held a follow and is empty or a block's tombstone now; None of all else."""
        ended = change.old is not None and is_edge(change.old) and not is_edge(change.new)
        if not ended or change.old is None or (change.new is None and ARCHIVED_BY in change.old):
            return None
        return cls._from_item(change, change.old)


@dataclass(frozen=True, slots=True)
class RequestCreated(OutgoingEvent):
    """Somebody asks to follow a private account."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a slot that has come to hold a request; None of all else."""
        began = change.new is not None and is_request(change.new) and not is_request(change.old)
        return cls._from_item(change, change.new) if began and change.new else None


@dataclass(frozen=True, slots=True)
class RequestDeleted(OutgoingEvent):
    """A request is answered, taken back, or ended by a block."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a slot that held a request and holds none now; None of all else."""
        ended = change.old is not None and is_request(change.old) and not is_request(change.new)
        return cls._from_item(change, change.old) if ended and change.old else None
