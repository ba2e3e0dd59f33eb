"""A worker that lives says so every second, of each task that it holds: who is silent has its tasks given to others.

    worker    takes ... pulse ... pulse ... (killed)
    broker    held since     now       now        8 s of silence: queued again, by whichever worker looks next

Redis gives a task away for a time that is set once (`visibility_timeout`). Long, a killed worker's tasks lie for minutes;
short, a slow task runs twice at once. So it is short, and the time begins anew at each pulse. A task that hangs while its
worker lives is ended by its time limit. A worker that slept finds its tasks done by others: they may run twice, as tasks may.

Other brokers have their own ways: of SQS the time is ROOST_REDELIVERY_SECONDS, and there is no pulse.
"""

import time
from typing import Any, Final

import structlog
from celery import bootsteps
from celery.worker import state

from config.streams.outages import OUTAGES

logger = structlog.get_logger()

EVERY_SECONDS: Final = 1.0


class Pulse(bootsteps.StartStopStep):
    """Says it by the timer of the worker's own loop: a loop that is stuck has no pulse, and should have none."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._entry: Any = None

    def start(self, consumer: Any) -> None:
        """Begin, with the connection that has just been made."""
        channel = consumer.task_consumer.channel
        if channel.connection.client.transport.driver_type == "redis":
            self._entry = consumer.timer.call_repeatedly(EVERY_SECONDS, tasks_hold, (channel,))

    def stop(self, _consumer: Any) -> None:
        """The connection is gone, or the worker ends."""
        if self._entry is not None:
            self._entry.cancel()
            self._entry = None


def tasks_hold(channel: Any) -> None:
    """Say of all tasks of this worker that it holds them, waiting ones too; what was acknowledged meanwhile stays so.

    Cost: 1 request to the broker; none without tasks.
    """
    requests = [*state.reserved_requests, *state.scheduled_requests]  # type: ignore[attr-defined]  # newer than the stubs
    now = time.time()
    held = {request.message.delivery_tag: now for request in requests}
    if not held:
        return
    try:
        with channel.conn_or_acquire() as client:
            client.zadd(channel.unacked_index_key, held, xx=True)
    except OUTAGES as error:
        logger.debug("pulse_not_heard", tasks=len(held), error=repr(error))
