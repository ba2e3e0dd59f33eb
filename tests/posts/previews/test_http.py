"""What a stranger's server may do to a worker: nothing that lasts or grows."""

import gzip
import socket
import ssl
import time
from pathlib import Path

import pytest

from posts.previews.errors import (
    AddressRefused,
    BadStatus,
    PreviewFailed,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    WrongType,
)
from posts.previews.guard import AddressGuard
from posts.previews.http import Fetched, Fetcher
from tests.posts.previews.servers import Stranger, a_certificate, a_stranger, answering, page, redirecting

HTML = ("text/html",)
LIMIT = 64_000


def fetcher_for(*servers: Stranger, seconds: float = 20.0) -> Fetcher:
    """Lets `stranger.test` be this machine, at these ports; other names are as always."""

    def resolve(host: str) -> list[str]:
        return ["127.0.0.1"] if host == "stranger.test" else ["10.0.0.1"] if host == "inside.test" else [host]

    ports = {server.port for server in servers} | {80, 443}
    return Fetcher(AddressGuard(resolve=resolve, also={"127.0.0.1"}, ports=ports), seconds=seconds)


def fetch(server: Stranger, path: str = "/", *, seconds: float = 20.0, cut: bool = False) -> Fetched:
    return fetcher_for(server, seconds=seconds).fetch(server.url(path), types=HTML, max_bytes=LIMIT, cut=cut)


def test_a_page_as_it_is() -> None:
    with a_stranger(page("<title>é</title>")) as server:
        got = fetch(server, "/a?b=c")
    assert (got.body.decode(), got.content_type, got.charset) == ("<title>é</title>", "text/html", "utf-8")
    assert got.url == server.url("/a?b=c")
    (asked,) = server.asked
    assert asked.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: stranger.test:{server.port}\r\n" in asked
    assert "Accept-Encoding: identity\r\n" in asked
    assert "cookie" not in asked.lower()


def test_without_the_allowance_this_machine_is_refused() -> None:
    with a_stranger(page("secret")) as server:
        guard = AddressGuard(ports={server.port})
        with pytest.raises(AddressRefused):
            Fetcher(guard).fetch(f"http://127.0.0.1:{server.port}/", types=HTML, max_bytes=LIMIT)
        assert server.asked == []


def test_a_name_is_resolved_once_and_that_address_connected_to() -> None:
    asked = []

    def rebinding(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with a_stranger(page("first")) as server:
        guard = AddressGuard(resolve=rebinding, also={"127.0.0.1"}, ports={server.port})
        # No resolver of the system knows this name: that it answers shows that nobody else was asked.
        got = Fetcher(guard).fetch(f"http://rebind.invalid:{server.port}/", types=HTML, max_bytes=LIMIT)
    assert (got.body, asked) == (b"first", ["rebind.invalid"])


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    def step(path: str) -> str:
        return f"/{int(path[1:]) - 1}"

    def answer(connection: socket.socket, path: str) -> None:
        (page("there") if path == "/0" else redirecting(step))(connection, path)

    with a_stranger(answer) as server:
        assert fetch(server, "/3").url == server.url("/0")
        with pytest.raises(TooManyRedirects):
            fetch(server, "/4")
        assert len(server.asked) == 8


@pytest.mark.parametrize(
    "location",
    [
        "http://inside.test/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/",
        "http://0.0.0.0/", "//192.168.0.1/x", "file:///etc/passwd", "ftp://stranger.test/", "http://stranger.test:22/",
        "gopher://stranger.test/",
    ],
)  # fmt: skip
def test_every_redirect_is_checked_anew(location: str) -> None:
    with a_stranger(redirecting(lambda _path: location)) as server, pytest.raises(AddressRefused):
        fetch(server)
    assert len(server.asked) == 1


def test_a_redirect_to_nowhere_goes_round_until_it_is_enough() -> None:
    with a_stranger(redirecting(lambda path: path)) as server, pytest.raises(TooManyRedirects):
        fetch(server)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (answering(b"{}", "Content-Type: application/json"), WrongType),
        (answering(b"MZ", "Content-Type: application/octet-stream"), WrongType),
        (answering(b"<title>x"), WrongType),
        (answering(b"x", "Content-Type: text/html", status="404 Not Found"), BadStatus),
        (answering(b"x", "Content-Type: text/html", status="500 Oh"), BadStatus),
        (answering(b"x", "Content-Type: text/html", status="206 Part"), BadStatus),
        (answering(gzip.compress(b"0" * 10_000_000, mtime=0), "Content-Type: text/html", "Content-Encoding: gzip"), WrongType),
        (answering(b"x", "Content-Type: text/html", "Content-Encoding: br"), WrongType),
        (answering(b"0" * (LIMIT + 1), "Content-Type: text/html"), TooLarge),
        (answering(b"zz\r\nno chunk\r\n", "Content-Type: text/html", "Transfer-Encoding: chunked"), Unreachable),
        (lambda connection, _path: connection.sendall(b"SSH-2.0-OpenSSH_9.7\r\n"), Unreachable),
        (lambda connection, _path: connection.close(), Unreachable),
        (answering(b"", *[f"X-{number}: y" for number in range(200)]), Unreachable),
    ],
)  # fmt: skip
def test_what_is_no_page(answer, error: type[PreviewFailed]) -> None:
    with a_stranger(answer) as server, pytest.raises(PreviewFailed) as failure:
        fetch(server)
    assert failure.type is error


def endless(head: bytes, piece: bytes, pause: float) -> "object":
    def answer(connection: socket.socket, _path: str) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
DRIPS = {
    "body": endless(HEAD + b"\r\n", b"x", 0.05),
    "headers": endless(HEAD + b"X-Slow: ", b"x", 0.05),
    "status": endless(b"HTTP/1.1 2", b"0", 0.05),
    "interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    "silence": endless(b"", b"", 0.05),
    "silence in a body": endless(HEAD + b"Content-Length: 100\r\n\r\nab", b"", 0.05),
}


@pytest.mark.parametrize("drip", DRIPS)
def test_a_slow_drip_ends_with_the_time_for_all_of_it(drip: str) -> None:
    with a_stranger(DRIPS[drip]) as server, pytest.raises(TooSlow):
        fetch(server, seconds=0.5)


def test_a_body_without_end_ends_at_the_limit() -> None:
    with a_stranger(endless(HEAD + b"\r\n", b"x" * 65_536, 0)) as server:
        with pytest.raises(TooLarge):
            fetch(server)
        assert len(fetch(server, cut=True).body) == LIMIT


def test_redirects_share_one_time() -> None:
    def answer(connection: socket.socket, path: str) -> None:
        time.sleep(0.4)
        redirecting(lambda path: path + "a")(connection, path)

    with a_stranger(answer) as server, pytest.raises(TooSlow):
        fetch(server, seconds=1.0)
    assert len(server.asked) <= 3


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # without listening: nobody else can be given this port meanwhile
        port = taken.getsockname()[1]
        guard = AddressGuard(resolve=lambda _host: ["127.0.0.1"], also={"127.0.0.1"}, ports={port})
        with pytest.raises(Unreachable):
            Fetcher(guard).fetch(f"http://stranger.test:{port}/", types=HTML, max_bytes=LIMIT)


def test_a_handshake_that_never_comes_is_too_slow() -> None:
    with a_stranger(endless(b"", b"", 0.05)) as server:
        url = server.url().replace("http:", "https:")
        with pytest.raises((TooSlow, Unreachable)):
            fetcher_for(server, seconds=0.5).fetch(url, types=HTML, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("name", "trusted"), [("stranger.test", True), ("stranger.test", False), ("other.test", True)]
)
def test_a_certificate_is_of_the_name_that_was_asked_for(name: str, trusted: bool, tmp_path: Path) -> None:
    with a_stranger(page("sealed"), a_certificate(tmp_path, name)) as server:
        tls = ssl.create_default_context(cafile=str(tmp_path / f"{name}.pem") if trusted else None)
        guard = AddressGuard(resolve=lambda _host: ["127.0.0.1"], also={"127.0.0.1"}, ports={server.port})
        fetcher = Fetcher(guard, tls=tls)
        if trusted and name == "stranger.test":
            assert fetcher.fetch(server.url(), types=HTML, max_bytes=LIMIT).body == b"sealed"
            return
        with pytest.raises(Unreachable):
            fetcher.fetch(server.url(), types=HTML, max_bytes=LIMIT)
        assert server.asked == []
