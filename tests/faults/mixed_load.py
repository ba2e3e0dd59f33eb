"""So many requests a second of many kinds, sent when their time has come whether or not earlier ones are answered.

One thread, raw sockets: the processors are for the server. What is late because the server is counts as late, and a page
that is not for who asked, because the session was not found, counts as none.
"""

import asyncio
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from django.test import Client
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.services import token_create
from config.entities import PostId
from graph.services import follow_create
from tests.feed.factory import a_person, posted
from tests.graph.factory import id_of

SHARES = {
    "home_json": 25,
    "home_html": 20,
    "profile_html": 10,
    "profile_json": 10,
    "post_html": 12,
    "like": 8,
    "post": 2,
    "notifications": 13,
}
PATHS = {
    "home_json": ("GET", "/api/v1/feed/home/"),
    "home_html": ("GET", "/"),
    "profile_html": ("GET", "/@{handle}/"),
    "profile_json": ("GET", "/api/v1/profiles/{handle}/"),
    "post_html": ("GET", "/p/{post}/"),
    "like": ("PUT", "/api/v1/posts/{post}/like/"),
    "post": ("POST", "/api/v1/posts/"),
    "notifications": ("GET", "/api/v1/notifications/"),
}
PATIENCE_SECONDS = 60.0
NOT_SIGNED_IN = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one request. `at` is when it was due, in seconds of a monotonic clock; `status` 0: there was no answer."""

    kind: str
    at: float
    seconds: float
    status: int


@dataclass
class Crowd:
    """People who follow each other, with tokens and sessions; `posts` are what may be looked at and liked."""

    people: list[User]
    posts: list[tuple[PostId, User]]
    tokens: list[str]
    cookies: list[str]

    @classmethod
    def of(cls, number: int, *, follows: int, posts_each: int) -> "Crowd":
        """Made through the services, so consumer and workers are to run meanwhile or afterwards."""
        random = Random(5)
        people = [a_person("load", days=40) for _ in range(number)]
        for person in people:
            for other in random.sample([other for other in people if other != person], follows):
                follow_create(follower_id=id_of(person), followee_id=id_of(other))
        posts = [
            (posted(by=person, text=f"number {count}"), person)
            for count in range(posts_each)
            for person in people
        ]
        tokens = [token_create(user_id=id_of(person))[1] for person in people]
        return cls(people, posts, tokens, [_cookie_of(person) for person in people])

    def look(self, base_url: str) -> None:
        """Everybody looks at home once: a load is of people who have been here before."""
        for token in self.tokens:
            headers = {"Authorization": f"Token {token}"}
            request = urllib.request.Request(base_url + PATHS["home_json"][1], headers=headers)  # our own
            with urllib.request.urlopen(request, timeout=60) as answer:  # our own
                answer.read()

    def ask(self, random: Random, kind: str) -> tuple[bytes, bytes]:
        """One request of a kind by anybody, and what the answer has in it if it is known who asked."""
        who = random.randrange(len(self.people))
        post_id, author = random.choice(self.posts)
        method, path = PATHS[kind]
        path = path.format(post=post_id, handle=author.username)
        if kind.endswith("html"):
            shown = f'href="/@{self.people[who].username}/"'.encode()
            return _request(method, path, f"Cookie: {self.cookies[who]}"), shown
        body = b'{"text": "while it lasts"}' if method == "POST" else b""
        return _request(method, path, f"Authorization: Token {self.tokens[who]}", body), b""


def _cookie_of(person: User) -> str:
    """As a browser has it that has seen a page before."""
    browser = Client()
    browser.force_login(person)
    return f"sessionid={browser.cookies['sessionid'].value}; csrftoken={get_random_string(32)}"


def _request(method: str, path: str, signed: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", signed]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass
class Figures:
    """What became of a stretch of the load."""

    answers: list[Answer] = field(default_factory=list)

    def between(self, begin: float, end: float) -> "Figures":
        """Of what was due within these times."""
        return Figures([answer for answer in self.answers if begin <= answer.at < end])

    @property
    def failed(self) -> Counter[str]:
        """What was not answered as it should be, a refusal for load included."""
        return Counter(f"{a.kind} {a.status}" for a in self.answers if not 200 <= a.status < 400)

    @property
    def answered(self) -> float:
        """The share that was."""
        return 1 - self.failed.total() / max(len(self.answers), 1)

    def percentile_ms(self, share: float) -> float:
        """By nearest rank."""
        ordered = sorted(answer.seconds for answer in self.answers) or [0.0]
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1)

    def summary(self) -> dict[str, object]:
        """For a line of JSON."""
        return {
            "requests": len(self.answers),
            "answered": round(self.answered, 5),
            "p50_ms": self.percentile_ms(0.5),
            "p95_ms": self.percentile_ms(0.95),
            "p99_ms": self.percentile_ms(0.99),
            "failed": dict(self.failed),
        }


class MixedLoad:
    """The load itself, to be run in a thread: `run` ends after `stop`, with everything answered or given up."""

    def __init__(self, crowd: Crowd, port: int, *, a_second: float, seed: int = 1) -> None:
        self.figures = Figures()
        self._crowd, self._port, self._every = crowd, port, 1 / a_second
        self._random = Random(seed)
        self._running = True

    def run(self) -> None:
        """Until it is stopped."""
        asyncio.run(self._send_all())

    def stop(self) -> None:
        """Nothing more is sent."""
        self._running = False

    async def _send_all(self) -> None:
        under_way: set[asyncio.Task[None]] = set()
        due = time.monotonic()
        for kind in self._kinds():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not self._running:
                break
            task = asyncio.create_task(self._send(kind, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            due += self._every
        await asyncio.gather(*under_way)

    def _kinds(self) -> Iterator[str]:
        while True:
            yield self._random.choices(list(SHARES), list(SHARES.values()))[0]

    async def _send(self, kind: str, due: float) -> None:
        request, shown = self._crowd.ask(self._random, kind)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status = await self._ask(request, shown)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status = 0
        self.figures.answers.append(Answer(kind, due, time.monotonic() - due, status))

    async def _ask(self, request: bytes, shown: bytes) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(request)
            answer = await reader.read(-1)
        finally:
            writer.close()
        status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
        return status if status != 200 or shown in answer else NOT_SIGNED_IN


def reads_of(metrics: str) -> Counter[str]:
    """What DynamoDB was asked to read so far: "requests" and "units", from `/metrics`."""
    found: Counter[str] = Counter()
    for line in metrics.splitlines():
        name, _, rest = line.partition("{")
        labels, _, value = rest.rpartition("} ")
        if name == "roost_dynamodb_calls_total" and any(f'operation="{one}"' in labels for one in _READS):
            found["requests"] += float(value)
        elif name == "roost_dynamodb_units_total" and 'kind="read"' in labels:
            found["units"] += float(value)
    return found


_READS = ("get_item", "query", "batch_get_item")
