"""Failures that say nothing about a record: what is outside is away. The record waits in the stream, however long."""

import django.db
import kombu.exceptions
import redis.exceptions

from config.errors import Unavailable

BROKER_AWAY: tuple[type[Exception], ...] = (
    kombu.exceptions.OperationalError,  # once its publisher has given up
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
)
OUTAGES: tuple[type[Exception], ...] = (
    Unavailable,  # DynamoDB throttles or does not answer
    *BROKER_AWAY,
    redis.exceptions.OutOfMemoryError,  # noeviction: the broker is full, and will be emptied
    redis.exceptions.ReadOnlyError,  # in the middle of a failover
    django.db.OperationalError,
    django.db.InterfaceError,
)
