"""Several at once: threads that leave no connection to the accounts' database behind."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from typing import Any

from django.db import connections


class Hands(ThreadPoolExecutor):
    """A pool for tests. Django opens a connection for every thread, and closes only those of requests."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        @wraps(fn)
        def work(*args: Any, **kwargs: Any) -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                connections.close_all()

        return super().submit(work, *args, **kwargs)
