"""The page of a hashtag."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.edge import public_page
from config.errors import NotFound
from config.pages import viewer_of, wants_piece
from posts.marks_beside import MarksBeside
from posts.selectors import post_cards
from posts.tags import visible_posts_of_tag
from posts.text.tags import normalised
from posts.top import visible_top_posts_of_tag


@require_safe
@public_page
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def tag(request: HttpRequest, tag: str) -> HttpResponse:
    """Posts with a hashtag, newest or most liked first; with a cursor and htmx, the next ones alone."""
    name = normalised(tag)
    if not name:
        raise NotFound
    is_top = request.GET.get("order") == "top"
    kept = {"order": "top"} if is_top else {}
    newest = reverse("posts:tag", args=[name])
    address = f"{newest}?{urlencode(kept)}" if kept else newest
    if name != tag:
        return redirect(address)  # one address a tag, however it is written
    viewer_id = viewer_of(request)
    cursor = request.GET.get("cursor") or None
    marks = MarksBeside(viewer_id)
    read = visible_top_posts_of_tag if is_top else visible_posts_of_tag
    page = read(viewer_id, name, cursor=cursor, marks=marks)
    more = urlencode(kept | {"cursor": page.next_cursor}) if page.next_cursor else ""
    context = {
        "tag": name,
        "order": "top" if is_top else "newest",
        "cards": post_cards(viewer_id, page.items, known=marks.known),
        "more_url": f"{newest}?{more}" if more else "",
        "first_url": address if cursor else "",
    }
    return render(
        request, "posts/_tagged.html" if cursor and wants_piece(request) else "posts/tag.html", context
    )
