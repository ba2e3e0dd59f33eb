"""What one chooses for a follow, and the end of somebody else's: notifications, kind, removing a follower."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.pages import return_path, signed_in_id, signed_in_post, wants_piece
from config.rates import limited
from graph import removals, services
from graph.blocks import profile_seen, profile_seen_by_handle
from graph.errors import ListHidden
from graph.forms import FollowSettingsForm, RestoreForm
from graph.known import known_followers


@signed_in_post
@limited("mark")
def settings(request: HttpRequest, user_id: int) -> HttpResponse:
    """Notifications on or off, a friend or not."""
    form = FollowSettingsForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    services.follow_update(follower_id=signed_in_id(request), followee_id=UserId(user_id), **form.chosen())
    messages.success(request, _("Changed. Nobody but you knows."))
    return redirect(return_path(request, fallback="/"))


@signed_in_post
@limited("remove")
def remove_follower(request: HttpRequest, user_id: int) -> HttpResponse:
    """End somebody's follow; the row, or the page, offers to undo it."""
    viewer_id, follower_id = signed_in_id(request), UserId(user_id)
    undo = removals.follower_remove(followee_id=viewer_id, follower_id=follower_id)
    profile = profiles_by_ids([follower_id]).get(follower_id)
    if undo is None or profile is None or not profile.is_active:
        return HttpResponse("") if wants_piece(request) else redirect(_own_followers(viewer_id))
    context = {"profile": profile, "undo": undo, "back_url": _own_followers(viewer_id)}
    return render(request, "graph/_removed.html" if wants_piece(request) else "graph/removed.html", context)


@signed_in_post
@limited("remove")
def restore_follower(request: HttpRequest, user_id: int) -> HttpResponse:
    """Undo that."""
    viewer_id, follower_id = signed_in_id(request), UserId(user_id)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    removals.follower_restore(followee_id=viewer_id, follower_id=follower_id, undo=form.cleaned_data["undo"])
    if not wants_piece(request):
        return redirect(_own_followers(viewer_id))
    context = {"profile": profile_seen(viewer_id, follower_id)}
    return render(request, "graph/_restored.html", context)


@login_required
@require_safe
def known(request: HttpRequest, handle: str) -> HttpResponse:
    """Followed by people you know."""
    viewer_id = signed_in_id(request)
    owner = profile_seen_by_handle(viewer_id, handle)
    try:
        context = {"profile": owner, "side": "known", "known": known_followers(viewer_id, owner)}
    except ListHidden as hidden:
        context = {"profile": owner, "side": "known", "hidden": hidden}
        return render(request, "graph/known.html", context, status=hidden.http_status)
    return render(request, "graph/known.html", context)


def _own_followers(viewer_id: UserId) -> str:
    return reverse("graph:followers", args=[profiles_by_ids([viewer_id])[viewer_id].handle])
