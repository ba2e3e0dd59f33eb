"""Why there is no preview. No reader sees these: they are logged, counted by `outcome`, and the post has no card.

PreviewFailed    AddressRefused, Unreachable, TooSlow, TooLarge, WrongType, BadStatus, TooManyRedirects, NothingToShow
"""

from typing import ClassVar

from config.errors import AppError


class PreviewFailed(AppError):
    """A link gave no preview."""

    code = "preview_failed"
    outcome: ClassVar[str] = "failed"


class AddressRefused(PreviewFailed):
    """Not http or https, not port 80 or 443, or not on the public internet."""

    outcome = "address_refused"


class Unreachable(PreviewFailed):
    """No such name, nobody answers, or what answers speaks no HTTP."""

    outcome = "unreachable"


class TooSlow(PreviewFailed):
    """Not there in the time for all of it."""

    outcome = "too_slow"


class TooLarge(PreviewFailed):
    """More bytes than a picture may have."""

    outcome = "too_large"


class WrongType(PreviewFailed):
    """Neither a page nor a picture, or compressed though that was not asked for."""

    outcome = "wrong_type"


class BadStatus(PreviewFailed):
    """An answer, but not the page."""

    outcome = "bad_status"


class TooManyRedirects(PreviewFailed):
    """Sent on and on."""

    outcome = "too_many_redirects"


class NothingToShow(PreviewFailed):
    """A page that says nothing of itself."""

    outcome = "nothing_to_show"
