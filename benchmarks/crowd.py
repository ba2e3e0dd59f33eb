"""Sixteen clients that like one post: processes, so that none of them waits for another's interpreter.

Each sets out to make its likes in ten seconds, waits for its turn if it is early, and is never early on a machine that
can't keep up. `all_send` is the same writes as requests made beforehand, over plain HTTP: what the engine does with these
clients when nobody has to make requests, read answers, hear of changes or sum them up.
"""

import http.client
import json
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connections

from config.dynamodb.transactions import wire_operation
from config.entities import UserId
from posts.entities import Post
from posts.repository import counts, likes
from posts.spread import HOT, counts_written, spread_of

CLIENTS: Final = 16
SECONDS: Final = 10.0
# A local engine wants to see that a request is signed, and by nobody in particular.
HEADERS: Final = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.TransactWriteItems",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=roost/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=0",
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What all clients made, in the order in which it was done, and the processor time that it took them."""

    made: list["Made"]
    cpu_seconds: float

    @property
    def seconds(self) -> float:
        """From the first beginning to the last end."""
        return self.made[-1].ended - min(one.began for one in self.made)


@dataclass(frozen=True, slots=True)
class Made:
    """One request of a client's. Times are seconds of a clock that all processes share."""

    began: float
    ended: float
    shard: int | None

    @property
    def taken_ms(self) -> float:
        """As its client saw it."""
        return (self.ended - self.began) * 1000


Act = Callable[[UserId], int | None]


def all_like(post: Post, people: Sequence[UserId]) -> Crowd:
    """Everybody likes it once, in ten seconds if they can."""
    return _by_clients(people, partial(_liking, post), SECONDS)


def all_send(post: Post, people: Sequence[UserId]) -> Crowd:
    """The same of a hot post as bare requests, as fast as the engine takes them."""
    return _by_clients(people, partial(_sending, post, people), 0.0)


def _liking(post: Post, _number: int) -> Act:
    def like(person: UserId) -> int | None:
        spread = spread_of(post.id)
        shard = spread.draw()
        likes.put_like(post.id, person, author_id=post.author_id, shard=shard)
        counts_written(post.id, spread)
        return shard

    spread_of(post.id)  # a client that has just started connects before it begins
    counts.get_counts(post.id)
    return like


def _sending(post: Post, people: Sequence[UserId], number: int) -> Act:
    bodies = {person: _body(post, person) for person in people[number::CLIENTS]}
    connection = http.client.HTTPConnection(urlsplit(settings.DYNAMODB_ENDPOINT or "").netloc)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(person: UserId) -> None:
        connection.request("POST", "/", bodies[person], HEADERS)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != http.client.OK and b"TransactionConflict" not in text:
            raise AssertionError(text)

    return send


def _body(post: Post, person: UserId) -> bytes:
    operations = likes.like_operations(post.id, person, author_id=post.author_id, shard=HOT.draw())
    request = {
        "TransactItems": [wire_operation(operation) for operation in operations],
        "ClientRequestToken": uuid4().hex,
        "ReturnConsumedCapacity": "INDEXES",
    }
    return json.dumps(request).encode()


def _by_clients(people: Sequence[UserId], begin: Callable[[int], Act], seconds: float) -> Crowd:
    """What each client made. They are forked, and begin together once all are ready."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(CLIENTS)
    answers: Any = context.SimpleQueue()

    def client(number: int) -> None:
        act = begin(number)
        ready.wait()
        cpu_began = time.process_time()
        made = list(_turns(people, number, act, seconds))
        answers.put((made, time.process_time() - cpu_began))

    processes = [context.Process(target=client, args=(number,)) for number in range(CLIENTS)]
    for process in processes:
        process.start()
    told = [answers.get() for _process in processes]
    for process in processes:
        process.join()
    made = sorted((one for made, _cpu in told for one in made), key=lambda one: one.ended)
    return Crowd(made, sum(cpu for _made, cpu in told))


def _turns(people: Sequence[UserId], number: int, act: Act, seconds: float) -> Iterator[Made]:
    start = time.perf_counter()
    for turn in range(number, len(people), CLIENTS):
        time.sleep(max(0.0, start + turn / len(people) * seconds - time.perf_counter()))
        began = time.perf_counter()
        shard = act(people[turn])
        yield Made(began, time.perf_counter(), shard)
