"""Notifications of one post as forms: off, and on again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from config.entities import PostId
from config.pages import return_path, signed_in_id, signed_in_post
from config.rates import limited
from posts import muting
from posts.selectors import shown_id


@signed_in_post
@limited("mark")
def mute(request: HttpRequest, post_id: int) -> HttpResponse:
    """Off; the answer says so, with the way back."""
    muting.post_mute(user_id=signed_in_id(request), post_id=PostId(post_id))
    undo_url = reverse("posts:unmute", args=[post_id])
    messages.success(request, _("Notifications for this post are off."), extra_tags=undo_url)
    return redirect(return_path(request, fallback=reverse("posts:post", args=[post_id])))


@signed_in_post
@limited("mark")
def unmute(request: HttpRequest, post_id: int) -> HttpResponse:
    """On again."""
    muting.post_unmute(user_id=signed_in_id(request), post_id=shown_id(PostId(post_id)))
    messages.success(request, _("Notifications for this post are on."))
    return redirect(return_path(request, fallback=reverse("posts:post", args=[post_id])))
