"""A DynamoDB that fails on demand: a small HTTP proxy between boto3 and the engine.

It reads `X-Amz-Target` and lets a plan choose a fault for each request. "Dropped after" is the cruel one: the engine has
written, and the client never hears of it.
"""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from random import Random
from select import select
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from config.dynamodb.client import client


class Fault(Enum):
    """What can happen to one request."""

    NONE = "passed on"
    THROTTLE = "refused for rate, nothing done"
    SERVER_ERROR = "a 500, nothing done"
    CONFLICT = "a transaction cancelled for a conflict, nothing done; other requests pass"
    DROP_BEFORE = "connection closed, nothing done"
    DROP_AFTER = "done, then the connection closed"
    PARTIAL = "a batch half done, the rest handed back as unprocessed; other requests pass"
    SLOW = "passed on after 100 ms"


Plan = Callable[[str], Fault]


def script(*faults: Fault, operation: str = "") -> Plan:
    """These faults in turn for the requests of one operation (or of all), then none."""
    left, lock = list(faults), Lock()

    def plan(target: str) -> Fault:
        with lock:
            return left.pop(0) if left and target.endswith(operation) else Fault.NONE

    return plan


def mix(seed: int, **shares: float) -> Plan:
    """Faults by chance: `mix(7, throttle=0.2, drop_after=0.03)`."""
    random, lock = Random(seed), Lock()
    faults = [Fault[name.upper()] for name in shares] + [Fault.NONE]
    weights = [*shares.values(), 1 - sum(shares.values())]

    def plan(_target: str) -> Fault:
        with lock:
            return random.choices(faults, weights)[0]

    return plan


class FaultyHandler(BaseRequestHandler):
    """Passes one connection's requests on, or does not. It stands in tests' own process, so it reads no more than it needs."""

    server: "FaultyServer"

    def handle(self) -> None:
        """One request after another, until either side ends it."""
        self.engine: socket.socket | None = None
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while (asked := message_of(self.request)) is not None:
                if not self.serve(*asked):
                    break
        except ConnectionError:  # the client did not wait
            pass
        finally:
            if self.engine is not None:
                self.engine.close()

    def serve(self, head: bytes, body: bytes) -> bool:
        """Choose the fault. Whether the connection goes on."""
        target = value_of(head, b"x-amz-target").decode().partition(".")[2]
        self.server.in_hand.append(target)
        try:
            fault = self.server.plan(target)
            self.server.seen.append((target, fault))
            return self.carry_out(fault, target, head, body)
        finally:
            self.server.in_hand.remove(target)

    def carry_out(self, fault: Fault, target: str, head: bytes, body: bytes) -> bool:
        """Do to a request what the plan says. Whether the connection goes on."""
        match fault:
            case Fault.THROTTLE:
                self.answer(
                    400, {"__type": "com.amazonaws.dynamodb#ThrottlingException", "message": "slow down"}
                )
            case Fault.SERVER_ERROR:
                self.answer(500, {"__type": "com.amazonaws.dynamodb#InternalServerError", "message": "oh no"})
            case Fault.CONFLICT if target == "TransactWriteItems":
                self.answer(400, conflict_of(json.loads(body)))
            case Fault.PARTIAL if target == "BatchWriteItem":
                self.half_a_batch(head, body)
            case Fault.DROP_BEFORE:
                return False
            case Fault.DROP_AFTER:
                self.engine_answer(head, body)
                return False
            case _:
                if fault is Fault.SLOW:
                    time.sleep(0.1)
                self.request.sendall(b"".join(self.engine_answer(head, body)))
        return True

    def half_a_batch(self, head: bytes, body: bytes) -> None:
        """Do every other write of a batch and hand the rest back."""
        request = json.loads(body)
        asked = request["RequestItems"]
        request["RequestItems"] = {name: rows[::2] for name, rows in asked.items()}
        half = json.dumps(request).encode()
        head = re.sub(rb"(?i)(content-length: *)\d+", rb"\g<1>%d" % len(half), head)
        status, raw = self.engine_answer(head, half)
        answer = json.loads(raw)
        answer["UnprocessedItems"] = {name: rows[1::2] for name, rows in asked.items() if rows[1::2]}
        self.answer(int(status.split()[1]), answer)

    def engine_answer(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """What the engine says."""
        if (
            self.engine is not None and select([self.engine], [], [], 0)[0]
        ):  # it has closed an idle connection
            self.engine.close()
            self.engine = None
        if self.engine is None:
            where = self.server.engine
            self.engine = socket.create_connection((where.hostname, where.port), timeout=20)
            self.engine.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.engine.sendall(head + body)
        answer = message_of(self.engine)
        if answer is None:
            raise ConnectionResetError
        return answer

    def answer(self, status: int, document: dict[str, Any]) -> None:
        """An answer of our own."""
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 {status} As Told\r\nContent-Type: application/x-amz-json-1.0\r\n"
        self.request.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def value_of(head: bytes, name: bytes) -> bytes:
    """A header's value; empty where it is not there."""
    at = head.lower().find(b"\r\n" + name + b":")
    return head[at + len(name) + 3 :].partition(b"\r\n")[0].strip() if at >= 0 else b""


def message_of(sock: socket.socket) -> tuple[bytes, bytes] | None:
    """The next request or answer as it is: its head with the empty line, and its body. None at the end."""
    received = bytearray()

    def more() -> bool:
        chunk = sock.recv(1 << 16)
        received.extend(chunk)
        return bool(chunk)

    while (end := received.find(b"\r\n\r\n")) < 0:
        if not more():
            return None
    begin = end + 4
    head = bytes(received[:begin])
    if value_of(head, b"transfer-encoding"):  # the last chunk is empty, and no JSON holds a line end
        while not received.endswith(b"\r\n0\r\n\r\n"):
            if not more():
                return None
    else:
        length = begin + int(value_of(head, b"content-length"))
        while len(received) < length:
            if not more():
                return None
    return head, bytes(received[begin:])


def conflict_of(request: dict[str, Any]) -> dict[str, Any]:
    """A cancellation of which the first operation met another transaction."""
    reasons: list[dict[str, Any]] = [{"Code": "None"} for _ in request["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled [TransactionConflict, ...]",
        "CancellationReasons": reasons,
    }


class FaultyServer(ThreadingTCPServer):
    """The proxy: `plan` decides, `seen` remembers, `in_hand` is what may still reach the engine."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, engine_url: str, plan: Plan) -> None:
        super().__init__(("127.0.0.1", 0), FaultyHandler)
        self.engine = urlsplit(engine_url)
        self.plan = plan
        self.seen: list[tuple[str, Fault]] = []
        self.in_hand: list[str] = []


@contextmanager
def faulty_dynamodb(plan: Plan) -> Iterator[FaultyServer]:
    """Send this process's requests through the proxy for the length of a block."""
    engine_url = settings.DYNAMODB_ENDPOINT
    server = FaultyServer(engine_url, plan)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.DYNAMODB_ENDPOINT = f"http://127.0.0.1:{server.server_address[1]}"
    client.cache_clear()
    try:
        yield server
    finally:
        settings.DYNAMODB_ENDPOINT = engine_url
        client().close()
        client.cache_clear()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def around_requests(do: Callable[[Callable[..., Any], str, Any], Any]) -> Iterator[None]:
    """`do(send, operation, parameters)` has every request of this process's client about items in hand, for the length of a block."""
    direct = client().direct
    send = direct.send
    direct.send = partial(do, send)
    try:
        yield
    finally:
        direct.send = send
