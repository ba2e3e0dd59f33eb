"""Around a request: its id, its log line, its headers."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from config.logs import current_request_id
from config.middleware import RequestIdMiddleware


def test_every_response_names_its_request(client: Client) -> None:
    one, other = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert one != other
    assert len(one) >= 16


def test_a_proxys_id_is_kept_and_a_harmful_one_is_not(client: Client) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-ID": "from-the-proxy"}).headers["X-Request-ID"]
        == "from-the-proxy"
    )
    assert (
        "<" not in client.get("/healthz", headers={"X-Request-ID": "<script>alert"}).headers["X-Request-ID"]
    )


def test_the_view_works_under_the_requests_id_and_nothing_stays_bound() -> None:
    seen: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_request_id())
        return HttpResponse()

    RequestIdMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "from-the-proxy"}))
    assert seen == ["from-the-proxy"]
    assert current_request_id() is None


def test_each_request_is_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/no-such-page/?token=secret", headers={"X-Request-ID": "from-the-proxy"})
    (line,) = [record.msg for record in caplog.records if record.name == "config.middleware"]
    facts: dict[str, Any] = dict(line)
    assert facts.pop("duration_ms") >= 0
    facts.pop("timestamp")
    assert facts == {
        "event": "request",
        "method": "GET",
        "path": "/no-such-page/",
        "status": 404,
        "request_id": "from-the-proxy",
        "level": "info",
        "logger": "config.middleware",
    }


def test_browsers_are_told_what_no_page_may_do(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_request_that_ends_looks_for_no_connections_to_close() -> None:
    assert not getattr(settings, "DJANGO_REDIS_CLOSE_CONNECTION", False)  # they stay open: there are none
    assert not request_finished.disconnect(close_caches)


def test_each_request_is_counted_and_timed(client: Client) -> None:
    labels = {"method": "GET", "route": "healthz"}

    def told() -> list[float]:
        names = {"roost_http_requests_total": {**labels, "status": "200"}, "roost_http_seconds_count": labels}
        return [REGISTRY.get_sample_value(name, of) or 0 for name, of in names.items()]

    before = told()
    for _twice in range(2):
        client.get("/healthz")
    assert told() == [value + 2 for value in before]
