"""The page of those who like a post."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import PostId
from config.pages import viewer_of, wants_piece
from graph.answers import more_url
from posts.likers import likers_page
from posts.selectors import post_cards
from posts.visibility import visible_post


@require_safe
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def likers(request: HttpRequest, post_id: int) -> HttpResponse:
    """Who likes a post; with a cursor and htmx, the next people alone."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    cursor = request.GET.get("cursor") or None
    page = likers_page(viewer_id, shown, cursor=cursor)
    context: dict[str, Any] = {
        "people": page.items,
        "more_url": more_url(request, page.next_cursor),
        "side": "liker",
    }
    if cursor and wants_piece(request):
        return render(request, "graph/_people.html", context)
    context["card"] = post_cards(viewer_id, [shown])[0]
    return render(request, "posts/likers.html", context)
