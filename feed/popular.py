"""The most followed people of this site, for whom nothing better can be suggested to.

Who they are, honestly: the 100 authors registered as pulled first (the celebrities, by the policy's own measure) and
the 100 public accounts that joined last, those with the most followers first. Both lists are bounded reads; nothing
walks all accounts.
"""

from itertools import chain
from typing import Final

from accounts.models import User
from config.cache import Kind, Tiered
from config.entities import UserId
from feed import repository
from graph.selectors import counts_by_ids
from graph.suggestion_entities import Candidate, Source

EVERYBODY: Final = "all"
SOURCE_SIZE: Final = 100
POPULAR: Final = 50


def _read(rows: list[list[int]]) -> list[tuple[UserId, int]]:
    return [(UserId(user_id), followers) for user_id, followers in rows]


# Public names in an order: it may be answered a minute past its time, while one process works it out anew.
RANKED: Final[Tiered[str, list[tuple[UserId, int]]]] = Tiered(
    Kind("feed_popular", seconds=60, stale_seconds=60, local_seconds=5), write=list, read=_read
)


def popular_candidates() -> list[Candidate]:
    """The most followed of the two sources; worked out anew each minute. Whom nobody follows is not popular, but new.

    Cost: 1 cache read; each minute 3 requests, 101 read units and 1 SQL query more, of which readers wait for none.
    """
    ranked = RANKED.get(EVERYBODY, lambda _keys: {EVERYBODY: _ranked()}) or []
    return [Candidate(user_id, Source.POPULAR if followers else Source.NEW) for user_id, followers in ranked]


def _ranked() -> list[tuple[UserId, int]]:
    celebrities = [author_id for _version, author_id in repository.registry_since(0, limit=SOURCE_SIZE)]
    public = User.objects.filter(is_active=True, profile__is_private=False)
    newest = public.order_by("-id").values_list("id", flat=True)[:SOURCE_SIZE]
    counted = counts_by_ids([UserId(user_id) for user_id in chain(celebrities, newest)])
    followers = [(user_id, counts.followers) for user_id, counts in counted.items()]
    return sorted(followers, key=lambda row: (-row[1], row[0]))[:POPULAR]
