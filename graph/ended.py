"""Follows that have ended within the hour, in the cache: the stream may not have told of them yet.

Redis away when a follow ends: who keeps a list of followees shows it for a stream hop longer.
"""

from collections.abc import Iterable
from typing import Final

from config import cache, stamps
from config.entities import UserId

KIND: Final = "follow_ended"
KEPT_SECONDS: Final = 3600


def edges_name(owner_id: UserId) -> str:
    """Who keeps what was made from an owner's slots (follows, requests, blocks) and mutes goes by this stamp."""
    return f"EDGES#{owner_id}"


def ended_note(follower_id: UserId, followee_id: UserId) -> None:
    """A follow has ended just now. Cost: 1 round trip to the cache."""
    cache.set(KIND, _key(follower_id, followee_id), 1, KEPT_SECONDS)
    stamps.forget([edges_name(follower_id)])


def ended_among(follower_id: UserId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of these people whom the follower may have stopped to follow within the hour: all, with the cache away.

    Cost: 1 round trip to the cache.
    """
    keys = {_key(follower_id, user_id): user_id for user_id in user_ids}
    found = cache.get_many_if_there(KIND, keys)
    return set(keys.values()) if found is None else {keys[key] for key in found}


def _key(follower_id: UserId, followee_id: UserId) -> str:
    return f"{follower_id}:{followee_id}"
