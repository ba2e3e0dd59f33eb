"""Whether what a kept answer was made from is still the same: a stamp a name, taken away by whoever writes there.

    reader   watches; every read says what it reads .......... keeps the answer with its names and their stamps
    writer                              writes ... takes the stamp away
    later                                              the names have other stamps, or none: the answer is made anew

A name is a partition that a table declares (`Table.stamped`, `Table.kept`), or what a room says of itself: `account:<id>`.
Stamps are made by readers and only taken away by writers. So one that is lost (evicted, run out, Redis emptied) says that
something has changed, never that nothing has; and a fan-out to a million readers leaves nothing behind.

Who keeps what was read in a cache of its own takes the stamp away once that cache is right: between the write and then
somebody may have read the old value and stamped it anew.

`loose` names are of what may be a little old, such as counts of likes: they are asked about every LOOSE_SECONDS.

On AWS an eventually consistent read may lag behind the write: for LAG_MS after one nobody can stamp the name.
Fail-open: with Redis away nothing is kept and nothing kept is believed, so all is made anew. What a writer could not take away
then it takes away once Redis is back (`config.redis_debts`); if it has died by then, the answer is believed for as long as it lasts.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import redis
from django.conf import settings
from django_redis import get_redis_connection

from config.metrics import CACHE_FAIL_OPEN
from config.page_memory import remembering
from config.redis_debts import owe
from config.redis_names import name_of

KIND: Final = "stamp"
SECONDS: Final = 1_800
"""Longer than any answer is kept."""
LAG_MS: Final = 2_000
SIZE: Final = 16
PUBLIC: Final = ("account:", "POST#")
"""How names begin of what is shown to everybody. `EVERYTHING` is the one of all of them, for `config.edge`."""
EVERYTHING: Final = "everything"
UNSTEADY: Final = b"!" * SIZE
_MAKE: Final = """
local found = redis.call('mget', unpack(KEYS))
for i, stamp in ipairs(found) do
    if not stamp then redis.call('set', KEYS[i], ARGV[1], 'ex', ARGV[2]); found[i] = ARGV[1] end
end
return table.concat(found)
"""
# `ipairs` stops at nil, but a missing value is false here.


@dataclass(frozen=True, slots=True)
class Stamped:
    """Writes that change what somebody's page is made from: to keys that begin so.

    `name`: of the stamp; `{pk}` and `{sk}` stand for what follows the beginnings, up to the next #.
    """

    partition: str
    sort: str
    name: str

    def name_of(self, partition: str, sort: str) -> str | None:
        """The name that a write to this key takes the stamp from; None if it concerns nobody."""
        if not (partition.startswith(self.partition) and sort.startswith(self.sort)):
            return None
        owner, other = partition[len(self.partition) :], sort[len(self.sort) :]
        return self.name.format(pk=owner.partition("#")[0], sk=other.partition("#")[0])


class Watch:
    """What is being read, with the stamps of before it was read."""

    def __init__(self) -> None:
        self.stamps: dict[str, bytes] = {}
        self.loose: dict[str, bytes] = {}
        self._is_lost = False

    @property
    def is_sound(self) -> bool:
        """Whether what is made of it may be kept: of every name it is known whether it changes from now on."""
        return not self._is_lost and UNSTEADY not in self.stamps.values()

    def see(self, names: Iterable[str], loose: Iterable[str] = ()) -> None:
        """These are about to be read.

        Cost: 1 round trip to Redis; none for names that were seen before.
        """
        firm = [name for name in dict.fromkeys(names) if name not in self.stamps]
        light = [name for name in dict.fromkeys(loose) if name not in self.loose]
        if self._is_lost or not (firm or light):
            return
        try:
            client = get_redis_connection("default")
            keys = [key_of(name) for name in (*firm, *light)]
            joined: bytes = client.eval(_MAKE, len(keys), *keys, uuid4().bytes, SECONDS)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("get", KIND).inc()
            self._is_lost = True
            return
        made = [joined[at : at + SIZE] for at in range(0, len(joined), SIZE)]
        self.stamps |= dict(zip(firm, made, strict=False))
        self.loose |= dict(zip(light, made[len(firm) :], strict=True))


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Within the block, also in the threads of `gather`, reads tell this watch what they read."""
    token = _watch.set(watch)
    try:
        with remembering():  # what was read before was not watched
            yield watch
    finally:
        _watch.reset(token)


def see(names: Iterable[str], loose: Iterable[str] = ()) -> None:
    """A selector is about to read these. Cost: none unless somebody watches; then as `Watch.see`."""
    watch = _watch.get()
    if watch is not None:
        watch.see(names, loose)


def forget(names: Iterable[str]) -> None:
    """These have changed, or may have; whatever they are read through shows it by now.

    Cost: 1 round trip to Redis; none without names.
    """
    names = list(names)
    keys = [key_of(name) for name in names]
    if not keys:
        return
    at_once = [key_of(EVERYTHING)] if any(name.startswith(PUBLIC) for name in names) else []
    try:
        client: redis.Redis = get_redis_connection("default")
        if settings.DYNAMODB_ENDPOINT:  # an engine of one's own doesn't lag
            client.unlink(*keys, *at_once)
            return
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.set(key, UNSTEADY, px=LAG_MS)
        for key in at_once:
            pipeline.unlink(key)
        pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("delete", KIND).inc()
        owe([*keys, *at_once])


def names_written(parameters: Mapping[str, Any], rules: Iterable[Stamped]) -> set[str]:
    """The names that a write's keys concern.

    Shape: parameters as botocore takes them.
    """
    names = {
        rule.name_of(key["pk"]["S"], key["sk"]["S"])
        for request in single_writes(parameters)
        for part in ("Key", "Item")
        if "S" in (key := request.get(part, {})).get("pk", ()) and "S" in key.get("sk", ())
        for rule in rules
    }
    return {name for name in names if name is not None}


def single_writes(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each single write of a request of any kind."""
    yield parameters
    for entry in parameters.get("TransactItems", ()):
        yield from entry.values()
    for entries in parameters.get("RequestItems", {}).values():
        for entry in entries:
            yield from entry.values()


def account_name(user_id: int) -> str:
    """Of what the ORM has of an account: name, picture, privacy, whether it is there."""
    return f"account:{user_id}"


def key_of(name: str) -> str:
    """Where a stamp is kept."""
    return name_of(KIND, name)
