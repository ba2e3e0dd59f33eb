"""The dead letters in the administration, for superusers: what was put aside, replayed or dropped one by one."""

from datetime import UTC, datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.letters import Letter, letter_by_key, letters

SHOWN_AT_MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def dead_letters(request: HttpRequest) -> HttpResponse:
    """The oldest ones; a post replays or drops one, and comes back.

    Raises: PermissionDenied.
    """
    if not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "POST":
        letter = letter_by_key(request.POST.get("key", ""))
        if letter is None:
            messages.warning(request, _("That letter has been seen to already."))
        else:
            _do(request, letter, request.POST.get("action", ""))
        return redirect("dead_letters")
    found = letters()
    shown = [
        (letter, datetime.fromtimestamp(letter.died_at_ms / 1000, UTC)) for letter in found[:SHOWN_AT_MOST]
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Dead letters"),
        "letters": shown,
        "total": len(found),
    }
    return render(request, "admin/letters/list.html", context)


def _do(request: HttpRequest, letter: Letter, action: str) -> None:
    if action == "drop":
        letter.drop()
        messages.success(request, _("Dropped %(key)s.") % {"key": letter.key})
    elif action == "replay":
        try:
            letter.replay()
        except Exception as error:  # noqa: BLE001  # whatever a handler raises: the letter stays, and is shown why
            messages.error(request, _("Not done, and kept: %(error)s") % {"error": repr(error)})
        else:
            messages.success(request, _("Replayed %(key)s.") % {"key": letter.key})
