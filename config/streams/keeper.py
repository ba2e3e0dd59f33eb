"""Finds shards, keeps this consumer's leases alive and its share fair."""

import time
from collections.abc import Callable, Iterable

import structlog

from config.dynamodb import ConditionFailed, Table
from config.errors import AppError
from config.streams.balance import Candidate, candidate_of, lease_to_ask, leases_to_take
from config.streams.broker_life import SETTLED_AFTER_MS, BrokerWatch, is_of_another_life, lease_back
from config.streams.leases import NOBODY, Lease, lease_ask, lease_open, lease_reopen, lease_take, leases_of
from config.streams.owners import is_dead, owner_id
from config.streams.reader import ShardReader, Timing
from config.streams.registry import Handlers
from config.streams.shards import FINISHED, Shard, readable, shards_of, stream_arn

logger = structlog.get_logger()
LeaseKey = tuple[str, str]


class Keeper:
    """The leases of one consumer. `begin` is called with a reader for every shard that it comes to own."""

    def __init__(
        self,
        handlers: Handlers,
        *,
        group: str,
        timing: Timing,
        broker: BrokerWatch,
        begin: Callable[[ShardReader], None],
    ) -> None:
        self.handlers = handlers
        self.group = group
        self.timing = timing
        self._broker = broker
        self.owner = owner_id()
        self.readers: dict[LeaseKey, ShardReader] = {}
        self._begin = begin
        self._listed: dict[str, tuple[float, list[Shard]]] = {}
        self._beats: dict[LeaseKey, tuple[int, int, float]] = {}

    def tend(self) -> None:
        """One round: renew, find shards, take what is free, ask for a fair share.

        Cost: a strong Query a table, and a write for every held shard that was not saved lately.
        Raises: Throttled, DatabaseUnavailable.
        """
        for key, reader in list(self.readers.items()):
            reader.save_if_due()
            if reader.is_over:
                del self.readers[key]
        tables = {table.name: table for table in self.handlers.tables}
        candidates = [candidate for table in tables.values() for candidate in self._candidates(table)]
        for lease in leases_to_take(candidates, self.owner):
            self._take(tables[lease.table_name], lease)
        wanted = lease_to_ask(candidates, self.owner)
        if wanted:
            self._ask(wanted)

    def relist(self, table: Table) -> None:
        """Have the table's shards listed again at the next round: one has ended, or is gone."""
        self._listed.pop(table.name, None)

    def release_all(self) -> None:
        """Give every shard back. No reader may be stepped any more."""
        for reader in self.readers.values():
            try:
                reader.release()
            except AppError as error:  # without the database the lease runs out by itself
                logger.warning("stream_release_failed", shard=reader.lease.shard_id, error=repr(error))

    def _candidates(self, table: Table) -> list[Candidate]:
        """The leases of shards that may be read now. Leases that are missing are made, and seen in the next query."""
        shards = self._shards(table)
        if not shards:
            return []
        leases = self._leases(table, shards)
        missing = [shard for shard in shards if shard.id not in leases]
        for shard in missing:
            lease_open(self.group, table, shard)
        if missing:
            leases = self._leases(table, shards)
        self._reopen(lease for lease in leases.values() if lease.is_finished)
        finished = {lease.shard_id for lease in leases.values() if lease.is_finished}
        found = (leases.get(shard.id) for shard in readable(shards, finished))
        return [candidate_of(lease, owner_lives=self._lives(lease)) for lease in found if lease]

    def _reopen(self, finished: Iterable[Lease]) -> None:
        """Those whose tasks may have been lost with the broker; they are seen in the next query."""
        life, now_ms = self._broker.life, time.time_ns() // 1_000_000
        for lease in finished:
            is_settled = now_ms - lease.renewed_at_ms > SETTLED_AFTER_MS or lease.settled in {"", FINISHED}
            if life is None or is_settled or not is_of_another_life(lease, life):
                continue
            logger.error("stream_goes_back", table=lease.table_name, shard=lease.shard_id)
            try:
                lease_reopen(lease_back(lease, life, now_ms))
            except ConditionFailed:
                logger.debug("stream_lease_contended", table=lease.table_name, shard=lease.shard_id)

    def _leases(self, table: Table, shards: list[Shard]) -> dict[str, Lease]:
        """By shard; of the present stream only, for a table that was made again has another."""
        arn = shards[0].stream_arn
        return {lease.shard_id: lease for lease in leases_of(self.group, table) if lease.stream_arn == arn}

    def _shards(self, table: Table) -> list[Shard]:
        now = time.monotonic()
        listed_at, shards = self._listed.get(table.name, (0.0, []))
        if not shards or now - listed_at > self.timing.discover_seconds:
            arn = stream_arn(table)
            shards = shards_of(arn) if arn else []
            if not shards:
                logger.info("stream_awaited", table=table.physical_name)
            self._listed[table.name] = now, shards
        return shards

    def _lives(self, lease: Lease) -> bool:
        """Whether the lease's owner, or who is to be it, has shown life by this process's clock."""
        now = time.monotonic()
        fence, beat, since = self._beats.get(lease.key, (-1, -1, now))
        if (fence, beat) != (lease.fence, lease.beat):
            since = now
            self._beats[lease.key] = lease.fence, lease.beat, since
        if lease.owner == self.owner:
            return lease.key in self.readers  # if not, the answer to our taking it was lost: take it again
        if lease.owner != NOBODY and is_dead(lease.owner):
            return False
        return now - since < self.timing.lease_seconds

    def _take(self, table: Table, lease: Lease) -> None:
        asked_at = time.monotonic()
        try:
            taken = lease_take(lease, self.owner)
        except ConditionFailed:
            logger.debug("stream_lease_contended", table=table.name, shard=lease.shard_id)
            return
        logger.info(
            "stream_shard_taken",
            table=table.name,
            shard=lease.shard_id,
            position=lease.checkpoint,
            from_owner=lease.owner,
        )
        reader = ShardReader(table, taken, self.handlers, self.timing, self._broker, held_since=asked_at)
        self.readers[taken.key] = reader
        self._begin(reader)

    def _ask(self, lease: Lease) -> None:
        try:
            lease_ask(lease, self.owner)
        except ConditionFailed:
            logger.debug("stream_lease_contended", table=lease.table_name, shard=lease.shard_id)
            return
        logger.info(
            "stream_shard_asked_for", table=lease.table_name, shard=lease.shard_id, of_owner=lease.owner
        )
