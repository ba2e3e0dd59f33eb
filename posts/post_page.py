"""A post's page with its comments, and the pieces of it that every page and fragment about comments needs."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.pages import viewer_of
from posts import selectors
from posts.commenting import closed_reason
from posts.entities import Post
from posts.forms import CommentForm
from posts.share_views import share_addresses
from posts.thread_selectors import Order, comment_cards, comments_of_post
from posts.visibility import visible_comments

COMMENTS_A_PAGE = 20
ORDERS = {
    Order.OLDEST: _("Oldest"),
    Order.NEWEST: _("Newest"),
    Order.TOP: _("Top"),
}


def order_of(request: HttpRequest) -> Order:
    """The order that was asked for; the oldest first unless it is one of ours."""
    asked = request.GET.get("order", "")
    return Order(asked) if asked in list(Order) else Order.OLDEST


def comments_context(request: HttpRequest, shown: Post, cursor: str | None) -> dict[str, Any]:
    """A page of comments: cards, where it goes on, and the tabs of its orders.

    Cost: `comments_of_post`, `visible_comments`, `comment_cards`.
    """
    order = order_of(request)
    page = comments_of_post(shown.id, cursor=cursor, limit=COMMENTS_A_PAGE, order=order, spread=shown.spread)
    address = reverse("posts:post", args=[shown.id])
    query = {} if order is Order.OLDEST else {"order": order.value}
    viewer_id = viewer_of(request)
    return {
        "cards": comment_cards(viewer_id, shown, visible_comments(viewer_id, shown, page.items)),
        "next_url": f"{address}?{urlencode({**query, 'cursor': page.next_cursor})}"
        if page.next_cursor
        else "",
        "first_url": f"{address}?{urlencode(query)}" if cursor else "",
        "order": order,
        "orders": ORDERS.items(),
    }


def post_page(
    request: HttpRequest, shown: Post, comments: dict[str, Any], form: CommentForm, status: int = 200
) -> HttpResponse:
    """The page itself.

    Cost: `post_cards`.
    """
    card = selectors.post_cards(viewer_of(request), [shown])[0]
    context = {
        "card": card,
        "post_id": shown.id,
        "comments": comments,
        "form": form,
        "viewer": viewer_card(request),
        "closed": closed_reason(viewer_of(request), shown, is_open=card.can_comment),
        "can_comment": card.can_comment,
        "share": share_addresses(request, card),
    }
    return render(request, "posts/post.html", context, status=status)


def viewer_card(request: HttpRequest) -> ProfileCard | None:
    """Who is looking, for the form of a comment."""
    viewer_id = viewer_of(request)
    return profiles_by_ids([viewer_id]).get(viewer_id) if viewer_id is not None else None
