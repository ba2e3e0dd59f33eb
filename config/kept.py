"""What was read of a partition, in Redis until somebody writes there: the door to DynamoDB forgets it at every write.

    reader    asks ... finds nothing, leaves a token ... reads DynamoDB ........... fills, if its token is still there
    writer                                                writes ... takes the token away: the reader's fill is refused

A table declares which of its partitions are kept (`Table.kept`); `config.dynamodb.requests` calls `forget` after each write
to one, whoever makes it. On AWS an eventually consistent read may lag behind the write, so for LAG_MS nothing is filled.

Fail-open: with Redis away everything is read. What a writer can't take away then it takes away first once Redis is back.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import uuid4

import orjson
import redis
from django.conf import settings
from django_redis import get_redis_connection

from config import stamps
from config.metrics import CACHE_FAIL_OPEN, CACHE_HITS, CACHE_MISSES
from config.redis_debts import owe
from config.redis_names import name_of

KIND: Final = "kept"
SECONDS: Final = 60
TOKEN_SECONDS: Final = 10
LAG_MS: Final = 2_000
WRITTEN: Final = b"!"
TOKEN: Final = b"?"
_FILL: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]) end
"""


class Kept:
    """What is there of some partitions, and the right to fill in the others."""

    def __init__(self, names: Collection[str]) -> None:
        """Cost: 1 round trip to Redis, 2 if something is missing; none without names."""
        self._values: dict[str, Any] = {}
        self._expected: dict[str, bytes] = {}
        self.is_away = False
        """Redis is, and nothing is known of what is kept."""
        if not names:
            return
        try:
            self._ask(list(names))
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("get", KIND).inc()
            self.is_away = True

    def _ask(self, names: list[str]) -> None:
        client: redis.Redis = get_redis_connection("default")
        found: list[bytes | None] = client.mget([_key(name) for name in names])  # type: ignore[assignment]  # redis-py's are for both kinds of client
        missing = [name for name, raw in zip(names, found, strict=True) if raw is None]
        for name, raw in zip(names, found, strict=True):
            if raw is not None and raw[:1] not in {WRITTEN, TOKEN}:
                (self._values[name], _nonce), self._expected[name] = orjson.loads(raw), raw
        CACHE_HITS.labels("redis", KIND).inc(len(self._values))
        CACHE_MISSES.labels("redis", KIND).inc(len(names) - len(self._values))
        token = TOKEN + uuid4().bytes
        pipeline = client.pipeline(transaction=False)
        for name in missing:
            pipeline.set(_key(name), token, nx=True, ex=TOKEN_SECONDS)
        given = pipeline.execute() if missing else []
        self._expected |= {name: token for name, mine in zip(missing, given, strict=True) if mine}

    @property
    def may_fill(self) -> bool:
        """Whether there is something that `fill` would keep."""
        return bool(self._expected)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> Any:
        """What is kept of a partition, or None."""
        return self._values.get(name)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Keep what was read since this was made, of those that nobody has written to meanwhile.

        Cost: 1 round trip to Redis.
        """
        mine = {name: value for name, value in values.items() if name in self._expected}
        if not mine:
            return
        try:
            pipeline = get_redis_connection("default").pipeline(transaction=False)
            for name, value in mine.items():
                # No two fillings are the same, or one could be taken for another that a write came before.
                raw = orjson.dumps([value, uuid4().hex])
                pipeline.eval(_FILL, 1, _key(name), self._expected[name], raw, SECONDS * 1000)
            pipeline.execute()
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("set", KIND).inc()


NOTHING_KEPT: Final = Kept(())


def forget(names: Iterable[str]) -> None:
    """Somebody has written to these partitions, or may have: their stamps are taken away too (`config.stamps`).

    Cost: 1 round trip to Redis; none without names.
    """
    names = list(names)
    if not names:
        return
    # First what is kept, then the stamps: whoever stamps anew finds nothing old.
    kept, stamped = _key(""), stamps.key_of("")
    written = {kept + name: WRITTEN for name in names} | {stamped + name: stamps.UNSTEADY for name in names}
    try:
        client: redis.Redis = get_redis_connection("default")
        if settings.DYNAMODB_ENDPOINT:  # an engine of one's own doesn't lag
            client.unlink(*written)
            return
        pipeline = client.pipeline(transaction=False)
        for key, mark in written.items():
            pipeline.set(key, mark, px=LAG_MS)
        pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("delete", KIND).inc()
        owe(written)


def names_written(parameters: Mapping[str, Any], prefixes: Collection[str]) -> set[str]:
    """The kept partitions, of those with these prefixes, that a write names by any of its values.

    Shape: parameters as botocore takes them. A key of an index is a value like any other, so its partition counts too.
    """
    return {_partition(text) for text in _texts(parameters) if text.startswith(tuple(prefixes))}


def _partition(text: str) -> str:
    """Without what stands behind the owner: a list of one month is part of its author's."""
    return "#".join(text.split("#", 2)[:2])


def _texts(parameters: Mapping[str, Any]) -> Iterable[str]:
    for request in stamps.single_writes(parameters):
        for part in ("Key", "Item", "ExpressionAttributeValues"):
            for value in request.get(part, {}).values():
                if "S" in value:
                    yield value["S"]


def _key(name: str) -> str:
    return name_of(KIND, name)
