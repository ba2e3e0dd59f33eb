"""A kind of values in all tiers: what selectors call.

    POSTS: Final = Tiered(Kind("post", version=3, seconds=3600, absent_seconds=30), write=body_of_post, read=post_of_item)
    found = POSTS.get_many(post_ids, load)

A kind with `local_seconds=0` asks Redis each time, and a process keeps what it parsed: so what one process forgets is gone from
the next answer of every other. Values are shared by all threads of a process: frozen, and nobody changes them.

Fail-open: with Redis away all is loaded, but what this process may answer by itself; counted in `roost_cache_fail_open`.
What could not be forgotten then is taken out first once Redis is back (`config.redis_debts`).
"""

from collections.abc import Callable, Iterable, Mapping

import orjson
import redis
from asgiref.sync import sync_to_async

from config.cache import leases, refreshing
from config.cache.entries import CHANGED, DOUBT, is_entry
from config.cache.filling import fill, settle
from config.cache.lookups import Lookup, look_up
from config.cache.tiers import K, Load, Tiers, V
from config.metrics import CACHE_FAIL_OPEN
from config.redis_debts import owe


class Tiered(Tiers[K, V]):
    """L1, L2 and the right to fill them, for values of one kind."""

    # --- Reading ------------------------------------------------------------------------------------------------------
    def get_many(self, keys: Iterable[K], load: Load[K, V]) -> dict[K, V | None]:
        """The value of each key, None for what is not there. Of the keys that nobody knows each is loaded once.

        Cost: 1 round trip to Redis, none if this process may answer by itself; 3 and one `load` if something is missing.
        """
        wanted = list(dict.fromkeys(keys))
        return dict(self.together(wanted, lambda: self._get_many(wanted, load)))

    def _get_many(self, keys: list[K], load: Load[K, V]) -> dict[K, V | None]:
        lookup = look_up((self, keys))[0]
        settle([lookup], lambda: self._load(lookup, load))
        if lookup.due:
            self.refresh(lookup, load)
        return lookup.found

    def get(self, key: K, load: Load[K, V]) -> V | None:
        """As `get_many` of one."""
        return self.get_many([key], load)[key]

    async def aget_many(self, keys: Iterable[K], load: Load[K, V]) -> dict[K, V | None]:
        """As `get_many`, in a thread: many tasks that ask for the same wait for one load."""
        return await sync_to_async(self.get_many, thread_sensitive=False)(list(keys), load)

    def _load(self, lookup: Lookup[K, V], load: Load[K, V]) -> None:
        values, seconds = self.timed(load, list(lookup.missing))
        fill((lookup, values, seconds))

    def refresh(self, lookup: Lookup[K, V], load: Load[K, V]) -> None:
        """Load anew, in the background, what was found and is soon past its time, or already is."""
        for key, raw in lookup.due.items():
            refreshing.refresh_soon(self, key, raw, load)

    # --- Writing ------------------------------------------------------------------------------------------------------
    def forget(self, *keys: K) -> None:
        """After a write whose value is not at hand: nobody is answered from before it any more, nor fills what is older.

        Cost: 1 round trip to Redis.
        """
        if keys:
            self._change(
                "delete",
                keys,
                lambda names, copies: leases.forget(
                    names, int(self.kind.changed_seconds * 1000), copies=copies
                ),
            )

    def forget_unless(self, values: Mapping[K, V]) -> None:
        """As `forget`, by who hears of a write once more, later: where this very value has come meanwhile, it stays.

        Cost: 1 round trip to Redis.
        """
        payloads = [orjson.dumps(self.write(value)) for value in values.values()]
        changed_ms = int(self.kind.changed_seconds * 1000)
        self._change(
            "delete",
            values,
            lambda names, copies: leases.forget_unless(names, payloads, changed_ms, copies=copies),
        )

    def doubt(self, *keys: K) -> None:
        """A write may or may not have been done, or may be done yet: for `changed_seconds` nothing is kept.

        Cost: 1 round trip to Redis.
        """
        if keys:
            pairs = [(DOUBT, int(self.kind.changed_seconds * 1000))] * len(keys)
            self._change("delete", keys, lambda names, copies: leases.set_all(names, pairs, copies=copies))

    def put(
        self,
        values: Mapping[K, V | None],
        versions: Mapping[K, int] | None = None,
        *,
        seconds: float | None = None,
    ) -> None:
        """What a writer has stored. With versions it replaces what is older, and is never found where nothing was.

        Without versions it stands whatever was there: for what is final, as a deletion, or has one writer. `seconds`: if it
        is to stand for another time than others of its kind.

        Cost: 1 round trip to Redis.
        """
        if not values:
            return
        changed_ms = int(self.kind.changed_seconds * 1000)
        raws = [
            self.written(key, value, version=(versions or {}).get(key), seconds=seconds)
            for key, value in values.items()
        ]
        if versions is None:
            pairs = [(raw, milliseconds) if raw else (CHANGED, changed_ms) for raw, milliseconds in raws]
            self._change("set", values, lambda names, copies: leases.set_all(names, pairs, copies=copies))
        else:
            triples = [part for raw, milliseconds in raws for part in (raw, milliseconds, changed_ms)]
            self._change("set", values, lambda names, copies: leases.put_newer(names, triples, copies=copies))

    def warm(self, values: Mapping[K, V]) -> None:
        """What was read or stored within `changed_seconds` and will be asked for: into Redis where nothing is, and into L1.

        Cost: 1 round trip to Redis.
        """
        lookup = Lookup(self, values)
        pairs = [self.written(key, value) for key, value in values.items()]
        try:
            copies = [copy for key in values for copy in self.copies_of(key)]
            raws = leases.add_all([self.name(key) for key in values], pairs, copies=copies)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("set", self.kind.name).inc()
            return
        for key, raw in zip(values, raws, strict=True):
            if is_entry(raw):
                self.value_of(key, raw, lookup)

    def _change(
        self, operation: str, keys: Iterable[K], change: Callable[[list[str], list[str]], object]
    ) -> None:
        """Redis first, then this process; see `local`."""
        wanted = list(keys)
        names, copies = [self.name(key) for key in wanted], [c for key in wanted for c in self.copies_of(key)]
        try:
            change(names, copies)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels(operation, self.kind.name).inc()
            owe([*copies, *names])
        finally:
            self.local.forget(*wanted)
