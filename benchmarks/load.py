"""A small load generator: many kept-alive connections from one thread, so that the server has the processors."""

import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlsplit

_ENOUGH = 1 << 16


@dataclass
class Load:
    """What a run saw."""

    seconds: float
    latencies_ms: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def requests_per_second(self) -> float:
        """Answers of any status a second: look at `statuses` too."""
        return len(self.latencies_ms) / self.seconds


class _Connection:
    """One request at a time; the next one is sent when the answer is whole."""

    def __init__(self, host: str, port: int, request: bytes) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self.send()

    def send(self) -> None:
        self._answer, self._wanted = bytearray(), -1
        self.began = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> int:
        """The status when the answer is whole, else 0. Raises: ConnectionError."""
        chunk = self.socket.recv(_ENOUGH)
        if not chunk:
            raise ConnectionError("the server closed a connection that should be kept")
        self._answer += chunk
        if self._wanted < 0 and (end := self._answer.find(b"\r\n\r\n")) >= 0:
            self._wanted = end + 4 + self._length(bytes(self._answer[:end]).lower())
        whole = 0 <= self._wanted <= len(self._answer)
        return int(self._answer[9:12]) if whole else 0

    @staticmethod
    def _length(head: bytes) -> int:
        name = b"\r\ncontent-length:"
        if name not in head:
            raise ConnectionError("an answer without Content-Length")
        return int(head.split(name, 1)[1].split(b"\r\n", 1)[0])


def load(
    url: str,
    *,
    seconds: float,
    connections: int = 16,
    headers: Mapping[str, str] | Sequence[Mapping[str, str]] = (),
) -> Load:
    """GET `url` on `connections` connections for `seconds`; of several sets of headers each connection has the next one.

    Raises: ConnectionError when the server closes a connection or answers without a length.
    """
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sets = [headers] if isinstance(headers, Mapping) else list(headers) or [{}]
    requests = [_request(path, parts.netloc, one) for one in islice(cycle(sets), connections)]
    result = Load(seconds)
    with selectors.DefaultSelector() as selector:
        opened = [_Connection(parts.hostname or "", parts.port or 80, request) for request in requests]
        for one in opened:
            selector.register(one.socket, selectors.EVENT_READ, one)
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            _answer(selector, result)
        result.seconds = time.perf_counter() - began
        for one in opened:
            one.socket.close()
    return result


def _request(path: str, host: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _answer(selector: selectors.BaseSelector, result: Load) -> None:
    for key, _ in selector.select(timeout=1):
        connection: _Connection = key.data
        if status := connection.receive():
            result.latencies_ms.append((time.perf_counter() - connection.began) * 1000)
            result.statuses[status] = result.statuses.get(status, 0) + 1
            connection.send()
