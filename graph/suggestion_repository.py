"""What is stored of suggestions in DynamoDB: a reader's candidates in one item, and each dismissal in one of its own.

    item         pk        sk               attributes
    candidates   USER#A    SUGGESTIONS      line, looked_at_ms, asked_at_ms, ttl
    dismissal    USER#A    DISMISSED#B      ttl

A candidate is a list, for names would weigh more than values: [id, source, weight, count, topic, ids of who is named].
A hundred of them are about 7 KB.
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from config.dynamodb import (
    ConditionFailed,
    Item,
    SortBeginsWith,
    Update,
    attr,
    batch_get,
    delete_item,
    gather,
    get_item,
    put_item,
    query,
    trace,
    update_item,
)
from config.entities import UserId
from graph.keys import out_edge_key
from graph.mark_repository import Mark
from graph.suggestion_entities import Candidate, Candidates, Source
from graph.tables import GRAPH

SUGGESTIONS: Final = "SUGGESTIONS"
DISMISSED: Final = "DISMISSED"
DAY_SECONDS: Final = 24 * 3600
KEPT_SECONDS: Final = 30 * DAY_SECONDS
"""Candidates of who does not come back are not kept longer."""
DISMISSED_SECONDS: Final = 180 * DAY_SECONDS
LEFT_OUT_AT_MOST: Final = 500
KEYS_A_REQUEST: Final = 100


def candidates_key(reader_id: UserId) -> Item:
    """Where a reader's candidates are."""
    return {"pk": _partition(reader_id), "sk": SUGGESTIONS}


def dismissed_key(reader_id: UserId, user_id: UserId) -> Item:
    """Where it is remembered that the reader does not want this suggestion."""
    return {"pk": _partition(reader_id), "sk": f"{DISMISSED}#{user_id}"}


def candidates_get(reader_id: UserId) -> Candidates | None:
    """What is stored for a reader, None for nothing.

    Cost: 1 round trip, 0.5 read units, 1 for a hundred candidates.
    Consistency: eventual.
    """
    item = get_item(GRAPH, candidates_key(reader_id))
    if item is None:
        return None
    line = tuple(_candidate_of(fields) for fields in item["line"])
    return Candidates(line, item["looked_at_ms"], item.get("asked_at_ms"))


def candidates_put(reader_id: UserId, candidates: Candidates, *, is_first: bool = False) -> bool:
    """Store candidates unless those of a later look are there; the first ones only where there are none.

        look of 10:00 ............... put: refused
             look of 10:01 .. put

    Cost: 1 round trip, 1 write unit a KB: 8 for a hundred candidates.
    Idempotent: by the time of the look.
    """
    item = {
        **candidates_key(reader_id),
        "line": [_fields_of(candidate) for candidate in candidates.line],
        "looked_at_ms": candidates.looked_at_ms,
        "ttl": candidates.looked_at_ms // 1000 + KEPT_SECONDS,
        **trace(),
    }
    if candidates.asked_at_ms is not None:
        item["asked_at_ms"] = candidates.asked_at_ms
    condition = attr("pk").missing()
    if not is_first:
        condition |= attr("looked_at_ms") <= candidates.looked_at_ms
    try:
        put_item(GRAPH, item, condition=condition)
    except ConditionFailed:
        return False
    return True


def candidates_ask(reader_id: UserId, seen: Candidates, *, now_ms: int) -> bool:
    """Ask, once for each list, for a better one: the change is heard of in the table's stream.

    Cost: 1 round trip, 1 write unit a KB of the item.
    Idempotent: by the list and by when it was asked for before.
    """
    before = attr("asked_at_ms")
    unasked = before.missing() if seen.asked_at_ms is None else before == seen.asked_at_ms
    update = Update(set={"asked_at_ms": now_ms} | trace())
    condition = unasked & (attr("looked_at_ms") == seen.looked_at_ms)
    try:
        update_item(GRAPH, candidates_key(reader_id), update, condition=condition)
    except ConditionFailed:
        return False
    return True


def dismissed_put(reader_id: UserId, user_id: UserId) -> None:
    """Remember that the reader does not want this suggestion.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by both people; the time begins anew.
    """
    put_item(GRAPH, dismissed_key(reader_id, user_id) | {"ttl": int(time.time()) + DISMISSED_SECONDS})


def dismissed_delete(reader_id: UserId, user_id: UserId) -> None:
    """Forget that.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by both people.
    """
    delete_item(GRAPH, dismissed_key(reader_id, user_id))


def left_out_ids(reader_id: UserId) -> set[UserId]:
    """Who is not to be suggested: muted or dismissed; at most 500 of each, for all is asked again at reading.

    Cost: 1 round of 2 queries, 0.5 read units for some 50 ids each.
    Consistency: eventual.
    """

    def ids_under(prefix: str) -> list[Item]:
        sort = SortBeginsWith(f"{prefix}#")
        return query(
            GRAPH, _partition(reader_id), sort=sort, limit=LEFT_OUT_AT_MOST, attributes=("pk", "sk")
        ).items

    found = gather(*(partial(ids_under, prefix) for prefix in (Mark.MUTE, DISMISSED)))
    return {UserId(int(item["sk"].rpartition("#")[2])) for items in found for item in items}


def items_get(keys: Sequence[Item]) -> list[Item | None]:
    """What is under these keys of the graph: slots, mutes, dismissals.

    Shape: same length and order as `keys`.
    Cost: 1 round, 1 request a 100 keys, 0.5 read units each. NOTE: not from within a read that is gathered.
    Consistency: eventual.
    """
    attributes = ("gpk", "blocked_by", "until_ms", "ttl")
    asked = [(GRAPH, key) for key in keys]
    parts = [asked[start : start + KEYS_A_REQUEST] for start in range(0, len(asked), KEYS_A_REQUEST)]
    found = gather(*(partial(batch_get, part, attributes=attributes) for part in parts))
    return [item for part in found for item in part]


def _partition(reader_id: UserId) -> str:
    return str(out_edge_key(reader_id, reader_id)["pk"])


def _fields_of(candidate: Candidate) -> list[Any]:
    return [
        candidate.user_id,
        candidate.source.value,
        candidate.weight,
        candidate.count,
        candidate.topic,
        list(candidate.people),
    ]


def _candidate_of(fields: list[Any]) -> Candidate:
    user_id, source, weight, count, topic, people = fields
    return Candidate(UserId(user_id), Source(source), weight, tuple(people), count, topic)
