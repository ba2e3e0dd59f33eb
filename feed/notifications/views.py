"""The page of notifications, the bell, what is read, and what is wanted. All of it without script too."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import Page
from config.pages import signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates import limited
from feed.notifications import selectors, sentences, services
from feed.notifications.entities import Kind, Notice
from feed.notifications.forms import KindsForm, ReadForm


@login_required
@require_safe
@cache_control(private=True, no_store=True)
@vary_on_headers("HX-Request")
def notifications(request: HttpRequest) -> HttpResponse:
    """What others did, the last first. With script, what is shown is noted as read at once."""
    cursor = request.GET.get("cursor") or None
    page = selectors.notices_page(signed_in_id(request), cursor=cursor)
    context = _stretch(request, page)
    if cursor and wants_piece(request):
        return render(request, "feed/notifications/_notices.html", context)
    is_new = bool(page.items) and not cursor and any(notice.is_unread for notice in page.items)
    context |= {"read_up_to": page.items[0].noted_id if is_new else 0, "is_first": cursor is None}
    return render(request, "feed/notifications/notifications.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread, as the bell shows it; 286 tells a page whose session has ended to stop asking."""
    viewer_id = viewer_of(request)
    if viewer_id is None:
        return HttpResponse(status=286)
    context = {"count": selectors.unread_count(viewer_id), "at_most": selectors.UNREAD_AT_MOST}
    return render(request, "feed/notifications/_bell.html", context)


@signed_in_post
@limited("read")
def read(request: HttpRequest) -> HttpResponse:
    """What the page showed is read; by htmx the bell alone is answered."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    reader_id = signed_in_id(request)
    services.read_up_to(reader_id=reader_id, noted_id=form.cleaned_data["up_to"])
    if not wants_piece(request):
        return redirect("feed:notifications")
    context = {"count": selectors.unread_count(reader_id), "at_most": selectors.UNREAD_AT_MOST}
    return render(request, "feed/notifications/_bell.html", context)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def settings(request: HttpRequest) -> HttpResponse:
    """What one is told of."""
    wanted = selectors.wanted_kinds(signed_in_id(request))
    form = KindsForm(initial={kind.value: kind in wanted for kind in Kind})
    return render(request, "feed/notifications/settings.html", {"form": form, "section": "notifications"})


@signed_in_post
@limited("mark")
def settings_save(request: HttpRequest) -> HttpResponse:
    """What one wants to be told of from now on."""
    form = KindsForm(request.POST)
    if form.is_valid():  # a switch is on or off: there is nothing that could be wrong
        services.wanted_kinds_put(reader_id=signed_in_id(request), kinds=form.wanted)
        messages.success(request, _("Your notifications are as you chose."))
    return redirect("feed:notification_settings")


def _stretch(request: HttpRequest, page: Page[Notice]) -> dict[str, Any]:
    """One page of lines in words, and the address of the next."""
    query = urlencode({"cursor": page.next_cursor}) if page.next_cursor else ""
    lines = [
        {
            "notice": notice,
            "sentence": sentences.html_of(notice),
            "excerpt": sentences.excerpt_of(notice),
            "url": sentences.address_of(notice),
        }
        for notice in page.items
    ]
    return {"lines": lines, "more_url": f"{request.path}?{query}" if query else ""}
