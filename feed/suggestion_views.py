"""Pages of suggestions: all of them, the few beside the home page, no thanks and undo. All of it without script too."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import UserId
from config.pages import return_path, signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates import limited
from feed.suggestions import suggestion_of, suggestions_page
from graph.blocks import profile_seen
from graph.dismissals import suggestion_dismiss, suggestion_restore

BESIDE_HOME = 5


@login_required
@require_safe
@cache_control(private=True, no_store=True)
@vary_on_headers("HX-Request")
def suggestions(request: HttpRequest) -> HttpResponse:
    """Everybody whom the viewer may like to follow."""
    cursor = request.GET.get("cursor") or None
    page = suggestions_page(signed_in_id(request), cursor=cursor)
    query = urlencode({"cursor": page.next_cursor}) if page.next_cursor else ""
    context = {"suggestions": page.items, "more_url": f"{request.path}?{query}" if query else ""}
    is_piece = cursor and wants_piece(request)
    return render(request, "feed/_suggestions.html" if is_piece else "feed/suggestions.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def beside_home(request: HttpRequest) -> HttpResponse:
    """The few beside the home page, which asks for them when it is there; nothing for a session that has ended."""
    viewer_id = viewer_of(request)
    if viewer_id is None:
        return HttpResponse(status=204)
    page = suggestions_page(viewer_id, limit=BESIDE_HOME)
    context = {"suggestions": page.items, "more_url": "", "next_url": reverse("feed:suggestions")}
    return render(request, "feed/_suggestions.html", context)


@signed_in_post
@limited("mark")
def dismiss(request: HttpRequest, user_id: int) -> HttpResponse:
    """No thanks; the row, or a page, offers to undo it."""
    viewer_id, other_id = signed_in_id(request), UserId(user_id)
    suggestion_dismiss(reader_id=viewer_id, user_id=other_id)
    context = {"profile": profile_seen(viewer_id, other_id), "next_url": _back(request)}
    template = "feed/_dismissed.html" if wants_piece(request) else "feed/dismissed.html"
    return render(request, template, context)


@signed_in_post
@limited("mark")
def restore(request: HttpRequest, user_id: int) -> HttpResponse:
    """Undo that: the row comes back, or, where the list was made anew meanwhile, says that they may."""
    viewer_id, other_id = signed_in_id(request), UserId(user_id)
    suggestion_restore(reader_id=viewer_id, user_id=other_id)
    if not wants_piece(request):
        return redirect(_back(request))
    context = {"suggestion": suggestion_of(viewer_id, other_id), "next_url": _back(request)}
    template = "feed/_suggestion.html" if context["suggestion"] else "feed/_suggestion_restored.html"
    return render(request, template, context)


def _back(request: HttpRequest) -> str:
    return return_path(request, fallback=reverse("feed:suggestions"))
