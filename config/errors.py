"""Everything that a room may refuse to do, as one tree. Rooms hang their own leaves on it in `<room>/errors.py`.

    AppError            500 error
    ├── Invalid         422 invalid            the values make no sense, whatever the state
    │   └── InvalidCursor   invalid_cursor
    ├── Forbidden       403 forbidden          known, but not yours to see or change
    ├── NotFound        404 not_found          not there, or hidden as if it were not
    ├── Conflict        409 conflict           the state moved, or forbids it
    ├── TooFast         429 too_fast           data: retry_after_seconds
    └── Unavailable     503 unavailable        an engine is away; data: retry_after_seconds if known

Raised in services, selectors and repositories, turned into HTTP in one place each: `config/drf.py` for the API,
`config/middleware.py` for pages. The message is for the person who reads the screen, so it is translated and never
names an engine, a table or a key; `data` are facts for a program.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AppError(Exception):
    """A refusal with a stable code, an HTTP status and facts."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    default_message: ClassVar[str | Promise] = _("Something went wrong on our side.")

    def __init__(self, message: str | Promise = "", **data: Any) -> None:
        super().__init__(message)
        self.message = message or self.default_message
        self.data = data

    def __str__(self) -> str:
        return str(self.message)


class Invalid(AppError):
    """The values make no sense. `data["errors"]` may hold a list of messages per field."""

    code = "invalid"
    http_status = 422
    default_message = _("That can't be saved as it is.")


class InvalidCursor(Invalid):
    """A cursor that was altered, is of another list, or was never ours."""

    code = "invalid_cursor"
    default_message = _("This page of the list is no longer valid. Start again from the top.")


class Forbidden(AppError):
    """Known, but not theirs to see or to change."""

    code = "forbidden"
    http_status = 403
    default_message = _("You are not allowed to do that.")


class NotFound(AppError):
    """Not there, or hidden as if it were not."""

    code = "not_found"
    http_status = 404
    default_message = _("We could not find that.")


class Conflict(AppError):
    """The state of things forbids it, or moved meanwhile."""

    code = "conflict"
    http_status = 409
    default_message = _("That changed meanwhile. Look again and retry.")


class TooFast(AppError):
    """Over a limit. `data["retry_after_seconds"]` says when it is worth another try."""

    code = "too_fast"
    http_status = 429
    default_message = _("That was a little fast. Wait a moment and try again.")


class Unavailable(AppError):
    """An engine that is needed for this is away."""

    code = "unavailable"
    http_status = 503
    default_message = _("We can't reach what we need for that right now. Try again in a moment.")
