"""What a limit says to who ran into it."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.errors import TooFast


class LimitReached(TooFast):
    """A bucket was empty. The message tells a person when it is worth another try, `retry_after_seconds` a program."""

    code = "too_fast"


def limit_reached(retry_after_seconds: float) -> LimitReached:
    """The refusal, in the language of the request."""
    seconds = max(1, math.ceil(retry_after_seconds))
    message = _("That was a little fast. Try again in %(time)s.") % {"time": waiting_time(seconds)}
    return LimitReached(message, retry_after_seconds=seconds)


def waiting_time(seconds: int) -> str:
    """A time to wait in words, rounded up, so that nobody comes back too early."""
    if seconds < 90:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    minutes = math.ceil(seconds / 60)
    if minutes < 90:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
