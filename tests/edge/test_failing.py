"""What the edge does while Roost fails or has removed a file: nginx as it is installed, before an origin that says what it is told.

Roost itself says that a page may be kept for ten seconds, and a minute longer while it is fetched anew. This origin says one
second, so that what follows comes at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from config.edge.asking import PATH, VERSION_HEADER
from config.edge.opting import ASKED_FAILING_SECONDS, PRIVATE, file_policy
from deploy.local.edge import edge, find_nginx
from deploy.local.ports import LOOPBACK, free_port, is_free
from deploy.local.processes import spawn, stop
from tests.edge.conftest import Answer, Visitor
from tests.stack import eventually

PAGE, AVATAR = "/p/1/", "/media/avatars/ab/0123456789abcdef/64.webp"
POLICIES = {
    PAGE: f"public, max-age=0, s-maxage=1, stale-if-error={ASKED_FAILING_SECONDS}",
    AVATAR: file_policy(1),
}


class Origin(BaseHTTPRequestHandler):
    """Says of every page that it still stands, and answers with `status`."""

    protocol_version = "HTTP/1.1"
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        is_asking = self.path == PATH
        is_known = self.headers["If-None-Match"] == '"tag"'
        status = 204 if is_asking else 304 if is_known and Origin.status == 200 else Origin.status
        body = b"" if status in {204, 304} else b"said"
        self.send_response(status)
        self.send_header(VERSION_HEADER, "gsame")
        self.send_header("Cache-Control", POLICIES[self.path] if status in {200, 304} else PRIVATE)
        self.send_header("ETag", '"tag"')
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@dataclass
class Failing:
    """A visitor, and the origin's mood."""

    visitor: Visitor

    def expired(self, path: str, *, then: int) -> Answer:
        """What is answered once what was kept has run out, and the origin has only this to say."""
        Origin.status = 200
        assert self.visitor.ask(path).status == 200
        Origin.status = then
        return eventually(lambda: answer if (answer := self.visitor.ask(path)).cache != "HIT" else None)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    assert find_nginx(), "apt-get install nginx-light"
    folder: Path = tmp_path_factory.mktemp("edge")
    origin = ThreadingHTTPServer((LOOPBACK, 0), Origin)
    Thread(target=origin.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    port = free_port()
    nginx = spawn(edge(port, origin.server_port, folder).command, log=folder / "log")
    eventually(lambda: not is_free(port), every_seconds=0.02)
    visitor = Visitor(port)
    yield Failing(visitor)
    visitor.close()
    stop(nginx)
    origin.shutdown()
    origin.server_close()


def test_while_dynamodb_is_away_old_pages_are_given_out(failing: Failing) -> None:
    """503 is what Roost says then. What it says is gone is gone all the same."""
    answer = failing.expired(PAGE, then=503)
    assert (answer.status, answer.cache, answer.body) == (200, "STALE", "said")
    Origin.status = 404
    assert failing.visitor.ask(PAGE).status == 404


def test_a_removed_avatar_is_gone_once_its_time_is_up(failing: Failing) -> None:
    assert failing.expired(AVATAR, then=404).status == 404
    Origin.status = 503
    assert failing.visitor.ask(AVATAR).status == 503, "nobody knows whether it is still there"
    Origin.status = 200
    assert failing.visitor.ask(AVATAR).cache == "REVALIDATED"
