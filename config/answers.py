"""Whole answers, kept as the bytes that are sent, in this process and in Redis, as long as nothing that they were made from has changed.

    found here        1 round trip: are its stamps the same, and what has happened since        `config.stamps`, `config.shared_log`
    found in Redis    1 more, to fetch it
    else              it is made, with every read watched, and kept if all of it can be watched

An answer is believed by all who may ask for it after its stamps have been compared, each time: so what one process has changed
no other shows, and going private or blocking takes effect at the next request. Counts may be LOOSE_SECONDS old.

Bounded: PROCESS_BYTES in a process, those used longest ago go first; in Redis by their time.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson
import redis
from cachebox import LRUCache
from django_redis import get_redis_connection

from config import stamps
from config.cache.local import TIER as LOCAL
from config.cache.shared import TIER
from config.metrics import CACHE_BYTES, CACHE_EVICTIONS, CACHE_FAIL_OPEN, CACHE_HITS, CACHE_MISSES
from config.redis_names import name_of
from config.shared_log import AT_ONCE, SharedLog

LOOSE_SECONDS: Final = 10
PROCESS_BYTES: Final = 48 << 20
_CHECK: Final = """
local found = redis.call('mget', unpack(KEYS, 3))
for _, stamp in ipairs(found) do if not stamp then return {0, 0} end end
if table.concat(found) ~= ARGV[1] then return {0, 0} end
local news = redis.call('xrange', KEYS[1], '(' .. ARGV[2], '+', 'count', ARGV[3])
if #news == 0 and ARGV[5] == '1' then
    redis.call('incr', KEYS[2])
    redis.call('pexpire', KEYS[2], ARGV[4])
end
return {1, news}
"""


@dataclass(slots=True)
class Answer:
    """What is sent, in parts, and what it depends on.

    `about`: lists of bytes of whoever made it, as sets. `position`: of the log, before anything was read. `loose_ms`: when what may be a little old
    was last known to be the same. Units: milliseconds of the wall clock.
    """

    parts: tuple[bytes, ...]
    watch: stamps.Watch
    about: Mapping[str, frozenset[bytes]]
    position: int
    until_ms: int
    loose_ms: int
    keys: list[str] = field(default_factory=list)
    expected: bytes = b""

    def __post_init__(self) -> None:
        self.keys = [stamps.key_of(name) for name in self.watch.stamps]
        self.expected = b"".join(self.watch.stamps.values())

    @property
    def size(self) -> int:
        """About so many bytes in memory."""
        return sum(map(len, self.parts)) + 200 * len(self.keys) + 2_000

    def is_other_than(self, earlier: "Answer") -> bool:
        """Whether it may be current although that one is not."""
        same = (self.expected, self.watch.loose, self.until_ms) == (
            earlier.expected,
            earlier.watch.loose,
            earlier.until_ms,
        )
        return not same or self.position > earlier.position


class Answers:
    """Answers of one kind.

    `concerns`: whether these entries of the log change an answer about which that is known. `counter`: the kind of number that
    each use adds one to.
    """

    def __init__(
        self,
        kind: str,
        *,
        log: SharedLog,
        concerns: Callable[[Mapping[str, frozenset[bytes]], Sequence[str]], bool],
        counter: str,
        counter_seconds: int,
    ) -> None:
        self.kind, self.log, self.concerns = kind, log, concerns
        self.counter, self.counter_seconds = counter, counter_seconds
        self._hits = {tier: CACHE_HITS.labels(tier, kind) for tier in (LOCAL, TIER)}
        self._here: LRUCache[str, Answer] = LRUCache(
            PROCESS_BYTES, getsizeof=lambda _key, answer: answer.size
        )

    def get(self, key: str, *, who: int, also: stamps.Watch | None = None) -> Answer | None:
        """The answer, if it still is as it would be made now; the use is counted for `who`. `also`: what else is to be the same.

        Cost: 1 round trip to Redis, 2 where this process has none, 1 more every LOOSE_SECONDS and when there is news.
        Fail-open: with Redis away there is none.
        """
        try:
            here = cast("Answer | None", self._here.get(key))  # the library's types know no None
            found = here if here is not None and self._is_current(here, who, also) else None
            if found is None:
                there = self._fetched(key)
                if there is not None and (here is None or there.is_other_than(here)):
                    found = there if self._is_current(there, who, also) else None
                    if found is not None:
                        self._hold(key, found)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("get", self.kind).inc()
            return None
        if found is None:
            CACHE_MISSES.labels(TIER, self.kind).inc()
        else:
            self._hits[LOCAL if found is here else TIER].inc()
        return found

    def keep(self, key: str, answer: Answer) -> None:
        """Until its time is up. Cost: 1 round trip to Redis."""
        self._hold(key, answer)
        left_ms = answer.until_ms - _now_ms()
        if left_ms <= 0:
            return
        try:
            get_redis_connection("default").set(self._name(key), _written(answer), px=left_ms)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("set", self.kind).inc()

    def _hold(self, key: str, answer: Answer) -> None:
        before = len(self._here) + (key not in self._here)
        self._here.insert(key, answer)
        CACHE_BYTES.labels(LOCAL, self.kind).set(self._here.current_size())
        if before > len(self._here):
            CACHE_EVICTIONS.labels(LOCAL, self.kind).inc(before - len(self._here))

    def forget_here(self) -> None:
        """As a process that has just begun."""
        self._here.clear()

    def _is_current(self, answer: Answer, who: int, also: stamps.Watch | None) -> bool:
        now_ms = _now_ms()
        self.log.begin_at(answer.position)
        waiting = self.log.since(answer.position)
        if waiting is None or answer.until_ms <= now_ms or not self._is_loosely_same(answer, now_ms):
            return False
        client: Any = get_redis_connection("default")
        keys, expected = [self.log.key, self._counter(who), *answer.keys], answer.expected
        if also is not None:
            keys += map(stamps.key_of, also.stamps)
            expected += b"".join(also.stamps.values())
        counts = b"0" if waiting[0] else b"1"
        life_ms = self.counter_seconds * 1000
        is_same, rows = client.eval(
            _CHECK, len(keys), *keys, expected, self.log.copied_to, AT_ONCE, life_ms, counts
        )
        if not is_same:
            return False
        self.log.take(rows)
        since = self.log.since(answer.position)
        if since is None or self.concerns(answer.about, since[0]):
            return False
        answer.position = since[1]
        if since[0]:  # else the script has counted it
            pipeline = client.pipeline(transaction=False)
            pipeline.incr(self._counter(who))
            pipeline.pexpire(self._counter(who), life_ms)
            pipeline.execute()
        return True

    def _is_loosely_same(self, answer: Answer, now_ms: int) -> bool:
        if now_ms - answer.loose_ms < LOOSE_SECONDS * 1000 or not answer.watch.loose:
            return True
        client: Any = get_redis_connection("default")
        found = client.mget([stamps.key_of(name) for name in answer.watch.loose])
        if found != list(answer.watch.loose.values()):
            return False
        answer.loose_ms = now_ms
        return True

    def _fetched(self, key: str) -> Answer | None:
        client: Any = get_redis_connection("default")
        raw = client.get(self._name(key))
        return None if raw is None else _read(raw)

    def _name(self, key: str) -> str:
        return name_of(self.kind, key)

    def _counter(self, who: int) -> str:
        return name_of(self.counter, who)


def _written(answer: Answer) -> bytes:
    """A line of JSON, then the parts."""
    watch = answer.watch
    head = {
        "sizes": [len(part) for part in answer.parts],
        "stamps": {name: stamp.hex() for name, stamp in watch.stamps.items()},
        "loose": {name: stamp.hex() for name, stamp in watch.loose.items()},
        "about": {name: [one.hex() for one in members] for name, members in answer.about.items()},
        "at": [answer.position, answer.until_ms, answer.loose_ms],
    }
    return b"".join([orjson.dumps(head), b"\n", *answer.parts])


def _read(raw: bytes) -> Answer:
    line, _, body = raw.partition(b"\n")
    head = orjson.loads(line)
    watch, parts, at = stamps.Watch(), list[bytes](), 0
    watch.stamps = {name: bytes.fromhex(stamp) for name, stamp in head["stamps"].items()}
    watch.loose = {name: bytes.fromhex(stamp) for name, stamp in head["loose"].items()}
    for size in head["sizes"]:
        parts.append(body[at : at + size])
        at += size
    about = {name: frozenset(map(bytes.fromhex, members)) for name, members in head["about"].items()}
    return Answer(tuple(parts), watch, about, *head["at"])


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
