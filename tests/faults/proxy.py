"""A DynamoDB that fails on demand: a small HTTP proxy between boto3 and the engine.

It reads `X-Amz-Target` and lets a plan choose a fault for each request. "Dropped after" is the cruel one: the engine has
written, and the client never hears of it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
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


class FaultyHandler(BaseHTTPRequestHandler):
    """Passes one request on, or does not."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms for the first
    server: "FaultyServer"

    def do_POST(self) -> None:
        """Choose the fault and carry it out."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target", "").partition(".")[2]
        self.server.in_hand.append(target)
        try:
            fault = self.server.plan(target)
            self.server.seen.append((target, fault))
            self.carry_out(fault, target, body)
        finally:
            self.server.in_hand.remove(target)

    def carry_out(self, fault: Fault, target: str, body: bytes) -> None:
        """Do to a request what the plan says."""
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
                self.half_a_batch(body)
            case Fault.DROP_BEFORE:
                self.close_connection = True
            case Fault.DROP_AFTER:
                self.engine_answer(body)
                self.close_connection = True
            case _:
                if fault is Fault.SLOW:
                    time.sleep(0.1)
                self.reply(*self.engine_answer(body))

    def half_a_batch(self, body: bytes) -> None:
        """Do every other write of a batch and hand the rest back."""
        request = json.loads(body)
        asked = request["RequestItems"]
        request["RequestItems"] = {name: rows[::2] for name, rows in asked.items()}
        status, raw = self.engine_answer(json.dumps(request).encode())
        answer = json.loads(raw)
        answer["UnprocessedItems"] = {name: rows[1::2] for name, rows in asked.items() if rows[1::2]}
        self.answer(status, answer)

    def engine_answer(self, body: bytes) -> tuple[int, bytes]:
        """What the engine says."""
        engine = HTTPConnection(self.server.engine.hostname or "", self.server.engine.port, timeout=20)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "content-length"}}
            engine.request("POST", "/", body, headers)
            response = engine.getresponse()
            return response.status, response.read()
        finally:
            engine.close()

    def answer(self, status: int, document: dict[str, Any]) -> None:
        """An answer of our own."""
        self.reply(status, json.dumps(document).encode())

    def reply(self, status: int, body: bytes) -> None:
        """An answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def conflict_of(request: dict[str, Any]) -> dict[str, Any]:
    """A cancellation of which the first operation met another transaction."""
    reasons: list[dict[str, Any]] = [{"Code": "None"} for _ in request["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled [TransactionConflict, ...]",
        "CancellationReasons": reasons,
    }


class FaultyServer(ThreadingHTTPServer):
    """The proxy: `plan` decides, `seen` remembers, `in_hand` is what may still reach the engine."""

    daemon_threads = True

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
