"""Pages of what an author has deleted or archived, and the forms that put posts there, back, and on top of the profile."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.entities import Page, PostId
from config.pages import return_path, signed_in_id, signed_in_post
from posts import removal, selectors, shelving
from posts.entities import Post
from posts.errors import TooManyPins
from posts.visibility import visible_posts


@login_required
@never_cache
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """What was deleted within 30 days."""
    page = removal.deleted_posts(signed_in_id(request), cursor=request.GET.get("cursor") or None)
    left = removal.days_left(page.items)
    rows = [(card, left[card.post.id]) for card in selectors.post_cards(signed_in_id(request), page.items)]
    return render(request, "posts/deleted.html", {"rows": rows, "more_url": _more(request, page)})


@login_required
@never_cache
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """What was put away."""
    author_id = signed_in_id(request)
    page = shelving.archived_posts(author_id, cursor=request.GET.get("cursor") or None)
    cards = selectors.post_cards(author_id, visible_posts(author_id, page.items))
    context = {"cards": cards, "more_url": _more(request, page)}
    return render(request, "posts/archive.html", context)


@signed_in_post
def restore(request: HttpRequest, post_id: int) -> HttpResponse:
    """Take a deletion back."""
    removal.post_restore(user_id=signed_in_id(request), post_id=PostId(post_id))
    return _done(request, post_id, _("Your post is back."))


@signed_in_post
def put_away(request: HttpRequest, post_id: int) -> HttpResponse:
    """Into the archive."""
    shelving.post_archive(user_id=signed_in_id(request), post_id=PostId(post_id), archived=True)
    return _done(request, post_id, _("Only you can see the post now. It is in your archive."))


@signed_in_post
def put_back(request: HttpRequest, post_id: int) -> HttpResponse:
    """Out of the archive."""
    shelving.post_archive(user_id=signed_in_id(request), post_id=PostId(post_id), archived=False)
    return _done(request, post_id, _("Your post is back."))


@signed_in_post
def pin(request: HttpRequest, post_id: int) -> HttpResponse:
    """On top of the profile."""
    try:
        shelving.post_pin(user_id=signed_in_id(request), post_id=PostId(post_id))
    except TooManyPins as refusal:
        messages.error(request, str(refusal))
        return redirect("posts:edit", post_id)
    return _done(request, post_id, _("The post is pinned to your profile."))


@signed_in_post
def unpin(request: HttpRequest, post_id: int) -> HttpResponse:
    """Down again."""
    shelving.post_unpin(user_id=signed_in_id(request), post_id=PostId(post_id))
    return _done(request, post_id, _("The post is not pinned any more."))


def _done(request: HttpRequest, post_id: int, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(return_path(request, fallback=reverse("posts:post", args=[post_id])))


def _more(request: HttpRequest, page: Page[Post]) -> Any:
    return f"{request.path}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else ""
