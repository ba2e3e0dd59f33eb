"""The graph's parts of an export: whom one follows and is followed by, requests, blocks, mutes, close friends.

Only what is one's own: other people are named as their profile names them to everybody; who is gone is an id alone; and
nothing tells who has blocked one, muted one, or has one as a close friend.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.export_parts import PAGE, ExportPage, Record, export_part, iso_of_ms
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.errors import Unavailable
from graph.archive_return import edges_are_coming
from graph.blocks import blocked_among
from graph.entities import Edge, FollowKind, Side
from graph.keys import out_edge_key
from graph.mark_repository import Mark
from graph.marks import marks_page
from graph.repository import slots_get
from graph.selectors import counts, edges_page, followees_among


@export_part(
    "following",
    order=50,
    title=_("Following"),
    about=_("Whom you follow."),
    labels={"notify": _("Notified of posts"), "kind": _("Kind")},
    total=lambda user_id: counts(user_id).following,
)
def following(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 query and 1 batch of 0.5 read units each, and the cached profiles. Raises: Unavailable."""
    _require_edges(user_id)
    page = edges_page(Side.FOLLOWING, user_id, cursor=cursor, limit=PAGE)
    records = _people(Side.FOLLOWING, page.items)
    slots = slots_get([out_edge_key(user_id, edge.followee_id) for edge in page.items]) if page.items else []
    for record, slot in zip(records, slots, strict=True):
        chosen: dict[str, Any] = slot or {}
        record["notify"] = chosen.get("notify", False)
        record["kind"] = FollowKind(chosen.get("kind", FollowKind.FOLLOW)).value
    return ExportPage(records, cursor=page.next_cursor)


@export_part(
    "followers",
    order=52,
    title=_("Followers"),
    about=_("Who follows you."),
    total=lambda user_id: counts(user_id).followers,
)
def followers(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 query, and the cached profiles. Raises: Unavailable."""
    _require_edges(user_id)
    page = edges_page(Side.FOLLOWER, user_id, cursor=cursor, limit=PAGE)
    return ExportPage(_people(Side.FOLLOWER, page.items), cursor=page.next_cursor)


@export_part("requests_received", order=54, title=_("Requests to you"), about=_("Who asks to follow you."))
def requests_received(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 query, and the cached profiles."""
    page = edges_page(Side.REQUEST_IN, user_id, cursor=cursor, limit=PAGE)
    return ExportPage(_people(Side.REQUEST_IN, page.items), cursor=page.next_cursor)


@export_part("requests_sent", order=56, title=_("Requests of yours"), about=_("Whom you asked to follow."))
def requests_sent(user_id: UserId, cursor: str | None) -> ExportPage:
    """Those that a follow has overtaken are left out. Cost: 1 query, 1 batch, and the cached profiles."""
    page = edges_page(Side.REQUEST_OUT, user_id, cursor=cursor, limit=PAGE)
    followed = followees_among(user_id, [edge.followee_id for edge in page.items])
    waiting = [edge for edge in page.items if edge.followee_id not in followed]
    return ExportPage(_people(Side.REQUEST_OUT, waiting), cursor=page.next_cursor)


@export_part("blocked", order=60, title=_("Blocked"), about=_("Whom you blocked. They are not told."))
def blocked(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 query, and the cached profiles."""
    return _marked(user_id, Mark.BLOCK, cursor)


@export_part(
    "muted",
    order=62,
    title=_("Muted"),
    about=_("Whose posts you do not want at home."),
    labels={"muted_until": _("Until")},
)
def muted(user_id: UserId, cursor: str | None) -> ExportPage:
    """Those that have not ended. Cost: 1 query, 2 batches, and the cached profiles."""
    return _marked(user_id, Mark.MUTE, cursor)


@export_part("close_friends", order=64, title=_("Close friends"), about=_("Your list. They are not told."))
def close_friends(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 query, 1 batch, and the cached profiles."""
    return _marked(user_id, Mark.CLOSE, cursor)


def _require_edges(user_id: UserId) -> None:
    """Edges that were archived are called back, and waited for; nothing is left out, not even what is lost.

    Raises: Unavailable.
    """
    if edges_are_coming(user_id, or_lost=True):
        raise Unavailable


def _people(side: Side, edges: list[Edge]) -> list[Record]:
    others = [edge.followee_id if side.is_out else edge.follower_id for edge in edges]
    named = _named(others)
    return [
        {"id": str(edge.id), "created_at": iso_of_ms(edge.created_at_ms), "person": named[other_id]}
        for edge, other_id in zip(edges, others, strict=True)
    ]


def _marked(user_id: UserId, mark: Mark, cursor: str | None) -> ExportPage:
    page = marks_page(user_id, mark, cursor=cursor, limit=PAGE)
    others = [marked.other_id for marked in page.items]
    # Whom one has blocked oneself, one knows of; who has blocked one may not be seen through one's older marks.
    hidden = blocked_among(user_id, others) if mark is not Mark.BLOCK else set()
    named = _named(others)
    records = []
    for marked in page.items:
        if marked.other_id in hidden:
            continue
        record: Record = {"id": str(marked.id), "created_at": iso_of_ms(marked.since_ms)}
        record["person"] = named[marked.other_id]
        if mark is Mark.MUTE:
            record["muted_until"] = iso_of_ms(marked.until_ms)
        records.append(record)
    return ExportPage(records, cursor=page.next_cursor)


def _named(user_ids: list[UserId]) -> dict[UserId, Record]:
    """People as everybody sees them; of who is gone or switched off, the id."""
    cards = profiles_by_ids(user_ids)
    named: dict[UserId, Record] = {}
    for user_id in user_ids:
        card = cards.get(user_id)
        seen = card if card is not None and card.is_active else None
        named[user_id] = {
            "id": str(user_id),
            "handle": seen.handle if seen else None,
            "name": seen.name if seen else None,
        }
    return named
