"""The words of the graph: a follower follows a followee; the pair is an edge."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zlib import crc32

from accounts.entities import ProfileCard
from config.entities import UserId
from config.ids import id_time_ms


class Side(StrEnum):
    """From which end an edge, or a request for one, is seen. The value is its sort-key prefix."""

    FOLLOWING = "FOLLOWING"
    FOLLOWER = "FOLLOWER"
    REQUEST_OUT = "REQUEST_OUT"
    REQUEST_IN = "REQUEST_IN"

    @property
    def is_out(self) -> bool:
        """The owner of the item is the follower, or wants to be."""
        return self in {Side.FOLLOWING, Side.REQUEST_OUT}


class FollowState(StrEnum):
    """How one person stands to another after an action. The value is the API's word."""

    FOLLOWING = "following"
    REQUESTED = "requested"
    NONE = "none"


class FollowKind(StrEnum):
    """What a followee is to the follower, who alone knows. The value is the API's word."""

    FOLLOW = "follow"
    FRIEND = "friend"


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """What a follower has chosen for one follow."""

    notify: bool = False
    kind: FollowKind = FollowKind.FOLLOW


@dataclass(frozen=True, slots=True)
class Edge:
    """One follow, or one request for it. `id` is time-ordered and breaks ties.

    What is not compared says where its halves lie: `shard` of the table and `part` of the index hold the in-edge. A list
    gives the handle of the other side where what it reads holds it, else "". `is_pulled` is told by lists for fan-out
    alone: the followee's posts come to this follower without being pushed (`graph.delivery`).
    """

    follower_id: UserId
    followee_id: UserId
    id: int
    follower_handle: str = field(default="", compare=False)
    followee_handle: str = field(default="", compare=False)
    shard: int = field(default=0, compare=False)
    part: int = field(default=0, compare=False)
    is_pulled: bool = field(default=False, compare=False)

    @property
    def created_at_ms(self) -> int:
        """When it was made."""
        return id_time_ms(self.id)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many follow a person, and how many that person follows."""

    followers: int = 0
    following: int = 0


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a viewer stands to one other person. `blocked`: a block of either hides them from each other."""

    following: bool = False
    followed_by: bool = False
    requested: bool = False
    blocked: bool = False

    @property
    def state(self) -> FollowState:
        """An edge outweighs a request that was left behind when it was made."""
        if self.following:
            return FollowState.FOLLOWING
        return FollowState.REQUESTED if self.requested else FollowState.NONE


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a list of people, as one viewer sees it. No relationship: a stranger or the viewer's own row."""

    profile: ProfileCard
    relationship: Relationship | None
    since_ms: int


@dataclass(frozen=True, slots=True)
class Heat:
    """How one account's followers are spread over partitions. `version` 0 is an account that never was hot.

        shards         partitions of in-edges and counters that readers ask; only grows, so nothing moves
        write_shards   of these, the first so many are written to
        epochs         (first edge id, width): from that edge on the newest-first list has so many parts in the index

    Parts and shards are nested: a writer who knows an older, smaller number writes where readers look anyway.
    """

    shards: int = 1
    write_shards: int = 1
    epochs: tuple[tuple[int, int], ...] = ((0, 1),)
    version: int = 0
    calm_since_ms: int | None = None

    def shard_of(self, follower_id: UserId) -> int:
        """The shard that a new in-edge goes to; the out-edge remembers it, so this may change."""
        return crc32(b"%d" % follower_id) % self.write_shards

    def width_at(self, edge_id: int) -> int:
        """Into how many parts the newest-first list is split where this edge lies."""
        return next(width for first_id, width in reversed(self.epochs) if first_id <= edge_id)

    def index_part_of(self, follower_id: UserId, edge_id: int) -> int:
        """The part of the newest-first list that an edge goes to."""
        # Other bits than the shard's, or each shard would feed one part only.
        return (crc32(b"%d" % follower_id) >> 16) % self.width_at(edge_id)


QUIET: Final = Heat()
