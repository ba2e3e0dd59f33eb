"""Is it alive, is it ready, what does it count: for supervisors, load balancers and Prometheus.

/healthz  the process answers; asks nobody else, so an engine that is away never has web processes restarted.
/readyz   each engine asked at once, each within a time limit. 503 only without what every page needs (database,
          DynamoDB); without Redis it is 200 and says "degraded", for posts and follows are still taken. "redis" is how
          this process stands with it, by role: closed is well, open goes without, settling soon asks again.
/metrics  for programs in the house only: see `may_read_metrics`.
"""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any

import redis
import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from kombu.exceptions import KombuError

from config import metrics as counted
from config.celery import app
from config.dynamodb.client import client
from config.dynamodb.tables import registry
from config.queues import show_waiting
from config.redis_roles import states

LIMIT_SECONDS = 1.5
SLOW_MS = 500
NEEDED = frozenset({"database", "dynamodb"})
_AWAY = (BotoCoreError, ClientError, DatabaseError, KombuError, redis.RedisError, OSError)

logger = structlog.get_logger()


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Alive."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Ready, degraded or down, and which engine makes it so. Causes are logged, not shown."""
    checks = run_checks(CHECKS)
    failed = {name for name, check in checks.items() if check["status"] == "down"}
    status = "down" if failed & NEEDED else "degraded" if _any_not_ok(checks) else "ok"
    answer = {"status": status, "checks": checks, "redis": states()}
    return JsonResponse(answer, status=503 if status == "down" else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What `config.metrics` counted. To everyone else this address does not exist."""
    if not may_read_metrics(request):
        raise Http404
    show_waiting()
    body, content_type = counted.written()
    return HttpResponse(body, content_type=content_type)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whoever has the token; without a token set, a program on this machine that did not come through a proxy.

    A reverse proxy on the same machine also calls from the loopback address, so a header that proxies add refuses.
    """
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), token.encode())
    through_proxy = any(
        name in request.headers for name in ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")
    )
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not through_proxy


def run_checks(checks: dict[str, Callable[[], None]]) -> dict[str, dict[str, Any]]:
    """Each engine's status and how long it took, all asked at the same time.

    Cost: LIMIT_SECONDS at most; a check that hangs is left to end by its own time limits.
    """
    pool = ThreadPoolExecutor(len(checks), thread_name_prefix="readyz")
    # Each in a copy of this context: its log lines belong to this request.
    asked = {name: pool.submit(copy_context().run, _timed, name, check) for name, check in checks.items()}
    wait(asked.values(), timeout=LIMIT_SECONDS)
    pool.shutdown(wait=False)
    return {name: _result(name, future) for name, future in asked.items()}


def _timed(name: str, check: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
        status = "ok"
    except _AWAY as cause:
        logger.warning("engine_away", engine=name, cause=str(cause))
        status = "down"
    ms = round((time.perf_counter() - started) * 1000, 1)
    return {"status": "degraded" if status == "ok" and ms > SLOW_MS else status, "ms": ms}


def _result(name: str, future: Future[dict[str, Any]]) -> dict[str, Any]:
    if future.done():
        return future.result()
    logger.warning("engine_hangs", engine=name, waited_seconds=LIMIT_SECONDS)
    return {"status": "down", "ms": LIMIT_SECONDS * 1000}


def _any_not_ok(checks: dict[str, dict[str, Any]]) -> bool:
    return any(check["status"] != "ok" for check in checks.values())


def check_database() -> None:
    """One round trip on a connection of this thread, closed with it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def check_dynamodb() -> None:
    """One batch read that touches every table, so that a missing table is seen too.

    Cost: 1 round trip without retries, 0.5 RU a table.
    """
    absent = {"S": "0", "N": "0", "B": b"0"}
    keys = {
        table.physical_name: {
            "Keys": [
                {
                    part.name: {part.type: absent[part.type]}
                    for part in (table.partition_key, table.sort_key)
                    if part
                }
            ]
        }
        for table in registry.values()
    }
    if keys:
        client().batch_get_item(RequestItems=keys)


def check_broker() -> None:
    """A connection to Celery's broker, whichever it is."""
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)


def check_cache() -> None:
    """A ping; at once refused while the breaker is open."""
    get_redis_connection("default").ping()


def check_rates() -> None:
    """The same of the limits' server, where they have one."""
    get_redis_connection("rates").ping()


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "dynamodb": check_dynamodb,
    "broker": check_broker,
    "cache": check_cache,
}
if settings.CACHES["rates"]["LOCATION"] != settings.CACHES["default"]["LOCATION"]:
    CHECKS["rates"] = check_rates
