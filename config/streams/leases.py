"""One lease a shard: who reads it, and up to where it has been handled.

A lease is alive while its `beat` moves. Others watch the beat with their own clocks, so clocks need not agree:

    owner A   beat 7 ... beat 8 ... (killed)
    owner B        sees 8 ....................... still 8 after 10 s: takes it if beat and fence are unchanged
    owner A                                       (was only asleep) checkpoints: its fence is old, refused

Every write is conditional on what was read, and sets values instead of adding, so the door may send it again.
"""

import time
from dataclasses import dataclass
from typing import Any, Self

from config.dynamodb import ConditionFailed, Table, Update, attr, put_item, query_all, update_item
from config.dynamodb.items import Item
from config.streams.shards import FINISHED, TRIM_HORIZON, Shard
from config.streams.tables import LEASES

NOBODY = ""
# Longer than a stream keeps records, so what is forgotten could not have been read any more.
KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was read or written last."""

    pk: str
    sk: str
    shard_id: str
    stream_arn: str
    owner: str
    fence: int
    beat: int
    checkpoint: str
    wanted_by: str
    renewed_at_ms: int
    lag_ms: int
    life: str = ""
    settled: str = ""
    settling: str = ""
    settling_at_ms: int = 0
    """These four: `config.streams.broker_life`."""

    @classmethod
    def of(cls, item: Item) -> Self:
        """The lease that an item holds; one of an earlier release lacks some of it."""
        return cls(**{name: item[name] for name in cls.__slots__ if name in item})

    @property
    def key(self) -> tuple[str, str]:
        """What tells leases apart."""
        return self.pk, self.sk

    @property
    def table_name(self) -> str:
        """The declared name of the table whose stream it is."""
        return self.pk.partition("#")[2]

    @property
    def is_finished(self) -> bool:
        """Whether the shard is closed and handled to its end."""
        return self.checkpoint == FINISHED


def partition(group: str, table: Table) -> str:
    """Where the leases of one consumer group on one table are."""
    return f"{group}#{table.name}"


def leases_of(group: str, table: Table, *, consistent: bool = True) -> list[Lease]:
    """All leases of a table, of streams it had earlier too.

    Cost: 1 round, 1 read unit per 4 KB (about 12 leases); half of it if not consistent.
    Consistency: strong unless said otherwise.
    """
    return [Lease.of(item) for item in query_all(LEASES, partition(group, table), consistent=consistent)]


def lease_open(group: str, table: Table, shard: Shard, *, checkpoint: str = TRIM_HORIZON) -> None:
    """Make the lease of a shard that has none, free, at the oldest record that is kept unless said otherwise.

    Idempotent: by shard; a lease that is there stays as it is.
    Cost: 1 round, 1 write unit.
    """
    label = shard.stream_arn.rpartition("/")[2]
    item = {
        "pk": partition(group, table),
        "sk": f"{label}#{shard.id}",
        "shard_id": shard.id,
        "stream_arn": shard.stream_arn,
        "owner": NOBODY,
        "fence": 0,
        "beat": 0,
        "checkpoint": checkpoint,
        "wanted_by": NOBODY,
        "lag_ms": 0,
        **_now(),
    }
    try:
        put_item(LEASES, item, condition=attr("pk").missing())
    except ConditionFailed:
        return  # another consumer was faster


def lease_take(lease: Lease, owner: str) -> Lease:
    """Become the owner of a free lease, or of one whose owner shows no life.

    Cost: 1 round, 1 write unit.
    Raises: ConditionFailed when it moved since it was read: taken by another, or its owner lives after all.
    """
    unmoved = (attr("fence") == lease.fence) & (attr("beat") == lease.beat)
    changes = {"owner": owner, "fence": lease.fence + 1, "beat": lease.beat + 1, "wanted_by": NOBODY}
    return _update(lease, changes, unmoved)


def lease_renew(lease: Lease) -> Lease:
    """Show life and keep the position: everything up to and with its checkpoint has been handled.

    Cost: 1 round, 1 write unit.
    Raises: ConditionFailed when it is another's now.
    """
    return _update(lease, {"beat": lease.beat + 1, **_position(lease)}, _held(lease))


def lease_release(lease: Lease, *, checkpoint: str) -> None:
    """Give a lease back, so that the next owner need not wait for it to run out. Who asked for it is kept.

    Cost: 1 round, 1 write unit.
    Raises: ConditionFailed when it is another's now.
    """
    changes = {"owner": NOBODY, "beat": lease.beat + 1, "checkpoint": checkpoint}
    _update(lease, changes, _held(lease))


def lease_reopen(lease: Lease) -> None:
    """Have a finished shard read again from the lease's checkpoint.

    Cost: 1 round, 1 write unit.
    Raises: ConditionFailed when it moved since it was read.
    """
    unmoved = (attr("fence") == lease.fence) & (attr("beat") == lease.beat)
    _update(lease, {"owner": NOBODY, "beat": lease.beat + 1, **_position(lease)}, unmoved)


def lease_ask(lease: Lease, owner: str) -> None:
    """Ask its owner to release it after the record in hand, for balance.

    Cost: 1 round, 1 write unit.
    Raises: ConditionFailed when it moved to another owner since it was read.
    """
    same_owner = (attr("fence") == lease.fence) & (attr("owner") == lease.owner)
    key: Item = {"pk": lease.pk, "sk": lease.sk}
    update_item(LEASES, key, Update(set={"wanted_by": owner}), condition=same_owner)


def _position(lease: Lease) -> Item:
    names = ("checkpoint", "lag_ms", "life", "settled", "settling", "settling_at_ms")
    return {name: getattr(lease, name) for name in names}


def _held(lease: Lease) -> Any:
    return (attr("owner") == lease.owner) & (attr("fence") == lease.fence)


def _update(lease: Lease, changes: Item, condition: Any) -> Lease:
    key: Item = {"pk": lease.pk, "sk": lease.sk}
    return Lease.of(update_item(LEASES, key, Update(set=changes | _now()), condition=condition))


def _now() -> Item:
    seconds = time.time()
    return {"renewed_at_ms": int(seconds * 1000), "ttl": int(seconds) + KEPT_SECONDS}
