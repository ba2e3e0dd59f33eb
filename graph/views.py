"""Pages of the graph: lists of people, requests, and the follow button.

Every action is a plain form that comes back to the page it was on; htmx asks for the changed piece instead.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.pages import return_path, signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates import limited
from graph import approvals, people, selectors, services
from graph.answers import more_url, row_gone
from graph.archive_views import list_fetching
from graph.blocks import blocked_among, profile_seen, profile_seen_by_handle
from graph.entities import FollowState, Relationship, Side
from graph.errors import ListHidden
from graph.forms import ListForm
from graph.limits import limited_follow, limited_unfollow
from graph.own_changes import counts_seen_by, remembered
from graph.services import active_profile


@require_safe
@vary_on_headers("HX-Request")
def followers(request: HttpRequest, handle: str) -> HttpResponse:
    """Who follows this account."""
    return _people_page(request, handle, Side.FOLLOWER)


@require_safe
@vary_on_headers("HX-Request")
def following(request: HttpRequest, handle: str) -> HttpResponse:
    """Whom this account follows."""
    return _people_page(request, handle, Side.FOLLOWING)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def requests_in(request: HttpRequest) -> HttpResponse:
    """Who asks to follow the viewer."""
    return _requests_page(request, Side.REQUEST_IN)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def requests_out(request: HttpRequest) -> HttpResponse:
    """Whom the viewer asks to follow."""
    return _requests_page(request, Side.REQUEST_OUT)


@signed_in_post
@limited_follow
def follow(request: HttpRequest, user_id: int) -> HttpResponse:
    """Follow, or ask to."""
    viewer_id, followee_id = signed_in_id(request), UserId(user_id)
    with remembered(viewer_id, followee_id):
        state = services.follow_create(follower_id=viewer_id, followee_id=followee_id)
    relationship = Relationship(
        following=state is FollowState.FOLLOWING, requested=state is FollowState.REQUESTED
    )
    return _button_answer(request, active_profile(followee_id), lambda: relationship)


@signed_in_post
@limited_unfollow
def unfollow(request: HttpRequest, user_id: int) -> HttpResponse:
    """Stop following."""
    viewer_id, followee_id = signed_in_id(request), UserId(user_id)
    with remembered(viewer_id, followee_id):
        services.follow_delete(follower_id=viewer_id, followee_id=followee_id)
    return _left_answer(request, followee_id)


@signed_in_post
@limited_unfollow
def cancel(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take back a request."""
    viewer_id, followee_id = signed_in_id(request), UserId(user_id)
    services.request_cancel(follower_id=viewer_id, followee_id=followee_id)
    return _left_answer(request, followee_id)


@signed_in_post
@limited("answer")
def approve(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let somebody follow; their row stays, with a button to follow back."""
    viewer_id, follower_id = signed_in_id(request), UserId(user_id)
    services.request_approve(follower_id=follower_id, followee_id=viewer_id)
    if not wants_piece(request):
        return redirect(return_path(request, fallback=reverse("graph:requests")))
    known = selectors.relationships(viewer_id, [follower_id])
    context = {"profile": active_profile(follower_id), "relationship": known[follower_id]}
    return render(request, "graph/_approved.html", context | {"next_url": reverse("graph:requests")})


@signed_in_post
@limited("answer")
def decline(request: HttpRequest, user_id: int) -> HttpResponse:
    """Say no; the row goes."""
    services.request_decline(follower_id=UserId(user_id), followee_id=signed_in_id(request))
    return row_gone(request, fallback=reverse("graph:requests"))


@signed_in_post
@limited("answer")
def approve_all(request: HttpRequest) -> HttpResponse:
    """Let everybody follow who asks; the page shows how far it is."""
    approvals.requests_approve_all(owner_id=signed_in_id(request))
    return redirect("graph:requests")


@login_required
@require_safe
def approval(request: HttpRequest) -> HttpResponse:
    """How far it is, asked for again while it goes on."""
    found = approvals.approval_of(signed_in_id(request))
    response = render(request, "graph/_approval.html", {"approval": found})
    if found is None or found.done:
        response["HX-Refresh"] = "true"  # the page that asks still has the rows that were approved
    return response


@require_safe
def counts(request: HttpRequest, user_id: int) -> HttpResponse:
    """The two counts of a header, asked for again after the viewer followed or left: that shows in them at once."""
    viewer_id = viewer_of(request)
    profile = profile_seen(viewer_id, UserId(user_id))
    context = {"profile": profile, "counts": counts_seen_by(viewer_id, profile.id)}
    return render(request, "graph/_counts.html", context)


def _people_page(request: HttpRequest, handle: str, side: Side) -> HttpResponse:
    viewer_id = viewer_of(request)
    owner = profile_seen_by_handle(viewer_id, handle)
    cursor = request.GET.get("cursor") or None
    form = ListForm(request.GET)
    by_handle = form.by_handle()
    context: dict[str, Any] = {
        "profile": owner,
        "side": side.name.lower(),
        "form": form,
        "by_handle": by_handle,
        "is_own": viewer_id == owner.id,
    }
    status = 200
    try:
        fetching = list_fetching(viewer_id, owner)
        context |= {"fetching": fetching, "people": []}
        if fetching is None or fetching.lost:
            page = people.people_page(viewer_id, owner, side, cursor=cursor, by_handle=by_handle)
            context |= {"people": page.items, "more_url": more_url(request, page.next_cursor)}
    except ListHidden as hidden:
        context |= {"people": [], "hidden": hidden}
        status = hidden.http_status
    if cursor and wants_piece(request):
        return render(request, "graph/_people.html", context, status=status)
    context["counts"] = selectors.counts(owner.id)
    context["relationship"] = (
        selectors.relationships(viewer_id, [owner.id]).get(owner.id) if viewer_id else None
    )
    return render(request, "graph/people.html", context, status=status)


def _requests_page(request: HttpRequest, side: Side) -> HttpResponse:
    viewer_id, cursor = signed_in_id(request), request.GET.get("cursor") or None
    is_piece = bool(cursor) and wants_piece(request)
    context: dict[str, Any] = {"side": side.name.lower()}
    if side is Side.REQUEST_IN and not is_piece:
        # Before the rows: a page that says that all are approved has none of them left.
        context["approval"] = approvals.approval_of(viewer_id)
    page = people.requests_page(viewer_id, side, cursor=cursor)
    context |= {"people": page.items, "more_url": more_url(request, page.next_cursor)}
    if is_piece:
        return render(request, "graph/_people.html", context)
    return render(request, "graph/requests.html", context)


def _left_answer(request: HttpRequest, followee_id: UserId) -> HttpResponse:
    """After leaving or withdrawing: the account may be gone or hidden meanwhile, and its button with it."""
    viewer_id = signed_in_id(request)
    profile = profiles_by_ids([followee_id]).get(followee_id)
    if profile is None or not profile.is_active or blocked_among(viewer_id, [followee_id]):
        return HttpResponse("") if wants_piece(request) else redirect(return_path(request, fallback="/"))
    return _button_answer(
        request,
        profile,
        lambda: selectors.relationships(viewer_id, [followee_id], consistent=True)[followee_id],
    )


def _button_answer(
    request: HttpRequest, profile: ProfileCard, relationship: Callable[[], Relationship]
) -> HttpResponse:
    """Back to the page, or the button as it is now; headers that show counts hear of it and ask again."""
    next_url = return_path(request, fallback=reverse("feed:profile", args=[profile.handle]))
    if not wants_piece(request):
        return redirect(next_url)
    context = {"profile": profile, "relationship": relationship(), "next_url": next_url}
    response = render(request, "graph/_follow_button.html", context)
    return trigger_client_event(response, f"graph:changed-{profile.id}")
