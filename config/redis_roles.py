"""What Redis is used for, which server does it, and how that server stands with this process.

    cache    pages' parts, posts, hints, stamps     ROOST_CACHE_URL
    rates    token buckets, churn                   ROOST_RATES_URL, else the cache's server
    broker   Celery's queues, the ledger of tasks   ROOST_BROKER_URL

Each may be a server of its own; roles that share one share its breaker, so it costs one time limit whatever it serves.
Sessions are no role: they are in the accounts' database, and people stay signed in whatever becomes of Redis.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from django.conf import settings

from config.breaker import Breaker, State, breaker_of
from config.metrics import CACHE_BREAKER, REDIS_OPEN


class Role(StrEnum):
    """What a server is there for."""

    CACHE = "cache"
    RATES = "rates"
    BROKER = "broker"


def breaker_for(role: Role) -> Breaker:
    """That of the server of a role."""
    return _BREAKERS[role]


def states() -> dict[str, State]:
    """Of each role, as this process sees it. Asks nobody."""
    return {role.value: breaker.state for role, breaker in _BREAKERS.items()}


def _counting(role: Role) -> Callable[[State], None]:
    def told(state: State) -> None:
        REDIS_OPEN.labels(role.value).set(state is not State.CLOSED)
        if state is State.OPEN:
            CACHE_BREAKER.labels(role.value).inc()

    return told


def _watched(role: Role, url: str) -> Breaker:
    breaker = breaker_of(url)
    breaker.told.append(_counting(role))
    return breaker


_BREAKERS: Final = {
    Role.CACHE: _watched(Role.CACHE, settings.CACHES["default"]["LOCATION"]),
    Role.RATES: _watched(Role.RATES, settings.CACHES["rates"]["LOCATION"]),
    Role.BROKER: _watched(Role.BROKER, settings.CELERY_BROKER_URL),
}
