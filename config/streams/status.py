"""How the consumers are doing, read from their leases: for health checks, metrics and people."""

import time
from dataclasses import dataclass

from config.streams.consumer import GROUP
from config.streams.leases import leases_of
from config.streams.registry import handlers


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """One shard that is not finished. `silent_seconds`: since its consumer last showed life."""

    table: str
    shard_id: str
    owner: str
    checkpoint: str
    lag_seconds: float
    silent_seconds: float


def shard_statuses(*, group: str = GROUP) -> list[ShardStatus]:
    """Every shard under lease, one line each.

    Shape: empty when no consumer has ever run here. Of a stream that is gone, the lease stays for a week, silent.
    Cost: 0.5 read units per 4 KB of leases, a Query a table.
    Consistency: eventual.
    """
    now_ms = time.time() * 1000
    return [
        ShardStatus(
            table=table.name,
            shard_id=lease.shard_id,
            owner=lease.owner,
            checkpoint=lease.checkpoint,
            lag_seconds=lease.lag_ms / 1000,
            silent_seconds=max(0.0, (now_ms - lease.renewed_at_ms) / 1000),
        )
        for table in handlers.tables
        for lease in leases_of(group, table, consistent=False)
        if not lease.is_finished
    ]


def silent_tables(*, group: str = GROUP, longest_seconds: float = 30.0) -> list[str]:
    """Tables whose stream nobody has read for so long: their events wait. Empty is healthy."""
    heard = {s.table for s in shard_statuses(group=group) if s.owner and s.silent_seconds <= longest_seconds}
    return [table.name for table in handlers.tables if table.name not in heard]
