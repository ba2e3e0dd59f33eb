"""Lists of an archived account: opening one has it fetched, and says so until it is there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.entities import ProfileCard
from config.entities import UserId
from config.pages import viewer_of
from graph.archive_entities import Fetching
from graph.archive_return import edges_wanted, fetching_of
from graph.blocks import profile_seen_by_handle
from graph.people import can_view_lists


def list_fetching(viewer_id: UserId | None, owner: ProfileCard) -> Fetching | None:
    """How far the owner's lists are on their way back, for who may see them; None if they are all there.

    Who is signed in has them fetched by asking. Nobody else: a robot that opens every page would have everything fetched.

    Cost: nothing for an account that is not archived; else as `edges_wanted`.
    """
    if not owner.is_archived or not can_view_lists(viewer_id, owner):
        return None
    return fetching_of(owner.id) if viewer_id is None else edges_wanted(user_id=owner.id)


@require_safe
def fetching(request: HttpRequest, handle: str) -> HttpResponse:
    """How far it is, asked for again by the page that waits; in the end that page is loaded anew."""
    viewer_id = viewer_of(request)
    owner = profile_seen_by_handle(viewer_id, handle)
    found = list_fetching(viewer_id, owner)
    response = render(request, "graph/_fetching.html", {"profile": owner, "fetching": found})
    if found is None or found.lost:
        response["HX-Refresh"] = "true"
    return response
