"""Where a verdict leaves a post or a comment: a pure function of where it stood and what was found."""

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext

from posts.moderation.verdicts import Verdict
from posts.standing import OUTCOMES, Moderation, Standing

_RANK: Final = {standing: rank for rank, standing in enumerate(OUTCOMES)}


def decided(was: Moderation, version: int, verdict: Verdict, *, last_try: bool) -> Moderation:
    """Where it stands now.

    - What a moderator said of this version stays, whatever is found.
    - What is found counts at once. That nothing was found counts when every scanner has looked at all of it: until
      then what waits goes on waiting, and what is shown stays shown. After the last try what waits is held.
    """
    if was.ruling is not None and was.ruled_version == version:
        return was
    outcome, reason = _no_milder_than_ruled(was, verdict)
    found = replace(was, standing=outcome, reason=reason)
    if verdict.is_whole and not verdict.failed:
        return found
    if outcome in {Standing.HELD, Standing.REJECTED}:
        return found
    if was.standing is Standing.WAITING:
        if verdict.failed and last_try:
            return replace(was, standing=Standing.HELD, reason=gettext("It could not be checked."))
        return was
    return found if _RANK[outcome] > _RANK[was.standing] else was


def _no_milder_than_ruled(was: Moderation, verdict: Verdict) -> tuple[Standing, str]:
    """A moderator saw what no scanner sees: what they rejected is theirs to look at again when it was changed."""
    if was.ruling in {Standing.HELD, Standing.REJECTED} and _RANK[verdict.outcome] < _RANK[Standing.HELD]:
        return Standing.HELD, gettext("It was changed after a moderator's decision.")
    if was.ruling is Standing.COVERED and verdict.outcome is Standing.SHOWN:
        return Standing.COVERED, was.reason
    return verdict.outcome, verdict.reason
