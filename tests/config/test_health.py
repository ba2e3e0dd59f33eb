"""/healthz, /readyz and /metrics, with engines there and away."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from config import breaker, health
from config.dynamodb.client import client as dynamodb_client
from tests.engines import REDIS
from tests.stack import cache_is_back, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["redis-cache", "redis-broker"])
def redis_stopped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Within the test one of the two Redis is not there; the name of its check."""
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.1)
    REDIS[request.param].kill()
    yield request.param.removeprefix("redis-")
    REDIS[request.param].restart()
    eventually(cache_is_back)


@pytest.fixture
def dynamodb_away(settings: Any) -> Iterator[None]:
    """Within the test nobody listens where DynamoDB should be."""
    engine_url = settings.DYNAMODB_ENDPOINT
    for endpoint in ("http://127.0.0.1:9", engine_url):
        settings.DYNAMODB_ENDPOINT = endpoint
        dynamodb_client.cache_clear()
        # Made here: a check's thread that is late would put a client for the wrong address into the cleared cache.
        dynamodb_client()
        if endpoint != engine_url:
            yield


def test_alive_asks_nobody(client: Client, dynamodb_away: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_with_all_engines(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json()["checks"]) == {"database", "dynamodb", "broker", "cache"}
    assert {check["status"] for check in response.json()["checks"].values()} <= {"ok", "degraded"}


def test_without_a_redis_it_is_degraded_and_says_so(client: Client, redis_stopped: str) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["checks"][redis_stopped]["status"] == "down"
    assert response.json()["checks"]["dynamodb"]["status"] != "down"


def test_a_hanging_broker_is_not_waited_for(client: Client) -> None:
    REDIS["redis-broker"].process.send_signal(signal.SIGSTOP)
    try:
        response = client.get("/readyz")
    finally:
        REDIS["redis-broker"].process.send_signal(signal.SIGCONT)
    assert response.status_code == 200
    assert response.json()["checks"]["broker"] == {"status": "down", "ms": health.LIMIT_SECONDS * 1000}


def test_without_dynamodb_it_is_down(client: Client, dynamodb_away: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert response.json()["checks"]["dynamodb"]["status"] == "down"
    assert "127.0.0.1" not in response.content.decode(), "causes are logged, not shown"


def test_without_a_table_it_is_down(client: Client, settings: Any) -> None:
    settings.TABLE_PREFIX = "never-made-"
    assert client.get("/readyz").status_code == 503


def test_metrics_are_in_prometheus_text_format(client: Client) -> None:
    client.get("/healthz")
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert 'roost_http_requests_total{method="GET",route="healthz",status="200"}' in response.content.decode()


@pytest.mark.parametrize(
    "asker",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_metrics_are_hidden_from_whoever_comes_from_outside(client: Client, asker: dict[str, str]) -> None:
    assert client.get("/metrics", **asker).status_code == 404


def test_with_a_token_set_only_the_token_counts(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "only-for-prometheus"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
    right = {"HTTP_AUTHORIZATION": "Bearer only-for-prometheus", "REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", **right).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_read_only(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
