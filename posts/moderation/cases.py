"""Cases: what is held, rejected or covered, for moderators to decide. One row a post or comment, of its latest version."""

from dataclasses import replace

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.entities import PostId
from config.errors import Conflict
from posts.moderation.models import Case
from posts.moderation.repository import put_ruling
from posts.moderation.subjects import Subject, SubjectKind, comment_subject, post_subject, tell_changed
from posts.moderation.verdicts import Verdict
from posts.standing import Moderation, Standing

logger = structlog.get_logger()
CASED = {Standing.COVERED, Standing.HELD, Standing.REJECTED}


class CaseMoved(Conflict):
    """It is not of the version any more that the moderator looked at, or gone."""

    code = "case_moved"
    default_message = _("It was changed or deleted meanwhile. Look at it again.")


def case_follow(subject: Subject, verdict: Verdict, after: Moderation) -> None:
    """Open, renew or close the case of a subject that was scanned.

    Cost: 2 SQL queries, 1 where there is no case and none is needed. Idempotent: by version and outcome.
    """
    if after.standing is Standing.WAITING or (after.ruling and after.ruled_version == subject.version):
        return
    if after.standing not in CASED:
        Case.objects.filter(thing_id=subject.thing_id, version__lte=subject.version).exclude(
            state=Case.State.DECIDED, version=subject.version
        ).update(state=Case.State.PASSED, version=subject.version)
        return
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(thing_id=subject.thing_id).first()
        if case and case.version > subject.version:
            return
        _put(case or Case(thing_id=subject.thing_id), subject, verdict, after)


def _put(case: Case, subject: Subject, verdict: Verdict, after: Moderation) -> None:
    case.kind, case.post_id = subject.kind.value, subject.post_id
    case.partition, case.sort_key = str(subject.key["pk"]), str(subject.key["sk"])
    case.author_id, case.version, case.text = subject.author_id, subject.version, subject.text
    case.state, case.outcome, case.reason = Case.State.OPEN, after.standing.value, after.reason
    case.findings = [
        {"scanner": found.scanner, "rule": found.rule, "outcome": found.outcome.value, "score": found.score}
        for found in verdict.findings
    ] + [{"scanner": name, "rule": "failed", "outcome": "", "score": None} for name in verdict.failed]
    case.decided_by, case.decided_at, case.ruling, case.ruling_reason = None, None, "", ""
    case.save()


def subject_of(case: Case) -> Subject | None:
    """What the case is about, as it is now; None if it is gone."""
    if case.kind == SubjectKind.POST:
        return post_subject(PostId(case.post_id))
    return comment_subject(case.partition, case.sort_key)


def case_decide(*, case: Case, moderator: User, ruling: Standing, reason: str = "") -> None:
    """A moderator's word on the version of the case: a later scan of that version changes nothing any more.

    Cost: 2 requests, 1 RU a 4 KB and 1 WU a KB; a SQL query. Idempotent: by version and ruling.
    Raises: CaseMoved.
    """
    subject = subject_of(case)
    if subject is None or subject.version != case.version:
        if subject is None:
            Case.objects.filter(pk=case.pk).update(state=Case.State.GONE)
        raise CaseMoved
    kept = reason if ruling is not Standing.SHOWN else ""
    after = replace(
        subject.moderation, standing=ruling, reason=kept, ruling=ruling, ruled_version=subject.version
    )
    if not put_ruling(subject, after):
        raise CaseMoved
    tell_changed(subject)
    case.state, case.ruling, case.ruling_reason = Case.State.DECIDED, ruling.value, kept
    case.decided_by, case.decided_at = moderator, timezone.now()
    case.save(update_fields=["state", "ruling", "ruling_reason", "decided_by", "decided_at"])
    logger.info("case_decided", thing_id=case.thing_id, ruling=ruling.value, moderator_id=moderator.pk)
