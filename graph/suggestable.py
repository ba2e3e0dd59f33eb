"""Which candidates a reader may be shown now, and which people may be named for it: asked anew at every read.

never shown                          asked of
oneself                              -
gone, deactivated                    the cached profile
followed, asked, blocked either way  USER#reader, FOLLOWING#x
muted                                USER#reader, MUTE#x
dismissed                            USER#reader, DISMISSED#x
private, for what it posts           the cached profile: what a private account posts about is not told

named only if                        asked of
the reader follows them still        USER#reader, FOLLOWING#f: whom one follows one may see, and so their list
they follow the candidate still      USER#f, FOLLOWING#x
"""

import time
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.dynamodb import Item
from config.entities import UserId
from graph.archive_mirrors import archived_follows
from graph.entities import Person, Relationship
from graph.keys import out_edge_key
from graph.mark_repository import Mark, mark_key
from graph.repository import slots_get
from graph.slots import is_edge
from graph.suggestion_entities import Candidate, Source, Suggestion
from graph.suggestion_repository import dismissed_key, items_get


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that was read for some candidates, by key; `away` are follows that lie in the archive."""

    items: dict[tuple[str, str], Item | None]
    cards: dict[UserId, ProfileCard]
    away: AbstractSet[tuple[UserId, UserId]]

    def at(self, key: Item) -> Item | None:
        return self.items[key["pk"], key["sk"]]

    def follows(self, follower_id: UserId, followee_id: UserId) -> bool:
        is_here = is_edge(self.at(out_edge_key(follower_id, followee_id)))
        return is_here or (follower_id, followee_id) in self.away

    def card(self, user_id: UserId) -> ProfileCard | None:
        card = self.cards.get(user_id)
        return card if card is not None and card.is_active else None


def strangers_among(reader_id: UserId, user_ids: Iterable[UserId]) -> list[UserId]:
    """Those of these people to whom the reader stands in no way: no follow, no request, no block of either.

    Cost: 1 round trip a 100 people, 0.5 read units each.
    Consistency: eventual.
    """
    ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id != reader_id]
    slots = slots_get([out_edge_key(reader_id, user_id) for user_id in ids]) if ids else []
    unknown = [user_id for user_id, slot in zip(ids, slots, strict=True) if slot is None]
    away = archived_follows((reader_id, user_id) for user_id in unknown)
    return [user_id for user_id in unknown if (reader_id, user_id) not in away]


def suggestions_among(
    reader_id: UserId, candidates: Sequence[Candidate], *, with_dismissed: bool = False
) -> list[Suggestion | None]:
    """The candidates as the reader may see them now, None for those who may not be shown.

    Shape: same length and order as `candidates`.
    Cost: 1 cache read; 1 round trip a 100 keys, 2 read units a candidate, 1 more for each person to be named.
    Consistency: eventual.
    """
    keys = [key for candidate in candidates for key in _keys_of(reader_id, candidate)]
    by_key = {(key["pk"], key["sk"]): key for key in keys}
    items = dict(zip(by_key, items_get(list(by_key.values())), strict=True))
    people = [user_id for candidate in candidates for user_id in (candidate.user_id, *candidate.people)]
    cards = profiles_by_ids([reader_id, *people])
    found = _Found(items, cards, _away(reader_id, candidates, cards))
    return [
        _suggestion(reader_id, candidate, found, with_dismissed=with_dismissed) for candidate in candidates
    ]


def _away(
    reader_id: UserId, candidates: Sequence[Candidate], cards: dict[UserId, ProfileCard]
) -> set[tuple[UserId, UserId]]:
    """The follows among those that are asked of which lie in the archive; nearly always none, and nothing is read."""
    archived = {user_id for user_id, card in cards.items() if card.is_archived}
    pairs = [
        pair
        for candidate in candidates
        for pair in (
            (reader_id, candidate.user_id),
            (candidate.user_id, reader_id),
            *((reader_id, friend_id) for friend_id in candidate.people),
            *((friend_id, candidate.user_id) for friend_id in candidate.people),
        )
        if pair[0] in archived
    ]
    return archived_follows(pairs) if pairs else set()


def _keys_of(reader_id: UserId, candidate: Candidate) -> list[Item]:
    user_id = candidate.user_id
    return [
        out_edge_key(reader_id, user_id),
        out_edge_key(user_id, reader_id),
        mark_key(Mark.MUTE, reader_id, user_id),
        dismissed_key(reader_id, user_id),
        *(out_edge_key(reader_id, friend_id) for friend_id in candidate.people),
        *(out_edge_key(friend_id, user_id) for friend_id in candidate.people),
    ]


def _suggestion(
    reader_id: UserId, candidate: Candidate, found: _Found, *, with_dismissed: bool
) -> Suggestion | None:
    user_id, card = candidate.user_id, found.card(candidate.user_id)
    slot = found.at(out_edge_key(reader_id, user_id))
    if card is None or user_id == reader_id or slot is not None:  # a follow, a request or a block
        return None
    if _stands(found.at(mark_key(Mark.MUTE, reader_id, user_id))):
        return None
    if not with_dismissed and _stands(found.at(dismissed_key(reader_id, user_id))):
        return None
    person = Person(card, Relationship(followed_by=found.follows(user_id, reader_id)), since_ms=0)
    if candidate.source is not Source.FOLLOWED_BY:
        return None if card.is_private else Suggestion(person, candidate.source, topic=candidate.topic)
    named = [friend for friend in candidate.people if _may_be_named(reader_id, friend, user_id, found)]
    if not named:
        return None
    cards = tuple(found.cards[friend] for friend in named)
    count = candidate.count - len(candidate.people) + len(named)
    return Suggestion(person, candidate.source, people=cards, count=count)


def _may_be_named(reader_id: UserId, friend_id: UserId, user_id: UserId, found: _Found) -> bool:
    return (
        found.card(friend_id) is not None
        and found.follows(reader_id, friend_id)
        and found.follows(friend_id, user_id)
    )


def _stands(item: Item | None) -> bool:
    """Whether a mute or a dismissal has not come to its end: DynamoDB removes them late."""
    if item is None:
        return False
    return "ttl" not in item or item["ttl"] > time.time()
