"""Gunicorn's worker with threads, which ends within two seconds or so whatever browsers keep open.

What lasted, and what is done about it:

    event streams            each looked once a second whether it was to end        told at once
    connections that idle    kept for two seconds, for requests on their way        for one; gunicorn's own rule otherwise
    connections of which     held a thread for five seconds, were then kept         held for half a second, closed at once;
      nothing has been read    for five more: browsers open some ahead                a browser asks again on another one

What has waited long for a thread is known to `config.shedding`.
"""

import time
from types import FrameType

from gunicorn.workers import gthread

from config import closing, shedding

FIRST_BYTE_SECONDS = 0.5
gthread.STOP_KEEPALIVE_LINGER = 1.0


class Worker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Requests that have begun have `graceful_timeout` to end."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: streams end now."""
        super().handle_exit(sig, frame)
        closing.begin()

    def enqueue_req(self, conn: gthread.TConn) -> None:
        """Have a connection served as soon as there is a thread for it."""
        conn.enqueued_at = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: gthread.TConn) -> object:
        """Serve a connection; one that says nothing waits in the poller, not in a thread."""
        shedding.asked_at.set(conn.enqueued_at)
        if not (conn.initialized or conn.data_ready or conn.wait_for_data(FIRST_BYTE_SECONDS)):
            return gthread._DEFER  # noqa: SLF001  # what `handle` itself answers after five seconds
        return super().handle(conn)

    def murder_pending(self) -> None:
        """Close those that have said nothing for long; those that have said nothing at all, at the end."""
        if not self.alive:
            for conn in self.pending_conns:
                conn.timeout = 0.0
        super().murder_pending()
