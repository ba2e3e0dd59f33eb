"""Who reads what of a hundred thousand posts, drawn in advance, and what the best of all caches would have kept.

Popularity is Zipf's, with exponent 1 over POSTS ranks, and it drifts: a new post comes in at a rank that is drawn in the same
way, what stood there falls to ten times that rank, and all the while ranks change places. The mix of
operations is LinkBench's: 69 reads to 31 writes, of the reads three pages to one post, of the writes nearly all are links,
here likes and comments, which change counts.

Source: Armstrong et al., LinkBench, SIGMOD 2013 (mix); Belady 1966 (the best replacement, which knows what comes).
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any, Final

import numpy as np

POSTS: Final = 100_000
PAGE: Final = 10
READS_SHARE: Final = 0.69
PAGES_SHARE: Final = 0.74
NEW_SHARE: Final = 0.06
EDITS_SHARE: Final = 0.015
CELEBRITIES: Final = 100
"""Posts of celebrities: those that stood at the first so many ranks, and new ones that come in there."""
SEED: Final = 20_261_122


class Act(Enum):
    """What is done."""

    READ = "read"
    LIKE = "like"
    EDIT = "edit"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation, on these posts; of a new post whether a celebrity has posted it."""

    act: Act
    posts: tuple[int, ...]
    by_celebrity: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """All steps, the posts of celebrities, and all posts as they are at first, the most popular one first."""

    steps: list[Step]
    celebrity: frozenset[int]
    first: list[int]


def drawn(steps: int) -> Trace:
    """The same for the same number."""
    chance = np.random.default_rng(SEED)
    weights = np.cumsum(1 / np.arange(1, POSTS + 1))
    ranked = chance.permutation(POSTS)
    first = ranked.tolist()
    celebrity, new = set(ranked[:CELEBRITIES].tolist()), count(POSTS)
    kinds, made = chance.random((steps, 2)), list[Step]()
    for is_read, which in kinds.tolist():
        many = PAGE if is_read < READS_SHARE and which < PAGES_SHARE else 1
        ranks = np.searchsorted(weights, chance.random(many) * weights[-1])
        _drift(ranked, chance)
        if is_read < READS_SHARE:
            made.append(Step(Act.READ, tuple(dict.fromkeys(ranked[ranks].tolist()))))
        elif which < NEW_SHARE:
            rank, post = int(ranks[0]), next(new)
            _fall(ranked, rank, chance)
            ranked[rank] = post
            if rank < CELEBRITIES:
                celebrity.add(post)
            made.append(Step(Act.POST, (post,), by_celebrity=rank < CELEBRITIES))
        else:
            act = Act.EDIT if which < NEW_SHARE + EDITS_SHARE else Act.LIKE
            made.append(Step(act, (int(ranked[ranks[0]]),)))
    return Trace(made, frozenset(celebrity), first)


def _drift(ranked: "np.ndarray[Any, Any]", chance: np.random.Generator) -> None:
    """Two neighbours change places, the lower one at twice the rank."""
    upper = int(chance.integers(1, POSTS // 2))
    ranked[[upper, 2 * upper]] = ranked[[2 * upper, upper]]


def _fall(ranked: "np.ndarray[Any, Any]", rank: int, chance: np.random.Generator) -> None:
    """What stood there falls to ten times the rank, and what stood there into the lower half."""
    below = min(10 * rank + 10, POSTS // 2)
    ranked[chance.integers(POSTS // 2, POSTS)] = ranked[below]
    ranked[below] = ranked[rank]


def keys_read(trace: Trace, steps: Sequence[Step]) -> Iterator[tuple[str, int, bool]]:
    """Each key in order: of a read True, of a write that makes it be loaded anew False."""
    for step in steps:
        for post in step.posts:
            if step.act is Act.READ:
                yield "body", post, True
                yield "counts", post, True
            elif step.act is Act.LIKE and post not in trace.celebrity:
                yield "counts", post, False
            elif step.act is Act.EDIT:
                yield "body", post, False


def best_hits(
    keys: Sequence[tuple[str, int, bool]],
    *,
    held: Sequence[tuple[str, int]],
    capacity: int,
    counted_from: int,
) -> tuple[int, int]:
    """How many reads from a place on the best cache of so many entries, these at first, would have answered, of how many."""
    never = len(keys)
    following, ahead = [never] * len(keys), dict[tuple[str, int], int]()
    for place in range(len(keys) - 1, -1, -1):
        kind, post, is_read = keys[place]
        following[place] = ahead.get((kind, post), never)
        ahead[kind, post] = place if is_read else never
    now = {key: ahead[key] for key in held if ahead.get(key, never) != never}
    farthest = [(-place, key) for key, place in now.items()]
    heapq.heapify(farthest)
    hits = reads = 0
    for place, (kind, post, is_read) in enumerate(keys):
        key = (kind, post)
        if not is_read:
            now.pop(key, None)
            continue
        reads += place >= counted_from
        hits += place >= counted_from and key in now
        now.pop(key, None)
        if following[place] == never:
            continue  # never wanted again: not kept at all
        now[key] = following[place]
        heapq.heappush(farthest, (-following[place], key))
        while len(now) > capacity:
            distance, other = heapq.heappop(farthest)
            if now.get(other) == -distance:
                del now[other]
    return hits, reads
