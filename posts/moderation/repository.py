"""SCAN items with the results of the latest scan, and the standing that a scan or a moderator gives a post or comment."""

import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from config.dynamodb import (
    Change,
    Condition,
    ConditionFailed,
    Put,
    SortBelow,
    TransactionCancelled,
    Update,
    attr,
    gather,
    get_item,
    put_item,
    query,
    trace,
    transact,
    update_item,
)
from config.entities import PostId
from config.ids import id_time_ms, sort_key
from posts.moderation.subjects import Subject, SubjectKind
from posts.moderation.verdicts import Verdict
from posts.repository import keys
from posts.repository.edits import is_of
from posts.standing import Moderation, moderation_to_item
from posts.tables import POSTS, SCAN

RECENT_SHARDS: Final = 8
RECENT_DAYS: Final = 14
ATTRIBUTES: Final = ("standing", "standing_reason", "ruling", "ruled_version")


def put_verdict(subject: Subject, verdict: Verdict, after: Moderation) -> bool:
    """Keep what a scan found, and where that leaves the subject.

        scan 1   reads version 1 ............................... finds something: refused, version 2 is there
        author            saves version 2
        scan 2                     reads version 2 ... passes

    False if it is of another version by now, or stands elsewhere than it was read: read and scan it again.

    Idempotent: by version. Cost: 1 request, 1 WU + 1 WU index; where the standing changes 2 WU a KB + 2 WU + 1 WU index.
    Consistency: conditional on the version and the standing that were read.
    """
    scan = _item(subject, verdict, after)
    if after == subject.moderation:
        _keep(scan)
        return True
    try:
        transact(
            [
                Change(POSTS, subject.key, _update(after), _as_read(subject)),
                Put(POSTS, scan),
            ]
        )
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True


def put_ruling(subject: Subject, after: Moderation) -> bool:
    """What a moderator said of the version that was read; False if it is another by now, or gone.

    Idempotent: by version and ruling. Cost: 1 request, 1 WU a KB. Consistency: conditional on the version.
    """
    condition = attr("pk").exists() & is_of(subject.version)
    try:
        update_item(POSTS, subject.key, _update(after), condition=condition)
    except ConditionFailed:
        return False
    return True


def get_scan(post_id: PostId) -> dict[str, Any] | None:
    """The results of a post's latest scan.

    Cost: 0.5 RU. Consistency: eventual.
    """
    return get_item(POSTS, keys.scan(post_id))


def query_recent(*, before: PostId | None, limit: int, days: int = RECENT_DAYS) -> list[PostId]:
    """Posts that have been scanned, by their own time, newest first; deleted ones too.

    Cost: 8 Queries of the index a day, at once, 0.5 RU each. Consistency: eventual.
    """
    day = datetime.now(UTC).date() if before is None else _day(before)
    found: list[PostId] = []
    for _step in range(days):
        found += _recent_of(day, before, limit - len(found))
        if len(found) >= limit:
            break
        day -= timedelta(days=1)
    return found


def _recent_of(day: date, before: PostId | None, limit: int) -> list[PostId]:
    sort = None if before is None else SortBelow(before)
    rows = gather(
        *(
            partial(
                query,
                POSTS,
                keys.scanned(day, shard),
                index="by_author",
                sort=sort,
                limit=limit,
                newest_first=True,
            )
            for shard in range(RECENT_SHARDS)
        )
    )
    ids = sorted((PostId(row["gsk"]) for page in rows for row in page.items), reverse=True)
    return ids[:limit]


def _keep(scan: dict[str, Any]) -> None:
    """Unless a later version's results are there, or of this version those of more than was looked at here."""
    older = attr("pk").missing() | (attr("version") < scan["version"])
    same = attr("version") == scan["version"]
    fuller = same if scan["is_whole"] else same & (attr("is_whole") == False)  # noqa: E712  # a condition
    try:
        put_item(POSTS, scan, condition=older | fuller)
    except ConditionFailed:
        return


def _item(subject: Subject, verdict: Verdict, after: Moderation) -> dict[str, Any]:
    found = [
        {
            "scanner": finding.scanner,
            "rule": finding.rule,
            "outcome": finding.outcome.value,
            "reason": finding.reason,
            **({} if finding.score is None else {"score": finding.score}),
        }
        for finding in verdict.findings
    ]
    item = {
        "version": subject.version,
        "outcome": verdict.outcome.value,
        "standing": after.standing.value,
        "findings": found,
        "failed": list(verdict.failed),
        "scanners": verdict.versions,
        "is_whole": verdict.is_whole,
        "scanned_at_ms": time.time_ns() // 1_000_000,
    }
    if subject.kind is SubjectKind.COMMENT:
        return {"pk": keys.partition(subject.post_id), "sk": f"{SCAN}#{sort_key(subject.thing_id)}", **item}
    shard = subject.post_id % RECENT_SHARDS
    listed = {"gpk": keys.scanned(_day(subject.post_id), shard), "gsk": subject.post_id}
    return {**keys.scan(subject.post_id), **listed, **item}


def _update(after: Moderation) -> Update:
    item = moderation_to_item(after)
    return Update(set={**item, **trace()}, remove=tuple(name for name in ATTRIBUTES if name not in item))


def _as_read(subject: Subject) -> Condition:
    read = moderation_to_item(subject.moderation)
    condition = attr("pk").exists() & is_of(subject.version)
    for name in ("standing", "ruled_version"):
        condition &= attr(name) == read[name] if name in read else attr(name).missing()
    return condition


def _day(post_id: PostId) -> date:
    return datetime.fromtimestamp(id_time_ms(post_id) / 1000, UTC).date()
