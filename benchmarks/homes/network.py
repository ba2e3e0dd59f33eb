"""A network by the laws of `feed.simulation`, with the posts of a day. The same seed gives the same one, but for ids."""

import random
import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from config.ids import LOW_BITS, first_id_at
from feed.simulation.activity import Activity, activity_of
from feed.simulation.graphs import Graph
from feed.simulation.power_law import power_law

FOLLOWS, READS_PER_DAY, POSTS_PER_DAY = 50.0, 5.0, 0.5
DAYS: Final = 1
ACCOUNTS_DAYS: Final = 90
DAY_MS: Final = 86_400_000
PAGE: Final = 20
WORDS: Final = [
    "a",
    "the",
    "pond",
    "reeds",
    "wind",
    "morning",
    "heron",
    "light",
    "over",
    "under",
    "quiet",
    "first",
    "last",
    "we",
    "walked",
    "home",
    "again",
    "and",
    "then",
    "it",
    "rained",
    "for",
    "an",
    "hour",
    "nobody",
    "said",
    "much",
    "but",
    "later",
    "there",
    "was",
    "bread",
    "tea",
    "someone",
    "sang",
    "old",
    "new",
    "road",
    "hill",
    "river",
]

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """People are numbered from 0, the most followed first. `posts` are ids, oldest first, `authors` their numbers."""

    graph: Graph
    activity: Activity
    people: Ids
    posts: Ids
    authors: Ids

    @property
    def users(self) -> int:
        """How many people there are."""
        return len(self.people)

    def handle(self, number: int) -> str:
        """The handle of one of them, which no other network has."""
        return f"n{self.users}_{number}"

    def followees(self, number: int) -> Any:
        """Whom one of them follows, by number."""
        return self.graph.authors[self.graph.starts[number] : self.graph.starts[number + 1]]

    def posts_of(self, numbers: Any) -> Any:
        """Places of the posts of these people, the newest first."""
        return np.flatnonzero(np.isin(self.authors, numbers))[::-1]

    def home_of(self, number: int) -> Any:
        """Places of all posts that are at somebody's home, their own too, the newest first."""
        return self.posts_of(np.append(self.followees(number), number))

    def readers(self, count: int, seed: int = 3) -> list[int]:
        """So many different ones, who reads often more likely, of those who have a full page and more."""
        rng = np.random.default_rng(seed)
        share = self.activity.reads_per_day / self.activity.reads_per_day.sum()
        drawn = rng.choice(self.users, size=min(self.users, 4 * count), replace=False, p=share)
        full = (int(number) for number in drawn if len(self.home_of(number)) > PAGE)
        return [number for number, _ in zip(full, range(count), strict=False)]

    def posters(self, count: int, seed: int = 4) -> list[int]:
        """Who posts next, so many times, by how often they post."""
        share = self.activity.posts_per_day / self.activity.posts_per_day.sum()
        return np.random.default_rng(seed).choice(self.users, size=count, p=share).tolist()

    def save(self, file: str) -> None:
        """For another process."""
        np.savez(
            file,
            people=self.people,
            handles=np.array([self.handle(number) for number in range(self.users)]),
            followers=np.repeat(np.arange(self.users), self.graph.follows()),
            followees=self.graph.authors,
            posts=self.posts,
            authors=self.authors,
        )


def a_network(users: int, seed: int = 1) -> Network:
    """People who have had accounts for months, and posted for a day."""
    graph = power_law(users=users, follows=FOLLOWS, seed=seed)
    activity = activity_of(graph, reads_per_day=READS_PER_DAY, posts_per_day=POSTS_PER_DAY, seed=seed)
    rng = np.random.default_rng([seed, 2])
    now_ms = time.time_ns() // 1_000_000
    number = round(users * POSTS_PER_DAY * DAYS)
    times = np.sort(rng.integers(now_ms - DAYS * DAY_MS, now_ms - DAY_MS // 24, number))
    authors = rng.choice(users, size=number, p=activity.posts_per_day / activity.posts_per_day.sum())
    first = first_id_at(now_ms - ACCOUNTS_DAYS * DAY_MS)
    people = first + (np.arange(users, dtype=np.int64) << LOW_BITS) + users
    since = np.array([first_id_at(int(moment)) for moment in times], np.int64)
    return Network(graph, activity, people, since + np.arange(number), authors)


def text_of(post_id: int) -> str:
    """What a post says, always the same: a line or two."""
    chosen = random.Random(post_id)
    return " ".join(chosen.choices(WORDS, k=chosen.randint(8, 30))).capitalize() + "."
