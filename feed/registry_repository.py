"""Who is pulled by everybody, in DynamoDB: the registry, and how an author comes into it and out of it.

    register     VERSION n -> n + 1, ENTRY#n+1, AUTHOR# PULLED
    demotion     PULLED learns of the run, DEMOTION# stands in the registry until it is over
    the end      PULLED and DEMOTION# go, ENTRY# is nobody's

An author who is registered again amid a demotion gets a new line: readers who had stopped to pull meanwhile meet it.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from config.dynamodb import (
    Change,
    ConditionFailed,
    Delete,
    Item,
    Operation,
    Put,
    SortBeginsWith,
    Update,
    attr,
    batch_get,
    delete_item,
    get_item,
    query,
    transact_if,
    update_item,
)
from config.entities import UserId
from feed.author_entities import Reason, Registration
from feed.repository import registry_version
from feed.tables import DEMOTION_PREFIX, FEED, REGISTRY, VERSION_KEY, demotion_key, entry_key, pulled_key

NOBODY: Final = 0
"""The author of a line in the registry whose author is gone: a version without a line would never be caught up with."""


def registration_of(author_id: UserId, mark: Item | None) -> Registration | None:
    """What the mark PULLED says."""
    if mark is None:
        return None
    return Registration(
        author_id,
        mark["version"],
        mark.get("at_ms", 0),
        Reason(mark.get("reason", Reason.POLICY)),
        mark.get("demotion", 0),
        mark.get("cursor", ""),
        mark.get("moved_at_ms", 0),
    )


def registration_get(author_id: UserId) -> Registration | None:
    """Whether everybody pulls an author.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return registration_of(author_id, get_item(FEED, pulled_key(author_id), consistent=True))


def registrations_among(author_ids: Sequence[UserId]) -> list[Registration]:
    """Of those of these authors who are registered.

    Cost: 1 round trip a 100 authors, 1 read unit each. Consistency: strong.
    """
    marks = batch_get([(FEED, pulled_key(author_id)) for author_id in author_ids], consistent=True)
    found = (registration_of(author_id, mark) for author_id, mark in zip(author_ids, marks, strict=True))
    return [registration for registration in found if registration is not None]


def registry_add(author_id: UserId, *, before: Registration | None, reason: Reason, at_ms: int) -> bool:
    """Register an author as pulled by everybody; False if something has changed since `before` was read: look again.

    `before`: a demotion under way, which this ends. The version moves on only from what it was, so that versions have no
    holes and a reader who saw n has seen every author up to n.

    Cost: 2 round trips, 1 read and 6 write units; 10 amid a demotion. Consistency: transaction.
    """
    version = registry_version()
    unchanged = attr("version") == version if version else attr("pk").missing()
    mark = {**pulled_key(author_id), "version": version + 1, "at_ms": at_ms, "reason": str(reason)}
    operations: list[Operation] = [
        Change(FEED, VERSION_KEY, Update(set={"version": version + 1}), unchanged),
        Put(FEED, {**entry_key(version + 1), "author_id": author_id}, attr("pk").missing()),
        Put(FEED, mark, attr("demotion") == before.demotion if before else attr("pk").missing()),
    ]
    if before:
        operations += [_line_emptied(before), Delete(FEED, demotion_key(author_id))]
    return _done(operations)


def demotion_begin(registration: Registration, *, run: int) -> bool:
    """From now on the author's followers are pushed to again; False if something has changed since: look again.

    Cost: 1 round trip, 4 write units. Consistency: transaction.
    """
    author_id = registration.author_id
    as_it_was = (attr("version") == registration.version) & attr("demotion").missing()
    begun = Update(set={"demotion": run, "cursor": "", "moved_at_ms": run})
    line = {**demotion_key(author_id), "author_id": author_id}
    return _done([Change(FEED, pulled_key(author_id), begun, as_it_was), Put(FEED, line)])


def demotion_move(registration: Registration, *, cursor: str, at_ms: int) -> bool:
    """How far a demotion has come since `registration` was read; False if it is over, or another worker has moved it.

    Cost: 1 round trip, 1 write unit.
    """
    moved = Update(set={"cursor": cursor, "moved_at_ms": at_ms})
    as_read = (attr("demotion") == registration.demotion) & (attr("cursor") == registration.cursor)
    try:
        update_item(FEED, pulled_key(registration.author_id), moved, condition=as_read)
    except ConditionFailed:
        return False
    return True


def demotion_end(registration: Registration) -> bool:
    """The author is pulled by everybody no more; False if the author has been registered again meanwhile.

    Cost: 1 round trip, 6 write units. Consistency: transaction. Idempotent: by run.
    """
    author_id = registration.author_id
    this_run = attr("demotion") == registration.demotion
    operations: list[Operation] = [
        Delete(FEED, pulled_key(author_id), this_run),
        _line_emptied(registration),
        Delete(FEED, demotion_key(author_id)),
    ]
    return _done(operations)


def demotions_open(*, limit: int) -> list[UserId]:
    """Authors of whom a demotion goes on.

    Cost: 1 round trip, 1 read unit a 4 KB. Consistency: strong.
    """
    rows = query(FEED, REGISTRY, sort=SortBeginsWith(DEMOTION_PREFIX), limit=limit, consistent=True)
    return [UserId(row["author_id"]) for row in rows.items]


def demotion_forget(author_id: UserId) -> None:
    """There is none of this author, who has left meanwhile.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    delete_item(FEED, demotion_key(author_id))


def registry_forget(registration: Registration) -> None:
    """Take the author's name off their line of the registry. The line stays: versions have no holes.

    Cost: 1 round trip, 1 write unit. Idempotent: by author.
    """
    line = _line_emptied(registration)
    with suppress(ConditionFailed):  # taken off before
        update_item(FEED, line.key, line.update, condition=line.condition)


def _line_emptied(registration: Registration) -> Change:
    emptied = Update(set={"author_id": NOBODY})
    return Change(FEED, entry_key(registration.version), emptied, attr("pk").exists())


def _done(operations: list[Operation]) -> bool:
    return transact_if(operations)
