"""What is known of an account's archive, in DynamoDB. It is written before the first edge goes, and goes after the last is back.

    item       pk       sk               attributes
    archive    USER#D   ARCHIVE          run, state, flagged_at_ms, stage, after, segments, rows, bytes, back, lost
    segment    USER#D   ARCHIVE#000001   run, name, sha256, rows, bytes, moved, back

Each step of archiving is bound to its run: a transaction that finds the archive returning, gone or of another run is
refused, so whoever brings an account back stops whoever is still taking it away.
"""

from accounts.entities import ArchiveState
from config.dynamodb import (
    Change,
    Check,
    Condition,
    ConditionFailed,
    Item,
    Put,
    SortBeginsWith,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    batch_write,
    delete_item,
    get_item,
    put_item,
    query_all,
    transact,
    update_item,
)
from config.entities import UserId
from graph.archive_entities import Archive, Segment
from graph.keys import archive_key
from graph.tables import GRAPH

SEGMENT = "ARCHIVE#"


def of_run(archive: Archive, *states: ArchiveState) -> Condition:
    """The archive is still this one, and in one of these states."""
    return (attr("run") == archive.run) & attr("state").is_in([str(state) for state in states])


def guard(archive: Archive) -> Check:
    """For transactions that take edges away: nobody has begun to bring them back."""
    return Check(GRAPH, archive_key(archive.user_id), of_run(archive, ArchiveState.ARCHIVING))


def archive_get(user_id: UserId) -> Archive | None:
    """What is away of an account; None if nothing is.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    item = get_item(GRAPH, archive_key(user_id), consistent=True)
    return _archive_of(user_id, item) if item else None


def archives_of(user_ids: list[UserId]) -> list[Archive]:
    """The same of many, those only that have one.

    Cost: 1 round trip a 100, 0.5 read units each. Consistency: eventual.
    """
    items = batch_get([(GRAPH, archive_key(user_id)) for user_id in user_ids]) if user_ids else []
    found = zip(user_ids, items, strict=True)
    return [_archive_of(user_id, item) for user_id, item in found if item]


def archive_put(archive: Archive) -> bool:
    """Begin; False if there is one.

    Cost: 1 round trip, 1 write unit.
    """
    item = archive_key(archive.user_id) | {
        "run": archive.run,
        "state": str(archive.state),
        "stage": 0,
        "segments": 0,
        "rows": 0,
        "bytes": 0,
        "back": 0,
    }
    try:
        put_item(GRAPH, item, condition=attr("pk").missing())
    except ConditionFailed:
        return False
    return True


def archive_change(archive: Archive, update: Update, *states: ArchiveState) -> bool:
    """Change what is known of a run that is in one of these states; False if it isn't.

    Cost: 1 round trip, 1 write unit.
    """
    try:
        update_item(GRAPH, archive_key(archive.user_id), update, condition=of_run(archive, *states))
    except ConditionFailed:
        return False
    return True


def archive_delete(archive: Archive, segments: list[Segment]) -> None:
    """Forget a run and its segments.

    Cost: 1 round trip a 25 segments and 1, 1 write unit each.
    Idempotent: by run.
    """
    batch_write(deletes=[(GRAPH, _segment_key(archive, segment)) for segment in segments])
    try:
        delete_item(GRAPH, archive_key(archive.user_id), condition=attr("run") == archive.run)
    except ConditionFailed:
        return  # somebody else has, and there may be another run by now


def segment_put(archive: Archive, segment: Segment, *, stage: int, after: str | None) -> bool:
    """Know of a segment, and that its stretch of edges is written; False if somebody else has gone on, or brings back.

    Cost: 1 round trip, 4 write units.
    Consistency: transaction.
    Idempotent: by run and number.
    """
    item = _segment_key(archive, segment) | {
        "run": archive.run,
        "name": segment.name,
        "sha256": segment.sha256,
        "rows": segment.rows,
        "bytes": segment.bytes,
        "moved": False,
        "back": 0,
    }
    step = _position(stage, after, add={"segments": 1, "rows": segment.rows, "bytes": segment.bytes})
    unmoved = of_run(archive, ArchiveState.ARCHIVING) & (attr("segments") == archive.segments)
    try:
        transact([Change(GRAPH, archive_key(archive.user_id), step, unmoved), Put(GRAPH, item)])
    except TransactionCancelled as cancelled:
        if not cancelled.reasons[0].failed:
            raise
        return False
    return True


def stretch_passed(archive: Archive, *, stage: int, after: str | None) -> bool:
    """Know that a stretch held nothing that goes; as `segment_put`.

    Cost: 1 round trip, 1 write unit.
    """
    return archive_change(archive, _position(stage, after), ArchiveState.ARCHIVING)


def segments_of(archive: Archive) -> list[Segment]:
    """All segments, in their order.

    Cost: 1 round trip, some 60 read units a 1,000. Consistency: strong.
    """
    partition = archive_key(archive.user_id)["pk"]
    items = query_all(GRAPH, partition, sort=SortBeginsWith(SEGMENT), consistent=True)
    return [_segment_of(item) for item in items if item["run"] == archive.run]


def segment_moved(archive: Archive, segment: Segment) -> None:
    """Its rows have left the table, as far as they could.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    _segment_change(archive, segment, Update(set={"moved": True}), attr("run") == archive.run)


def segment_back(archive: Archive, segment: Segment, *, back: int) -> None:
    """So many of its rows have been seen to on the way back; the archive's own sum is for showing.

    Cost: 2 round trips, 2 write units.
    Idempotent: by number; of two who bring back side by side the one that is further stands.
    """
    further = (attr("run") == archive.run) & (attr("back") < back)
    if _segment_change(archive, segment, Update(set={"back": back}), further):
        added = Update(add={"back": back - segment.back})
        archive_change(archive, added, ArchiveState.RETURNING)


def _segment_change(archive: Archive, segment: Segment, update: Update, condition: Condition) -> bool:
    try:
        update_item(GRAPH, _segment_key(archive, segment), update, condition=condition)
    except ConditionFailed:
        return False
    return True


def _position(stage: int, after: str | None, *, add: dict[str, int] | None = None) -> Update:
    if after is None:
        return Update(set={"stage": stage}, remove=("after",), add=add or {})
    return Update(set={"stage": stage, "after": after}, add=add or {})


def _segment_key(archive: Archive, segment: Segment) -> Item:
    return {"pk": f"USER#{archive.user_id}", "sk": f"{SEGMENT}{segment.number:06}"}


def _archive_of(user_id: UserId, item: Item) -> Archive:
    return Archive(
        user_id,
        item["run"],
        ArchiveState(item["state"]),
        item.get("flagged_at_ms"),
        item["stage"],
        item.get("after"),
        item["segments"],
        item["rows"],
        item["bytes"],
        item["back"],
        tuple(item.get("lost", ())),
    )


def _segment_of(item: Item) -> Segment:
    return Segment(
        int(item["sk"].removeprefix(SEGMENT)),
        item["name"],
        item["sha256"],
        item["rows"],
        item["bytes"],
        item["moved"],
        item["back"],
    )
