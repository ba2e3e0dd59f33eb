"""Failures that say nothing about a record: what is outside is away. The record waits in the stream, however long."""

import django.db
import kombu.exceptions
import redis.exceptions

from config.errors import Unavailable

OUTAGES: tuple[type[Exception], ...] = (
    Unavailable,  # DynamoDB throttles or does not answer
    kombu.exceptions.OperationalError,  # the broker, once its publisher has given up
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.OutOfMemoryError,  # noeviction: the broker is full, and will be emptied
    redis.exceptions.ReadOnlyError,  # in the middle of a failover
    django.db.OperationalError,
    django.db.InterfaceError,
)
