"""Pages that list posts: home and profiles. Htmx asks for the next stretch of a list or for news of the pill."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.edge import public_page
from config.entities import Page, PostId, UserId
from config.pages import viewer_of, wants_piece
from feed import selectors
from feed.entities import ProfileHeader
from feed.first_pages import first_page
from feed.forms import SinceForm
from feed.popular_posts import popular_posts
from feed.readers import follows_are_coming
from feed.suggestions import suggestions_page
from feed.whole_pages import KEPT_MS, filled, form_of, with_slots
from graph.blocks import profile_seen_by_handle
from posts.entities import PostCard
from posts.forms import BlankPost

SUGGESTED_TO_START = 8
"""With an empty feed suggestions are what there is to see; else a piece beside it, which the page asks for later."""
PROFILE_TABS = ("posts", "photos", "top")


@require_safe
@public_page
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def home(request: HttpRequest) -> HttpResponse:
    """The Following feed; for those who are signed out, what Roost is."""
    viewer_id = viewer_of(request)
    if viewer_id is None:
        return render(request, "landing.html")
    cursor = request.GET.get("cursor") or None
    if cursor is None and request.get_full_path() == request.path and not get_messages(request):
        return _first_of_home(request, viewer_id)
    page = selectors.home_page(viewer_id, cursor=cursor)
    if cursor and wants_piece(request):
        return render(request, "feed/_cards.html", _stretch_of_home(request, viewer_id, page))
    return _whole_home(request, viewer_id, page, BlankPost.of(viewer_id))


def _first_of_home(request: HttpRequest, viewer_id: UserId) -> HttpResponse:
    """As it is kept, or made and kept for the next time."""
    made: list[HttpResponse] = []

    def write(page: Page[PostCard]) -> list[bytes] | None:
        composer = BlankPost.of(viewer_id)
        made.append(_whole_home(request, viewer_id, page, composer))
        slotted = with_slots(made[0].content, composer.key) if page.items else None
        return None if slotted is None else [slotted]

    asked = getattr(request, "kept_asked", "")  # by `feed.lane`
    parts = first_page(viewer_id, form_of(request), write, most_ms=KEPT_MS, asked=asked)
    return made[0] if made else HttpResponse(filled(b"".join(parts or ()), request))


def _whole_home(
    request: HttpRequest, viewer_id: UserId, page: Page[PostCard], composer: BlankPost
) -> HttpResponse:
    is_first = not request.GET.get("cursor")
    is_empty = not page.items and is_first
    context = _stretch_of_home(request, viewer_id, page) | {
        "composer": composer,
        "newest_id": page.items[0].place_id if page.items else 0,
        "is_first": is_first,
        "suggestions": suggestions_page(viewer_id, limit=SUGGESTED_TO_START).items if is_empty else [],
        "popular": popular_posts(viewer_id) if is_empty else [],
    }
    return render(request, "feed/home.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def new_posts(request: HttpRequest) -> HttpResponse:
    """The pill, or nothing: 204 leaves the page as it is, 286 tells a page whose session has ended to stop asking."""
    viewer_id = viewer_of(request)
    if viewer_id is None:
        return HttpResponse(status=286)
    form = SinceForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=422)
    count = selectors.new_posts_count(viewer_id, since=PostId(form.cleaned_data["since"]))
    if not count:
        return HttpResponse(status=204)
    context = {"count": count, "at_most": selectors.NEW_AT_MOST}
    return render(request, "feed/_new_posts.html", context)


@require_safe
@public_page
@vary_on_headers("HX-Request", "Cookie")
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """A person: who they are, and their posts, photos or top posts as the viewer may see them."""
    viewer_id = viewer_of(request)
    tab = _tab(request)
    cursor = request.GET.get("cursor") or None
    if cursor and wants_piece(request):
        owner = profile_seen_by_handle(viewer_id, handle)
        _pinned, page = _on_tab(tab, viewer_id, owner.id, cursor)
        template = "feed/_photos.html" if tab == "photos" else "feed/_cards.html"
        return render(request, template, _stretch(request, page))
    header = selectors.profile_header(viewer_id, handle)
    seen = header.seen
    pinned, page = list[PostCard](), Page([])
    if not header.posts_hidden:
        pinned, page = _on_tab(tab, viewer_id, seen.profile.id, cursor, header)
    context = _stretch(request, page) | {
        "pinned": pinned,
        "header": header,
        "profile": seen.profile,
        "counts": seen.counts,
        "relationship": seen.relationship,
        "tab": tab,
        "menu": seen.menu,
    }
    return render(request, "feed/profile.html", context)


def _tab(request: HttpRequest) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in PROFILE_TABS else PROFILE_TABS[0]


def _on_tab(
    tab: str,
    viewer_id: UserId | None,
    owner_id: UserId,
    cursor: str | None,
    header: ProfileHeader | None = None,
) -> tuple[list[PostCard], Page[PostCard]]:
    """What is pinned, and a page of what the tab shows."""
    if tab == "top":
        return [], selectors.profile_top(viewer_id, owner_id, cursor=cursor)
    return selectors.profile_posts(
        viewer_id, owner_id, cursor=cursor, photos_only=tab == "photos", header=header
    )


def _stretch_of_home(request: HttpRequest, viewer_id: UserId, page: Page[PostCard]) -> dict[str, Any]:
    """The same of home, which says at its end whether that is all."""
    is_coming = page.next_cursor is None and follows_are_coming(viewer_id)
    return _stretch(request, page) | {"is_coming": is_coming}


def _stretch(request: HttpRequest, page: Page[PostCard]) -> dict[str, Any]:
    """One page of cards and the address of the next, on whichever tab this is."""
    kept = {"tab": request.GET["tab"]} if "tab" in request.GET else {}
    query = urlencode(kept | {"cursor": page.next_cursor}) if page.next_cursor else ""
    return {"cards": page.items, "more_url": f"{request.path}?{query}" if query else ""}
