"""Bodies that are too large are refused before, or as soon as, they are."""

import json
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.flows.api_client import Api
from tests.stack import TestStack

GIGABYTE = 1_000_000_000
BLOCK = b"x" * 65_536


def lazily_sent(stack: TestStack, head: list[str], token: str) -> tuple[int, dict[str, Any], int]:
    """Send a gigabyte until somebody answers: the status, the problem, and how many bytes had gone."""
    address = urlsplit(stack.base_url)
    assert address.hostname
    assert address.port
    lines = [*head, f"Host: {address.netloc}", f"Authorization: Token {token}", "", ""]
    chunked = any(line.startswith("Transfer-Encoding") for line in head)
    sent = 0
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode())
        connection.settimeout(0.5)
        answer = b""
        while not answer and sent < GIGABYTE:
            with suppress(TimeoutError):
                answer = connection.recv(65_536) if sent else b""
            if not answer:
                connection.settimeout(30)
                connection.sendall(b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK) if chunked else BLOCK)
                connection.settimeout(0.01)
                sent += len(BLOCK)
        connection.settimeout(5)
        while b"}" not in answer and (more := connection.recv(65_536)):
            answer += more
    status = int(answer.split(b" ", 2)[1])
    return status, json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1]), sent


@pytest.mark.faults
def test_a_gigabyte_is_refused_early(stack: TestStack) -> None:
    ana = Api(stack.base_url)
    ana.sign_up("ana_large", "kestrel-over-water")
    announced = [
        "POST /api/v1/media/ HTTP/1.1",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {GIGABYTE}",
    ]
    status, problem, sent = lazily_sent(stack, announced, ana.token)
    assert (status, problem["code"]) == (413, "too_large")
    assert sent < 2_000_000

    chunked = [
        "POST /api/v1/media/ HTTP/1.1",
        "Content-Type: multipart/form-data; boundary=b",
        "Transfer-Encoding: chunked",
    ]
    status, problem, sent = lazily_sent(stack, chunked, ana.token)
    assert (status, problem["code"]) == (411, "length_missing")
    assert sent < 2_000_000
