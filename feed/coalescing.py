"""Work that many events ask for and one run of it does: at most one waits in the queue for each key."""

from collections.abc import Callable
from typing import TypeVar

from config import cache

K = TypeVar("K", bound=int)


def queue_once(kind: str, key: K, queue: Callable[[K], object], *, ttl_seconds: float) -> None:
    """Queue a run for this key unless one waits already. The run begins with `run_begins`.

        event   claims, queues ..... event: claimed, done ..... run lets the claim go, then reads .... event: claims
    A run reads after it has let go, so that every event is before a run that sees what it tells of.

    Redis away: no claim, a run for every event. `ttl_seconds` is longer than a run waits, as a rule; if it waits longer,
    a second one is queued and does no harm.
    Raises: what `queue` raises; the claim is let go, and the stream's record comes again.
    """
    if not cache.claim(kind, key, ttl_seconds=ttl_seconds, without=True):
        return
    try:
        queue(key)
    except Exception:
        run_begins(kind, key)
        raise


def run_begins(kind: str, key: int) -> None:
    """Let the claim go: what happens from now on queues another run."""
    cache.delete(kind, key)
