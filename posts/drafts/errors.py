"""What is refused of drafts.

NotFound   DraftNotFound
Conflict   DraftChanged, TooManyDrafts
Invalid    TimeNotAhead, UnknownZone
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Conflict, Invalid, NotFound


class DraftNotFound(NotFound):
    """No such draft, or another's, or published, or deleted."""

    code = "draft_not_found"
    default_message = _("This draft is not there any more.")


class DraftChanged(Conflict):
    """The draft is not of the version that was changed. `data["version"]` says which it is of, where that is known."""

    code = "draft_changed"
    default_message = _("The draft was changed in another window or on another device.")


class TooManyDrafts(Conflict):
    """`data["limit"]` says how many a person may have."""

    code = "too_many_drafts"
    default_message = _("You have 100 drafts, which is as many as there can be. Publish or delete some.")


class TimeNotAhead(Invalid):
    """Not in the time in which posts can be scheduled. `data["days"]` says how far ahead it may be."""

    code = "time_not_ahead"
    default_message = _("Choose a time from now on, at most a year ahead.")


class UnknownZone(Invalid):
    """No time zone of that name."""

    code = "unknown_zone"
    default_message = _("There is no such time zone. Examples: Europe/Lisbon, America/New_York, UTC.")
