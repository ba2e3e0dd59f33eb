"""Friends of friends: who is followed by several of those whom a reader follows, and how much that says.

    weight of X = sum of 1 / ln(e + how many F follows) over the reader's followees F who follow X,
                  divided by ln(e + how many follow X)

Who follows everybody says little by following X; whom everybody follows is found without us.

Source: L. Adamic, E. Adar, "Friends and neighbors on the Web", Social Networks 25 (2003), for the sum.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from heapq import nlargest
from math import e, log
from typing import Final

from accounts.selectors import profiles_by_ids
from config.dynamodb import gather
from config.entities import UserId
from graph.entities import Edge, Side
from graph.list_repository import edges_newest_first
from graph.selectors import counts_by_ids
from graph.suggestable import strangers_among
from graph.suggestion_entities import CANDIDATES_AT_MOST, NAMED_AT_MOST, Candidate, Source


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one look goes: so many of the reader's followees, the newest, and so many followees of each.

    Of all that are found `candidates` are looked at more closely: whether they are followed, how popular they are.
    """

    followees: int
    of_each: int
    candidates: int


WIDE: Final = Reach(followees=200, of_each=100, candidates=200)
NEAR: Final = Reach(followees=20, of_each=50, candidates=50)


@dataclass(frozen=True, slots=True)
class Friend:
    """A followee of the reader: how many they follow, and whom, as far as was looked."""

    user_id: UserId
    following: int
    follows: tuple[UserId, ...]

    @property
    def says(self) -> float:
        """How much it says that this friend follows somebody."""
        return 1 / log(e + self.following)


def overlap(friends: Iterable[Friend], *, without: AbstractSet[UserId]) -> dict[UserId, list[Friend]]:
    """Who is followed by friends, and by which; those first who say most."""
    found: dict[UserId, list[Friend]] = {}
    for friend in sorted(friends, key=lambda friend: -friend.says):
        for user_id in friend.follows:
            if user_id not in without:
                found.setdefault(user_id, []).append(friend)
    return found


def weighed(found: Mapping[UserId, list[Friend]], followers: Mapping[UserId, int]) -> list[Candidate]:
    """Candidates by weight, the best first; of equal weight the older account."""
    candidates = [
        Candidate(
            user_id,
            Source.FOLLOWED_BY,
            weight=round(sum(friend.says for friend in friends) / log(e + followers[user_id]), 4),
            people=tuple(friend.user_id for friend in friends[:NAMED_AT_MOST]),
            count=len(friends),
        )
        for user_id, friends in found.items()
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.weight, candidate.user_id))


def followees_of(reader_id: UserId, *, limit: int) -> list[UserId]:
    """The newest of those whom the reader follows and who are there.

    Cost: 1 round trip, 0.5 read units a 25; the cached profiles.
    """
    edges, _goes_on = edges_newest_first(reader_id, Side.FOLLOWING, after=None, limit=limit)
    cards = profiles_by_ids([edge.followee_id for edge in edges])
    return [user_id for user_id, card in cards.items() if card.is_active]


def friends_of_friends(
    reader_id: UserId, followees: Iterable[UserId], *, reach: Reach, without: AbstractSet[UserId]
) -> list[Candidate]:
    """Whom the reader's followees follow and the reader does not, the best first.

    The reader may open the list of each: a followee's list is open, private or not.

    Cost: 1 query a followee, 1.5 read units for 100 rows; then 3 batches, 0.5 a followee who follows more than was looked
        at and 1 a candidate looked at: at most 600 read units for a wide look, 80 for a near one.
    Consistency: eventual.
    """
    friends = _friends(list(followees), reach.of_each)
    found = overlap(friends, without=without | {reader_id} | {friend.user_id for friend in friends})
    says = {user_id: sum(friend.says for friend in who) for user_id, who in found.items()}
    first = nlargest(reach.candidates, says, key=lambda user_id: says[user_id])
    strangers = strangers_among(reader_id, first)
    followers = {user_id: counts.followers for user_id, counts in counts_by_ids(strangers).items()}
    return weighed({user_id: found[user_id] for user_id in strangers}, followers)[:CANDIDATES_AT_MOST]


def _friends(followees: list[UserId], of_each: int) -> list[Friend]:
    reads = [
        partial(edges_newest_first, user_id, Side.FOLLOWING, after=None, limit=of_each)
        for user_id in followees
    ]
    lists: list[tuple[list[Edge], bool]] = gather(*reads)
    read = dict(zip(followees, lists, strict=True))
    # A list that was read to its end says how long it is.
    counted = counts_by_ids([user_id for user_id, (_edges, goes_on) in read.items() if goes_on])
    return [
        Friend(
            user_id,
            max(len(edges), counted[user_id].following if user_id in counted else 0),
            tuple(edge.followee_id for edge in edges),
        )
        for user_id, (edges, _goes_on) in read.items()
    ]
