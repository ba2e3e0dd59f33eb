"""What answers of the graph's pages share: the address of a next page, and a row that goes from its list."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.pages import return_path, wants_piece

KEPT = ("order", "q")
"""What of a list's query its next page needs too."""


def more_url(request: HttpRequest, cursor: str | None) -> str:
    """The next page of the list in hand, "" at its end."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return f"{request.path}?{urlencode(kept | {'cursor': cursor})}" if cursor else ""


def row_gone(request: HttpRequest, *, fallback: str, message: str = "") -> HttpResponse:
    """A row goes from its list, or the page comes again and says so."""
    if wants_piece(request):
        return HttpResponse("")
    if message:
        messages.success(request, message)
    return redirect(return_path(request, fallback=fallback))
