"""How Django's caches and Celery reach their Redis."""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from config.breaker import connection_class_for
from config.environment import Environment


def redis_cache(url: str, timeout_seconds: float, key_prefix: str) -> dict[str, Any]:
    """One entry of `CACHES`: short time limits, no retries, the breaker below.

    A refused connection costs redis-py's default 3.8 s: fail fast, and serve from DynamoDB instead.
    """
    return {
        "BACKEND": "config.failover_cache.FailoverCache",
        "LOCATION": url,
        "KEY_PREFIX": key_prefix,
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": timeout_seconds,
            "SOCKET_TIMEOUT": timeout_seconds,
            "CONNECTION_POOL_CLASS": "config.breaker.BreakingPool",
            "CONNECTION_POOL_KWARGS": {
                "connection_class": connection_class_for(url),
                "retry": Retry(NoBackoff(), 0),
                "protocol": 2,  # nothing of RESP3 is used, and its handshake is a round trip more
            },
            "IGNORE_EXCEPTIONS": True,
        },
    }


def broker_options(environment: Environment) -> dict[str, Any]:
    """Celery's `broker_transport_options`.

    The time until a task is delivered again is short with Redis, and begins anew while its worker lives (`config.worker_pulse`).
    """
    is_redis = environment.broker_url.startswith(("redis", "sentinel"))
    return {
        "visibility_timeout": environment.silence_seconds if is_redis else environment.redelivery_seconds,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # Whoever looks for silent workers' tasks has a lock; of one killed meanwhile kombu's would stand for five minutes.
        "unacked_mutex_expire": 5,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "health_check_interval": 10,
        "max_retries": 0,
    }
