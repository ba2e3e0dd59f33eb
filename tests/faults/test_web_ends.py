"""A web process that is told to stop: what browsers keep open ends in good order, and does not hold it up."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import Client

from tests.feed.factory import a_person
from tests.stack import TestStack, eventually

pytestmark = pytest.mark.faults


@pytest.fixture
def web(transactional_db: None) -> Iterator[TestStack]:
    stack = TestStack()
    stack.start("web")
    yield stack
    stack.kill_all()


def to(web: TestStack) -> socket.socket:
    return socket.create_connection(("127.0.0.1", web.port), timeout=60)


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    found = bytearray()
    while chunk := connection.recv(4096):
        found += chunk
    return bytes(found)


def test_streams_and_idle_connections_end_with_the_web_process(web: TestStack) -> None:
    browser = Client()
    browser.force_login(a_person("ana"))
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.cookies.values())
    with ExitStack() as open_ones:
        streams = [open_ones.enter_context(to(web)) for _ in range(2)]
        for stream in streams:
            stream.sendall(f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode())
            assert stream.recv(4096).startswith(b"HTTP/1.1 200")
        silent = open_ones.enter_context(to(web))
        (worker,) = web.children("web")
        os.kill(web.pid("web"), signal.SIGTERM)
        for stream in streams:
            assert all_of(stream).endswith(b"0\r\n\r\n"), "it was ended, not cut off"
        assert all_of(silent) == b""
        eventually(lambda: worker not in web.children("web"))
    assert "SIGKILL" not in web.log("web").read_text(), "it went by itself, before its time was up"
