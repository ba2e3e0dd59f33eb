"""How many tasks wait in the broker's queues."""

from collections.abc import Iterable

import structlog
from django.conf import settings
from kombu.exceptions import ChannelError

from config.celery import app
from config.metrics import QUEUE_WAITING
from config.redis_roles import Role, breaker_for
from config.streams.outages import BROKER_AWAY

logger = structlog.get_logger()


def waiting(queues: Iterable[str]) -> int:
    """How many tasks wait in these queues together; those that a worker has taken are not among them.

    Cost: 2 requests to the broker a queue.
    Raises: kombu's OperationalError without a broker.
    """
    with app.connection_or_acquire() as connection:
        return sum(_length(connection.default_channel, name) for name in queues)


def show_waiting() -> None:
    """Have the metrics say how many tasks wait in each queue. Fail-open: without a broker they say what they said.

    Cost: 2 requests to the broker a queue.
    """
    try:
        with breaker_for(Role.BROKER).guarding(*BROKER_AWAY):
            waiting(settings.CELERY_TASK_QUEUES)
    except BROKER_AWAY as error:
        logger.debug("queues_not_counted", error=repr(error))


def _length(channel: object, name: str) -> int:
    try:
        found = channel.queue_declare(queue=name, passive=True)  # type: ignore[attr-defined]  # kombu has no types
        count = int(found.message_count)
    except ChannelError:
        count = 0  # Redis forgets a queue when it is empty
    QUEUE_WAITING.labels(name).set(count)
    return count
