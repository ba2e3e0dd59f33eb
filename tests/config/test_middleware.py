"""Around a request: its id, its log line, its headers."""

import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

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
