"""Django's cache over Redis that goes on in this process's memory while Redis is away.

allauth counts sign-ins, sign-ups and mails in it, under a lock that it takes with `add`. If `add` failed whenever Redis
is away, nobody could sign in; if it always succeeded, nothing would be limited. Counted in memory, a limit still holds in
each process, so it is looser by the number of processes until Redis is back.
"""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from django_redis.exceptions import ConnectionInterrupted

from config.metrics import CACHE_FAIL_OPEN

KIND = "django"
ENTRIES_MAX = 10_000


class FailoverCache(RedisCache):  # type: ignore[misc]  # django-redis counts as untyped here
    """Its `add`, `get`, `set` and `delete` fall back to memory; the rest is a miss, as django-redis has it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._local = LocMemCache(server, {**params, "OPTIONS": {"MAX_ENTRIES": ENTRIES_MAX}})

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("set", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("delete", *args, **kwargs)

    def _try(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(self.client, operation)(*args, **kwargs)
        except ConnectionInterrupted:
            CACHE_FAIL_OPEN.labels(operation, KIND).inc()
            return getattr(self._local, operation)(*args, **kwargs)
