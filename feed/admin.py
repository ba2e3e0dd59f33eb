"""A user's part of the feed in the administration: the head of the inbox and who is pulled, a few bounded reads."""

import time
from datetime import UTC, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_panels import register_panel
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.ids import id_time_ms
from feed import (
    delivery_admin,  # noqa: F401  # it registers itself
    inspection_admin,  # noqa: F401  # so does this
    pulls,
    repository,
)
from feed.ranking.candidates import FROM_THE_TOP
from graph.suggestion_repository import candidates_get

LATEST = 10


def inbox_rows(user_id: UserId) -> list[tuple[str, str, str]]:
    """The newest pushed posts: author, id and when posted.

    Cost: 0.5 read units and the profiles.
    """
    items = repository.inbox_below(user_id, before=FROM_THE_TOP, limit=LATEST, now_seconds=int(time.time()))
    handles = _handles({item.author_id for item in items})
    return [(handles[item.author_id], str(item.post_id), _when(item.post_id)) for item in items]


def pulled_rows(user_id: UserId) -> list[tuple[str, str]]:
    """The authors that this user pulls: handle and id; before them whether this user's own posts are pulled.

    Cost: 2 read units and the profiles.
    """
    own = _("pulled by their readers") if pulls.author_is_pulled(user_id) else _("pushed to their readers")
    stored, _version = repository.pulls_get(user_id)
    handles = _handles(stored.authors)
    return [
        (_("Their own posts"), own),
        *((handles[author], str(author)) for author in sorted(stored.authors)),
    ]


def suggestion_rows(user_id: UserId) -> list[tuple[str, ...]]:
    """Who is suggested to this user first: handle, why, weight; before them when that was worked out.

    Cost: 1 read unit and the profiles. Not filtered as for the user: it is what is stored.
    """
    stored = candidates_get(user_id)
    if stored is None:
        return [(_("Nothing yet: this user has not looked"),)]
    first = stored.line[:LATEST]
    handles = _handles({candidate.user_id for candidate in first})
    return [
        (_("Worked out"), _at(stored.looked_at_ms)),
        (_("Candidates"), str(len(stored.line))),
        *((handles[c.user_id], c.topic or c.source.value, f"{c.weight:.4f}") for c in first),
    ]


def _handles(user_ids: set[UserId] | frozenset[UserId]) -> dict[UserId, str]:
    cards = profiles_by_ids(user_ids)
    return {
        user_id: f"@{cards[user_id].handle}" if user_id in cards else _("deleted") for user_id in user_ids
    }


def _when(an_id: int) -> str:
    return _at(id_time_ms(an_id))


def _at(time_ms: int) -> str:
    return localtime(datetime.fromtimestamp(time_ms / 1000, tz=UTC)).strftime("%Y-%m-%d %H:%M:%S")


register_panel(gettext_lazy("Inbox, newest first"), inbox_rows)
register_panel(gettext_lazy("Push and pull"), pulled_rows)
register_panel(gettext_lazy("Suggested to them"), suggestion_rows)
