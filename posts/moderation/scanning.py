"""A scan of a post or a comment, from the stream: of the version that is there, again until that one has been judged."""

from collections.abc import Callable
from typing import Final

import structlog

from config.entities import PostId
from config.errors import Unavailable
from config.metrics import SCANS
from posts.moderation import cases, repository
from posts.moderation.deciding import decided
from posts.moderation.subjects import Subject, comment_subject, post_subject, tell_changed
from posts.moderation.verdicts import verdict_on
from posts.standing import Standing

logger = structlog.get_logger()
ROUNDS: Final = 5  # of an author who edits as fast as it is scanned


class ScanIncomplete(Unavailable):
    """A scanner crashed or took too long: to be tried again."""

    code = "scan_incomplete"


def post_scan(*, post_id: PostId, last_try: bool = False) -> None:
    """Scan a post as it is now.

    Cost: 1 RU a 4 KB and `verdict_on`; 1 WU + 1 WU index, where the standing changes 2 WU a KB + 2 WU + 1 WU index.
    Idempotent: by version. Raises: ScanIncomplete unless it is the last try, Unavailable.
    """
    _scan(lambda: post_subject(post_id), last_try=last_try)


def comment_scan(*, partition: str, sort_key: str, last_try: bool = False) -> None:
    """Scan a comment. Cost, Idempotent, Raises: as `post_scan`."""
    _scan(lambda: comment_subject(partition, sort_key), last_try=last_try)


def _scan(read: Callable[[], Subject | None], *, last_try: bool) -> None:
    for _round in range(ROUNDS):
        subject = read()
        if subject is None or _is_judged(subject, last_try=last_try):
            return
    raise Unavailable


def _is_judged(subject: Subject, *, last_try: bool) -> bool:
    """False if it was changed meanwhile."""
    verdict = verdict_on(subject.content)
    after = decided(subject.moderation, subject.version, verdict, last_try=last_try)
    if not repository.put_verdict(subject, verdict, after):
        return False
    # Also of one that stood so: a try before this one may have written that and come no further.
    if {after.standing, subject.moderation.standing} != {Standing.SHOWN}:
        tell_changed(subject)
    cases.case_follow(subject, verdict, after)
    SCANS.labels(subject.kind.value, after.standing.value).inc()
    logger.info(
        "scanned",
        kind=subject.kind.value,
        thing_id=subject.thing_id,
        version=subject.version,
        standing=after.standing.value,
        failed=verdict.failed,
    )
    if verdict.failed and not last_try:
        raise ScanIncomplete
    return True
