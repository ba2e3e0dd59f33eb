"""nginx before a web server, on the tests' database, shared by the tests of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Self

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from deploy.local.edge import edge, find_nginx
from deploy.local.ports import LOOPBACK, free_port, is_free
from deploy.local.processes import Process, spawn, stop, tail
from tests.stack import TestStack, eventually


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def cache(self) -> str:
        """What nginx says of where it came from."""
        return self.headers["x-cache"]

    @property
    def was_kept(self) -> bool:
        """It was there already, though perhaps fetched anew behind this answer."""
        return self.cache in {"HIT", "STALE", "UPDATING"}


@dataclass
class Visitor:
    """Somebody with a browser or a program: one connection, and cookies as they are told."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(LOOPBACK, self.port, timeout=60)

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request(method, path, headers=sent)
        response = self._connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read().decode("utf-8", "replace"))

    @contextmanager
    def opened(self, path: str) -> Iterator[HTTPResponse]:
        """An answer that has no end."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request("GET", path, headers={"Cookie": cookies})
        yield self._connection.getresponse()
        self.close()

    def signed_in(self, user: User) -> Self:
        """With a session of this user's."""
        client = Client()
        client.force_login(user)
        self.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self

    def close(self) -> None:
        self._connection.close()


class Edge:
    """The two processes; started with the first test, for only then there is a database."""

    def __init__(self) -> None:
        self.stack = TestStack()
        self.port = free_port()
        self._nginx: Process | None = None
        self._visitors: list[Visitor] = []

    def start(self) -> None:
        if self._nginx is not None:
            return
        self.stack.start("web")
        folder = self.stack.log("edge").parent / "edge"
        program = edge(self.port, self.stack.port, folder)
        log = self.stack.log("edge")
        self._nginx = spawn(program.command, log=log)

        def listens() -> bool:
            assert self._nginx is not None
            assert self._nginx.poll() is None, tail(log)
            return not is_free(self.port)

        eventually(listens)

    def visitor(self, **cookies: str) -> Visitor:
        """A new one."""
        self._visitors.append(Visitor(self.port, cookies))
        return self._visitors[-1]

    def stop(self) -> None:
        for visitor in self._visitors:
            visitor.close()
        if self._nginx is not None:
            stop(self._nginx)
        self.stack.kill_all()


@pytest.fixture(scope="module")
def shared_edge() -> Iterator[Edge]:
    """Not started yet."""
    processes = Edge()
    yield processes
    processes.stop()


@pytest.fixture
def at_edge(transactional_db: None, shared_edge: Edge) -> Edge:
    """A running one."""
    assert find_nginx(), "apt-get install nginx-light"
    shared_edge.start()
    return shared_edge
