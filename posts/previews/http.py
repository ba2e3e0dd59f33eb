"""One page or picture from a stranger's server, with a bound on everything that a server could make last or grow.

A watchdog shuts the connection when the time for all of it is up, whatever it is waiting in: connecting, TLS, a header
that comes letter by letter, or a body without end. Compressed answers are not asked for and not taken, so that no byte
can become a thousand.
"""

import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urljoin

from posts.previews.errors import BadStatus, TooLarge, TooManyRedirects, TooSlow, Unreachable, WrongType
from posts.previews.guard import AddressGuard, Target

MAX_REDIRECTS = 3
MAX_LOCATION = 2_048
USER_AGENT = "Mozilla/5.0 (compatible; RoostPreview/1.0)"
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave. `url` is where it came from after redirects."""

    url: str
    content_type: str
    charset: str | None
    body: bytes


class Fetcher:
    """Fetches what a guard lets it."""

    def __init__(
        self, guard: AddressGuard, *, tls: ssl.SSLContext | None = None, seconds: float = 8.0
    ) -> None:
        self._guard = guard
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds

    def fetch(self, url: str, *, types: Collection[str], max_bytes: int, cut: bool = False) -> Fetched:
        """What is at an address, after at most 3 redirects. With `cut` a longer body is taken up to `max_bytes`.

        Cost: 8 s and `max_bytes` at most, redirects included.
        Raises: PreviewFailed of every kind but NothingToShow.
        """
        deadline = time.monotonic() + self._seconds
        for _hop in range(MAX_REDIRECTS + 1):
            target = self._guard.target(url)
            with self._answer(target, deadline, types) as response:
                if response.status in _REDIRECTS:
                    url = urljoin(target.url, response.getheader("Location", "")[:MAX_LOCATION])
                    continue
                return _read(target, response, types, max_bytes, cut=cut)
        raise TooManyRedirects(url=url)

    @contextmanager
    def _answer(self, target: Target, deadline: float, types: Collection[str]) -> Iterator[HTTPResponse]:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": ", ".join(types),
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        try:
            with _connected(target, deadline) as plain, _secured(plain, target, self._tls) as sock:
                with _watched(sock, deadline):
                    if isinstance(sock, ssl.SSLSocket):
                        sock.do_handshake()
                    kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
                    connection = kind(target.host, target.port)
                    connection.sock = sock
                    connection.request("GET", target.path, headers=headers)
                    with connection.getresponse() as response:
                        yield response
                if time.monotonic() >= deadline:
                    raise TooSlow(url=target.url)  # the end that came may have been the watchdog's
        except (OSError, HTTPException, ValueError) as failure:
            if time.monotonic() >= deadline:
                raise TooSlow(url=target.url) from failure
            raise Unreachable(url=target.url) from failure


@contextmanager
def _connected(target: Target, deadline: float) -> Iterator[socket.socket]:
    """To the first of the checked addresses: the name is not asked for again."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlow(url=target.url)
    with socket.create_connection((target.addresses[0], target.port), timeout=left) as sock:
        yield sock


@contextmanager
def _secured(sock: socket.socket, target: Target, tls: ssl.SSLContext) -> Iterator[socket.socket]:
    """The certificate is the name's, whatever address was connected to."""
    if target.scheme != "https":
        yield sock
        return
    with tls.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False) as secured:
        yield secured


@contextmanager
def _watched(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Whatever waits in the socket stops waiting at the deadline."""

    def stop() -> None:
        try:
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            return  # closed already

    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), stop)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _read(
    target: Target, response: HTTPResponse, types: Collection[str], max_bytes: int, *, cut: bool
) -> Fetched:
    if response.status != 200:
        raise BadStatus(url=target.url, status=response.status)
    declared = Message()
    declared["Content-Type"] = response.getheader("Content-Type", "")
    content_type = declared.get_content_type()
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if content_type not in types or encoding not in {"", "identity"}:
        raise WrongType(url=target.url, content_type=content_type, encoding=encoding)
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes and not cut:
        raise TooLarge(url=target.url, limit=max_bytes)
    return Fetched(target.url, content_type, declared.get_content_charset(), body[:max_bytes])
