"""A user's part of the graph in the administration: counts and the latest edges, a few bounded reads."""

from datetime import UTC, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_panels import register_panel
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from graph.entities import Side
from graph.limits import churn_rows
from graph.selectors import counts, edges_page

LATEST = 10
Row = tuple[str, str, str]


def counts_rows(user_id: UserId) -> list[tuple[str, int]]:
    """The stored counters.

    Cost: 1 read unit, strong: a moderator compares them with the edges.
    """
    stored = counts(user_id, consistent=True)
    return [(_("Followers"), stored.followers), (_("Following"), stored.following)]


def latest_rows(side: Side, user_id: UserId) -> list[Row]:
    """The newest edges of one list: handle, id and when.

    Cost: 0.5 read units and the profiles.
    """
    edges = edges_page(side, user_id, limit=LATEST).items
    others = [(edge.followee_id if side.is_out else edge.follower_id, edge.created_at_ms) for edge in edges]
    cards = profiles_by_ids(other_id for other_id, _at in others)
    return [
        (f"@{cards[other_id].handle}" if other_id in cards else _("deleted"), str(other_id), _when(at_ms))
        for other_id, at_ms in others
    ]


def _when(at_ms: int) -> str:
    return localtime(datetime.fromtimestamp(at_ms / 1000, tz=UTC)).strftime("%Y-%m-%d %H:%M:%S")


register_panel(gettext_lazy("Follow counts"), counts_rows)
register_panel(gettext_lazy("Following and leaving"), churn_rows)
register_panel(gettext_lazy("Latest followers"), lambda user_id: latest_rows(Side.FOLLOWER, user_id))
register_panel(gettext_lazy("Latest followed"), lambda user_id: latest_rows(Side.FOLLOWING, user_id))
register_panel(gettext_lazy("Requests received"), lambda user_id: latest_rows(Side.REQUEST_IN, user_id))
register_panel(gettext_lazy("Requests sent"), lambda user_id: latest_rows(Side.REQUEST_OUT, user_id))
