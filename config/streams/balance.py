"""Which leases a consumer takes, and which it asks for: pure decisions on what was read.

Every live consumer comes to the same fair share, so shares settle without anyone in charge. Being alone means taking
everything; the dead are not counted, so their shards spread over the rest. A lease changes hands without an overlap:

    B asks       wanted_by = B
    A renews     sees it, ends the record in hand, checkpoints, releases: owner = nobody, wanted_by = B
    B takes      others leave it to B, unless B does not come within the time of a lease
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from config.streams.leases import NOBODY, Lease


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lease of a shard that may be read now. `holder`: the living consumer that has it or is awaited, else NOBODY."""

    lease: Lease
    holder: str


def candidate_of(lease: Lease, *, owner_lives: bool) -> Candidate:
    """A lease and its holder. `owner_lives` is false when the beat has stood still for the time of a lease."""
    if not owner_lives:
        return Candidate(lease, NOBODY)
    return Candidate(lease, lease.wanted_by if lease.owner == NOBODY else lease.owner)


def _loads(candidates: Sequence[Candidate], me: str) -> Counter[str]:
    loads = Counter(candidate.holder for candidate in candidates if candidate.holder != NOBODY)
    loads.setdefault(me, 0)
    return loads


def leases_to_take(candidates: Sequence[Candidate], me: str) -> list[Lease]:
    """Leases that were released for this consumer, and free ones up to its fair share, rounded up."""
    loads = _loads(candidates, me)
    share = -(-len(candidates) // len(loads))
    awaited = [c.lease for c in candidates if c.holder == me and c.lease.owner != me]
    free = [c.lease for c in candidates if c.holder == NOBODY]
    return awaited + free[: max(0, share - loads[me])]


def lease_to_ask(candidates: Sequence[Candidate], me: str) -> Lease | None:
    """One lease of the busiest consumer, when it holds at least two more than this one and none is free.

    One at a time: shares settle in a few rounds, and no shard changes hands for nothing.
    """
    loads = _loads(candidates, me)
    busiest, most = max(loads.items(), key=lambda load: (load[1], load[0]))
    if most < loads[me] + 2 or any(c.holder == NOBODY or c.lease.wanted_by == me for c in candidates):
        return None
    unasked = (c.lease for c in candidates if c.lease.owner == busiest and c.lease.wanted_by == NOBODY)
    return next(unasked, None)
