"""Who follows whom: a few are followed by most, most by few; language and interests make clusters, many follow back."""

import random
from dataclasses import dataclass

import numpy as np

from feed.demo.people import TOPICS, Person

CELEBRITY_SHARE = 0.025
CELEBRITIES_AT_MOST = 12
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
    count = min(CELEBRITIES_AT_MOST, max(2, round(len(people) * CELEBRITY_SHARE)))
    public = [person for person in people[1:] if not person.is_private]
    return [person.number for person in sorted(public, key=lambda person: -person.fame)[:count]]


def follows_of(people: list[Person], seed: int) -> list[Follow]:
    """All edges, in an order that mixes everyone: newest-first lists then look natural."""
    rng = random.Random(f"{seed} follows")
    celebrities = celebrities_of(people)
    others = [person for person in people if person.number not in celebrities]
    crowd = Crowd(others)
    edges: dict[tuple[int, int], None] = {}
    for person in people:
        for followee in _chosen(person, crowd, celebrities, rng, most=len(people) // 5):
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


def _chosen(
    person: Person, crowd: "Crowd", celebrities: list[int], rng: random.Random, *, most: int
) -> list[int]:
    """Whom one person follows of their own accord; the first person up to `most`."""
    chosen = []
    for rank, celebrity in enumerate(celebrities):
        reach = REACH[min(rank, len(REACH) - 1)]
        if celebrity != person.number and rng.random() < reach:
            chosen.append(celebrity)
    wanted = min(MOST, max(FEWEST, int(rng.lognormvariate(2.1, 0.7))))
    if person.number == 0:
        wanted = min(MOST, max(wanted, most))
    return chosen + crowd.draw(person, rng, wanted)


class Crowd:
    """How much each of some people draws a person: by fame, by language, by topics. All at once, for it is asked of each pair."""

    def __init__(self, people: list[Person]) -> None:
        self._people = people
        self._place = {person.number: position for position, person in enumerate(people)}
        self._appeal = np.array([min(person.fame, 12.0) ** 0.8 for person in people])
        self._language = np.array([person.language for person in people])
        self._topics = np.array([_bits(person) for person in people], np.int64)

    def draw(self, person: Person, rng: random.Random, wanted: int) -> list[int]:
        """The numbers of so many of them, but not of the person, and each once."""
        near = np.where(self._language == person.language, 7.0, 1.0)
        shared = _ONES[self._topics & _bits(person)]
        pulls = self._appeal * near * (1 + 1.5 * shared)
        if (position := self._place.get(person.number)) is not None:
            pulls[position] = 0.0
        if not pulls.any():
            return []
        picked = rng.choices(self._people, cum_weights=np.cumsum(pulls).tolist(), k=wanted)
        return list(dict.fromkeys(other.number for other in picked))


def _bits(person: Person) -> int:
    """The person's topics, a bit each."""
    return sum(1 << TOPICS.index(topic) for topic in person.topics)


_ONES = np.array([number.bit_count() for number in range(1 << len(TOPICS))])
