"""People to follow, for those whose feed is empty.

Who they are, honestly: the 100 authors registered as pulled first (the celebrities, by the policy's own measure) and
the 100 public accounts that joined last, those with the most followers first. Both lists are bounded reads; nothing
walks all accounts.
"""

from itertools import chain

from accounts.models import User
from accounts.selectors import profiles_by_ids
from config import cache
from config.entities import UserId
from feed import repository
from graph.entities import Person
from graph.selectors import counts_by_ids, relationships

KIND = "feed_popular"
TTL_SECONDS = 60
SOURCE_SIZE = 100
POPULAR = 50
SHOWN = 8


def people_to_follow(reader_id: UserId, *, limit: int = SHOWN) -> list[Person]:
    """Popular people whom the reader neither follows nor has asked to.

    Cost: 1 cache read and 1 batch of 1.5 read units a person of 50; each minute 2 requests and 1 SQL query more.
    """
    popular = [user_id for user_id in _popular_ids() if user_id != reader_id]
    known = relationships(reader_id, popular)
    strangers = [
        user_id
        for user_id in popular
        if not (known[user_id].following or known[user_id].requested or known[user_id].blocked)
    ]
    profiles = profiles_by_ids(strangers)
    shown = [
        profiles[user_id] for user_id in strangers if user_id in profiles and profiles[user_id].is_active
    ]
    return [Person(profile, known[profile.id], since_ms=0) for profile in shown[:limit]]


def _popular_ids() -> list[UserId]:
    """The most followed of the two sources; worked out anew each minute."""
    cached = cache.get(KIND, "all")
    if cached is not None:
        return [UserId(user_id) for user_id in cached]
    celebrities = [author_id for _version, author_id in repository.registry_since(0, limit=SOURCE_SIZE)]
    public = User.objects.filter(is_active=True, profile__is_private=False)
    newest = public.order_by("-id").values_list("id", flat=True)[:SOURCE_SIZE]
    followers = counts_by_ids([UserId(user_id) for user_id in chain(celebrities, newest)])
    ranked = sorted(followers, key=lambda user_id: (-followers[user_id].followers, user_id))[:POPULAR]
    cache.set(KIND, "all", ranked, TTL_SECONDS)
    return ranked
