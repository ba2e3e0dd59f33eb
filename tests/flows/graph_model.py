"""The graph as it should be, in plain sets and dicts: what `test_graph_machine` holds the system against.

People are numbers. A method does what a service does and answers as it does: with the service's value, or with the error
that it raises. `hear_...` is what becomes of a stream record, once or more, early or late.

Of two people there is a follow or a request or neither, never both: `follow` takes the request's place at once.
"""

from dataclasses import dataclass, field
from itertools import count

from config.errors import AppError
from graph.entities import Counts, FollowState, Relationship
from graph.errors import AccountGone, Blocked, RequestNotFound
from posts.entities import Audience

Pair = tuple[int, int]
Refusal = type[AppError]


@dataclass
class Run:
    """All requests to one person are to be approved; `at` is when that was ordered."""

    id: int
    at: int
    of_public: bool
    done: bool = False


@dataclass
class Graph:
    """Pairs are (follower, followee), (blocker, blocked), (muter, muted), (owner, member).

    The numbers of edges and requests are their order in time.
    """

    people: int
    edges: dict[Pair, int] = field(default_factory=dict)
    requests: dict[Pair, int] = field(default_factory=dict)
    blocks: set[Pair] = field(default_factory=set)
    mutes: set[Pair] = field(default_factory=set)
    close: set[Pair] = field(default_factory=set)
    private: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    runs: dict[int, Run] = field(default_factory=dict)
    clock: "count[int]" = field(default_factory=count)

    def follow(self, follower: int, followee: int) -> FollowState | Refusal:
        if followee in self.gone:
            return AccountGone
        if self.is_blocked(follower, followee):
            return Blocked
        pair = follower, followee
        if pair in self.edges:
            return FollowState.FOLLOWING
        if followee in self.private:
            self.requests.setdefault(pair, next(self.clock))
            return FollowState.REQUESTED
        self.requests.pop(pair, None)
        self.edges[pair] = next(self.clock)
        return FollowState.FOLLOWING

    def leave(self, follower: int, followee: int) -> None:
        self.edges.pop((follower, followee), None)
        self.requests.pop((follower, followee), None)

    def approve(self, follower: int, followee: int) -> Refusal | None:
        if self.gone & {follower, followee}:
            return AccountGone
        pair = follower, followee
        if pair in self.edges:
            return None
        if self.requests.pop(pair, None) is None:
            return RequestNotFound
        self.edges[pair] = next(self.clock)
        return None

    def withdraw(self, follower: int, followee: int) -> None:
        """By either of the two."""
        self.requests.pop((follower, followee), None)

    def approve_all(self, owner: int, run_id: int, *, of_public: bool = False) -> None:
        self.runs[owner] = Run(run_id, next(self.clock), of_public)

    def block(self, blocker: int, blocked: int) -> None:
        self.blocks.add((blocker, blocked))
        for pair in ((blocker, blocked), (blocked, blocker)):
            self.edges.pop(pair, None)
            self.requests.pop(pair, None)
            self.close.discard(pair)

    def unblock(self, blocker: int, blocked: int) -> None:
        self.blocks.discard((blocker, blocked))

    def mute(self, muter: int, muted: int) -> Refusal | None:
        if refusal := self._unseen(muter, muted):
            return refusal
        self.mutes.add((muter, muted))
        return None

    def unmute(self, muter: int, muted: int) -> None:
        self.mutes.discard((muter, muted))

    def befriend(self, owner: int, member: int) -> Refusal | None:
        if refusal := self._unseen(owner, member):
            return refusal
        self.close.add((owner, member))
        return None

    def unfriend(self, owner: int, member: int) -> None:
        self.close.discard((owner, member))

    def hear_request(self, follower: int, followee: int) -> None:
        """A request has met an account that is public by now."""
        if followee not in self.private:
            self.approve(follower, followee)

    def hear_run(self, owner: int, run_id: int) -> None:
        run = self.runs.get(owner)
        if run is None or run.id != run_id or run.done:
            return
        run.done = True
        if run.of_public and owner in self.private:
            return
        newest_first = sorted(self.requests.items(), key=lambda request: -request[1])
        for pair, at in newest_first:
            if pair[1] == owner and (run.of_public or at < run.at):
                self.approve(*pair)

    def is_blocked(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def counts(self, person: int) -> Counts:
        return Counts(
            followers=sum(followee == person for _, followee in self.edges),
            following=sum(follower == person for follower, _ in self.edges),
        )

    def relationship(self, viewer: int, other: int) -> Relationship:
        return Relationship(
            following=(viewer, other) in self.edges,
            followed_by=(other, viewer) in self.edges,
            requested=(viewer, other) in self.requests,
            blocked=self.is_blocked(viewer, other),
        )

    def followers(self, person: int) -> list[int]:
        """Newest first."""
        return self._newest_first({a: at for (a, b), at in self.edges.items() if b == person})

    def following(self, person: int) -> list[int]:
        """Newest first."""
        return self._newest_first({b: at for (a, b), at in self.edges.items() if a == person})

    def requests_in(self, person: int) -> list[int]:
        """As the list shows them: those of accounts that are gone wait unseen."""
        shown = {a: at for (a, b), at in self.requests.items() if b == person}
        return self._newest_first({a: at for a, at in shown.items() if a not in self.gone})

    def requests_out(self, person: int) -> list[int]:
        shown = {b: at for (a, b), at in self.requests.items() if a == person}
        return self._newest_first({b: at for b, at in shown.items() if b not in self.gone})

    def list_is_hidden(self, viewer: int, owner: int) -> bool:
        return owner in self.private and viewer != owner and (viewer, owner) not in self.edges

    def listed(self, viewer: int, people: list[int]) -> list[int]:
        """Those of a list whom this viewer is shown."""
        return [
            person for person in people if person not in self.gone and not self.is_blocked(viewer, person)
        ]

    def sees(self, viewer: int | None, author: int, audience: Audience) -> bool:
        if author in self.gone:
            return False
        if viewer == author:
            return True
        follows = viewer is not None and (viewer, author) in self.edges
        if audience is Audience.ONLY_ME or (viewer is not None and self.is_blocked(viewer, author)):
            return False
        if audience is Audience.CLOSE_FRIENDS:
            return (author, viewer) in self.close
        if audience is Audience.FOLLOWERS or author in self.private:
            return follows
        return True

    def _unseen(self, viewer: int, other: int) -> Refusal | None:
        if other in self.gone:
            return AccountGone
        return Blocked if self.is_blocked(viewer, other) else None

    @staticmethod
    def _newest_first(times: dict[int, int]) -> list[int]:
        return sorted(times, key=lambda person: -times[person])
