"""The words of the graph: a follower follows a followee; the pair is an edge."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Edge:
    """One follow, or one request for it. `id` is time-ordered and breaks ties."""

    follower_id: UserId
    followee_id: UserId
    id: int

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
    """How a viewer stands to one other person."""

    following: bool = False
    followed_by: bool = False
    requested: bool = False

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
