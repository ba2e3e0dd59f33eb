"""What moderation says of a post or a comment, as it is stored with it.

    shown      nothing, for nothing is stored
    covered    shown behind a cover with a reason, like an author's own warning
    waiting    a new or limited account's, until it has been scanned: for its author alone
    held       until a moderator has looked: for its author alone
    rejected   with a reason: for its author alone, to be edited or deleted

`posts.visibility` is where it counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Standing(StrEnum):
    """Where a post or a comment stands; in the order of how much is kept from readers."""

    SHOWN = "shown"
    COVERED = "covered"
    WAITING = "waiting"
    HELD = "held"
    REJECTED = "rejected"


HIDDEN: Final = frozenset({Standing.WAITING, Standing.HELD, Standing.REJECTED})
"""For the author alone."""
OUTCOMES: Final = (Standing.SHOWN, Standing.COVERED, Standing.HELD, Standing.REJECTED)
"""What a scan or a moderator may say, the mildest first."""
NOTES: Final[dict[Standing, Promise]] = {
    Standing.WAITING: _("Only you see this until then; it takes a moment."),
    Standing.HELD: _("Only you see this until a moderator has looked."),
    Standing.REJECTED: _("Only you see this. You can edit or delete it."),
    Standing.COVERED: _("Others see it behind a cover with this reason."),
}


@dataclass(frozen=True, slots=True)
class Moderation:
    """Everything has a default, which is what is stored of most: nothing."""

    standing: Standing = Standing.SHOWN
    reason: str = ""
    """For the author of what is held or rejected, and for readers of what is covered."""
    ruling: Standing | None = None
    """What a moderator last said."""
    ruled_version: int = 0
    """Of which version; a scan of that version changes nothing any more."""

    @property
    def is_hidden(self) -> bool:
        """From everybody but the author."""
        return self.standing in HIDDEN

    @property
    def cover(self) -> str:
        """What readers are told before they are shown it; empty: no cover."""
        if self.standing is not Standing.COVERED:
            return ""
        return self.reason or gettext("Covered by moderators")

    @property
    def note(self) -> str:
        """What its author is told; empty if there is nothing to tell."""
        return str(NOTES.get(self.standing, ""))

    @property
    def said_of_new(self) -> str:
        """What the author of a post is told on publishing it."""
        if self.is_hidden:
            return gettext("Your post is being checked. Others see it in a moment.")
        return gettext("Your post is out.")


SHOWN: Final = Moderation()
WAITING: Final = Moderation(Standing.WAITING)


def worst(outcomes: Iterable[Standing]) -> Standing:
    """The one that keeps most from readers."""
    return max(outcomes, key=OUTCOMES.index, default=Standing.SHOWN)


def moderation_to_item(moderation: Moderation) -> dict[str, Any]:
    """As stored: of what is simply shown, nothing."""
    item: dict[str, Any] = {}
    if moderation.standing is not Standing.SHOWN:
        item["standing"] = moderation.standing.value
    if moderation.reason:
        item["standing_reason"] = moderation.reason
    if moderation.ruling is not None:
        item |= {"ruling": moderation.ruling.value, "ruled_version": moderation.ruled_version}
    return item


def moderation_of_item(item: dict[str, Any]) -> Moderation:
    """The reverse of `moderation_to_item`."""
    return Moderation(
        standing=Standing(item.get("standing", Standing.SHOWN)),
        reason=item.get("standing_reason", ""),
        ruling=Standing(item["ruling"]) if "ruling" in item else None,
        ruled_version=item.get("ruled_version", 0),
    )
