"""Pages of what one marks others as: blocked, muted, close friends. Plain forms, with and without script."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from config.entities import UserId
from config.pages import return_path, signed_in_id, signed_in_post, wants_piece
from config.rates import limited, take
from graph import blocks, close_friends, mutes, people
from graph.answers import more_url, row_gone
from graph.blocks import profile_seen
from graph.forms import MuteForm
from graph.mark_repository import Mark


@login_required
@require_safe
@vary_on_headers("HX-Request")
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom the viewer blocks."""
    return _marked_page(request, Mark.BLOCK)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def muted(request: HttpRequest) -> HttpResponse:
    """Whom the viewer mutes."""
    return _marked_page(request, Mark.MUTE)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def close(request: HttpRequest) -> HttpResponse:
    """The viewer's close friends."""
    return _marked_page(request, Mark.CLOSE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask, then block; the list of blocked people, with the way back, comes next."""
    viewer_id, other_id = signed_in_id(request), UserId(user_id)
    if request.method != "POST":
        return render(request, "graph/block.html", {"profile": profile_seen(viewer_id, other_id)})
    take("block", user_id=viewer_id)
    blocks.block_create(blocker_id=viewer_id, blocked_id=other_id)
    messages.success(request, _("Blocked. You no longer see each other."))
    return redirect("graph:blocked")


@signed_in_post
@limited("block")
def unblock(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a block back."""
    blocks.block_delete(blocker_id=signed_in_id(request), blocked_id=UserId(user_id))
    return row_gone(request, fallback=reverse("graph:blocked"), message=_("Unblocked."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for how long, then mute."""
    viewer_id, other_id = signed_in_id(request), UserId(user_id)
    profile = profile_seen(viewer_id, other_id)
    form = MuteForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "graph/mute.html", {"profile": profile, "form": form}, status=status)
    take("mark", user_id=viewer_id)
    mutes.mute_create(muter_id=viewer_id, muted_id=other_id, days=form.cleaned_data["days"])
    messages.success(request, _("Muted. Nobody but you knows."))
    return redirect("feed:profile", profile.handle)


@signed_in_post
@limited("mark")
def unmute(request: HttpRequest, user_id: int) -> HttpResponse:
    """Hear of somebody again."""
    mutes.mute_delete(muter_id=signed_in_id(request), muted_id=UserId(user_id))
    return row_gone(request, fallback=reverse("graph:muted"), message=_("No longer muted."))


@signed_in_post
@limited("mark")
def close_add(request: HttpRequest, user_id: int) -> HttpResponse:
    """Put somebody on the list of close friends."""
    close_friends.close_friend_add(owner_id=signed_in_id(request), member_id=UserId(user_id))
    messages.success(request, _("Now among your close friends. Nobody but you knows."))
    return redirect(return_path(request, fallback=reverse("graph:close_friends")))


@signed_in_post
@limited("mark")
def close_remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take somebody off it."""
    close_friends.close_friend_remove(owner_id=signed_in_id(request), member_id=UserId(user_id))
    return row_gone(
        request, fallback=reverse("graph:close_friends"), message=_("No longer among your close friends.")
    )


def _marked_page(request: HttpRequest, mark: Mark) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    page = people.marked_page(signed_in_id(request), mark, cursor=cursor)
    context = {
        "people": page.items,
        "mark": mark.name.lower(),
        "more_url": more_url(request, page.next_cursor),
    }
    is_piece = cursor and wants_piece(request)
    return render(request, "graph/_marked.html" if is_piece else "graph/marked.html", context)
