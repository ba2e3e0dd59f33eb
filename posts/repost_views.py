"""Pages and forms of reposts and quotes. Writing a quote is the composer's, see `views.compose`."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import Page, PostId
from config.pages import return_path, signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates import limited
from posts import reposting, selectors
from posts.entities import Post
from posts.visibility import visible_post


@signed_in_post
@limited("post")
def repost(request: HttpRequest, post_id: int) -> HttpResponse:
    """Repeat a post."""
    reposting.repost_create(user_id=signed_in_id(request), post_id=PostId(post_id))
    return _answer(request, PostId(post_id))


@signed_in_post
def unrepost(request: HttpRequest, post_id: int) -> HttpResponse:
    """Take the repost back."""
    target_id = selectors.shown_id(PostId(post_id))
    reposting.repost_delete(user_id=signed_in_id(request), post_id=target_id)
    return _answer(request, target_id)


def _answer(request: HttpRequest, post_id: PostId) -> HttpResponse:
    viewer_id = signed_in_id(request)
    shown = visible_post(viewer_id, post_id)
    next_url = return_path(request, fallback=reverse("posts:post", args=[shown.id]))
    if not wants_piece(request):
        return redirect(next_url)
    card = selectors.post_cards(viewer_id, [shown])[0]
    return render(request, "posts/_repost.html", {"card": card, "post": card.post, "next_url": next_url})


@require_safe
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def reposts(request: HttpRequest, post_id: int) -> HttpResponse:
    """Who reposted a post; with a cursor and htmx, the next ones alone."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    page = reposting.visible_reposts(viewer_id, shown, cursor=request.GET.get("cursor") or None)
    lines = [card.repost for card in selectors.post_cards(viewer_id, page.items) if card.repost]
    return _list(request, "posts/_reposts.html", shown, {"lines": lines, "side": "reposts"}, page)


@require_safe
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def quotes(request: HttpRequest, post_id: int) -> HttpResponse:
    """Which posts quote a post; with a cursor and htmx, the next ones alone."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    page = reposting.visible_quotes(viewer_id, shown, cursor=request.GET.get("cursor") or None)
    cards = selectors.post_cards(viewer_id, page.items)
    return _list(request, "posts/_quotes.html", shown, {"cards": cards, "side": "quotes"}, page)


def _list(
    request: HttpRequest, piece: str, shown: Post, listed: dict[str, Any], page: Page[Post]
) -> HttpResponse:
    more_url = f"{request.path}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else ""
    context = listed | {"more_url": more_url, "piece": piece}
    if request.GET.get("cursor") and wants_piece(request):
        return render(request, piece, context)
    cards = selectors.post_cards(viewer_of(request), [shown])
    return render(request, "posts/repeats.html", context | {"card": cards[0], "post": shown})
