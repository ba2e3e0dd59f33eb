"""What reporting refuses.

Invalid     OwnThing
NotFound    ReportNotFound
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Invalid, NotFound


class OwnThing(Invalid):
    """Nobody reports what is theirs."""

    code = "own_thing"
    default_message = _("This is yours. You can edit or delete it.")


class ReportNotFound(NotFound):
    """No such report of this person's."""

    code = "report_not_found"
    default_message = _("This report is not there.")
