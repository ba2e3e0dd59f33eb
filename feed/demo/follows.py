"""Who follows whom: a few are followed by most, most by few; language and interests make clusters, many follow back."""

import random
from dataclasses import dataclass
from itertools import accumulate

from feed.demo.people import Person

CELEBRITY_SHARE = 0.025
REACH = (0.78, 0.66, 0.58, 0.53, 0.45, 0.38)
"""The share of all people who follow the best known, the second best known, ..."""
FOLLOW_BACK = 0.42
APPROVED = 0.8
"""The share of requests to private people that they have approved; the others are waiting."""
FEWEST, MOST = 3, 60


@dataclass(frozen=True, slots=True)
class Follow:
    """`approved` is False where a private person has not answered the request yet."""

    follower: int
    followee: int
    approved: bool = True


def celebrities_of(people: list[Person]) -> list[int]:
    """Numbers of the best known, most followed first; never private ones, nor the first person."""
    count = max(2, round(len(people) * CELEBRITY_SHARE))
    public = [person for person in people[1:] if not person.is_private]
    return [person.number for person in sorted(public, key=lambda person: -person.fame)[:count]]


def follows_of(people: list[Person], seed: int) -> list[Follow]:
    """All edges, in an order that mixes everyone: newest-first lists then look natural."""
    rng = random.Random(f"{seed} follows")
    celebrities = celebrities_of(people)
    edges: dict[tuple[int, int], None] = {}
    for person in people:
        for followee in _chosen(person, people, celebrities, rng):
            edges[person.number, followee] = None
    for follower, followee in list(edges):
        close = people[follower].language == people[followee].language
        back = followee not in celebrities and rng.random() < (FOLLOW_BACK if close else FOLLOW_BACK / 3)
        if back:
            edges[followee, follower] = None
    mixed = list(edges)
    rng.shuffle(mixed)
    return [
        Follow(follower, followee, approved=not people[followee].is_private or rng.random() < APPROVED)
        for follower, followee in mixed
    ]


def _chosen(person: Person, people: list[Person], celebrities: list[int], rng: random.Random) -> list[int]:
    """Whom one person follows of their own accord."""
    chosen = []
    for rank, celebrity in enumerate(celebrities):
        reach = REACH[min(rank, len(REACH) - 1)]
        if celebrity != person.number and rng.random() < reach:
            chosen.append(celebrity)
    others = [other for other in people if other.number != person.number and other.number not in celebrities]
    weights = list(accumulate(_pull(person, other) for other in others))
    wanted = min(MOST, max(FEWEST, int(rng.lognormvariate(2.1, 0.7))))
    if person.number == 0:
        wanted = min(MOST, max(wanted, len(people) // 5))
    picked = rng.choices(others, cum_weights=weights, k=wanted) if others else []
    return chosen + list(dict.fromkeys(other.number for other in picked))


def _pull(person: Person, other: Person) -> float:
    near = 7.0 if person.language == other.language else 1.0
    shared = len(set(person.topics) & set(other.topics))
    appeal: float = min(other.fame, 12.0) ** 0.8
    return appeal * near * (1 + 1.5 * shared)
