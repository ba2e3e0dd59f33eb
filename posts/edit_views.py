"""Pages of an edit and of what a post said before."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import PostId
from config.errors import Invalid
from config.pages import signed_in_id, viewer_of
from config.rates import limited
from posts import editing, selectors
from posts.edit_forms import EditForm
from posts.entities import MediumId, Post
from posts.errors import PostChanged
from posts.media.choosing import media_unused
from posts.media.errors import MediumNotFound, MediumNotReady, MediumUsed, TooManyUploads
from posts.own import own_post
from posts.shelving import is_pinned
from posts.visibility import visible_post


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """Edit a post of one's own."""
    return _save(request, PostId(post_id)) if request.method == "POST" else _show(request, PostId(post_id))


def _show(request: HttpRequest, post_id: PostId) -> HttpResponse:
    post = own_post(signed_in_id(request), post_id)
    return render(request, "posts/edit.html", _context(EditForm(post), post))


@limited("edit")
def _save(request: HttpRequest, post_id: PostId) -> HttpResponse:
    """Back to the post; or the same form with what was refused, and with the post as it is now if that has moved."""
    user_id = signed_in_id(request)
    post = own_post(user_id, post_id)
    form = EditForm(post, request.POST, request.FILES)
    status, is_changed = 422, False
    try:
        if form.is_valid():
            editing.post_edit(user_id=user_id, post_id=post_id, **form.changes())
            messages.success(request, _("Your changes are saved."))
            return redirect("posts:post", post_id)
    except PostChanged as refusal:
        post, status, is_changed = own_post(user_id, post_id), 409, True
        form.refuse(refusal)
        form.look_at(post)
    except (Invalid, MediumNotFound, MediumUsed, MediumNotReady, TooManyUploads) as refusal:
        form.refuse(refusal)
    ids = [MediumId(int(token)) for token in form.tokens if token.isdecimal()]
    form.keep_sent({medium.id: medium.photo for medium in media_unused(user_id, ids)})
    return render(request, "posts/edit.html", _context(form, post, is_changed=is_changed), status=status)


def _context(form: EditForm, post: Post, *, is_changed: bool = False) -> dict[str, Any]:
    return {"form": form, "post": post, "is_changed": is_changed, "is_pinned": is_pinned(post)}


@require_safe
@cache_control(private=True)
@vary_on_headers("Cookie")
def history(request: HttpRequest, post_id: int) -> HttpResponse:
    """What a post said before, as far as it was for the viewer."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    context = {
        "card": selectors.post_cards(viewer_id, [shown])[0],
        "versions": [
            (version, [selectors.photo_card(shown.id, photo) for photo in version.post.photos])
            for version in editing.versions_seen(viewer_id, shown)
        ],
        "is_own": viewer_id == shown.author_id,
    }
    return render(request, "posts/history.html", context)
