"""What is said of a kind of values once, where it is declared: for how long, how stale, how much in the process."""

import random
from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values: its keys never meet those of another kind, nor those of another version of the same.

    version           of the shape of what is stored; raise it when the shape changes
    seconds           how long a value is fresh, less up to `jitter` of it, so that what came together doesn't go together
    stale_seconds     how much longer it is answered while it is loaded anew in the background; 0: it is never
    local_seconds     how long a process answers without asking Redis. 0: it always asks, and spares itself the parsing
    away_seconds      the same only while Redis is away, when no other process's change is heard of; from when it was loaded or
                      last parsed. 0: all is loaded then
    absent_seconds    how long it is known that there is nothing; 0: that is not kept
    changed_seconds   how long after `forget` it is remembered that something was changed, so that it is read strongly;
                      longer than a copy of DynamoDB lags behind
    wait_seconds      how long is waited for who loads the same, before it is taken over from them; about the p99 of a load
    copies            of an entry there are while it is hot, beside it in Redis, so that not all ask for one name (`copies`)
    local_entries, local_bytes   what a process keeps at most
    """

    name: str
    version: int = 1
    seconds: float = 60
    stale_seconds: float = 0
    local_seconds: float = 0
    away_seconds: float = 0
    absent_seconds: float = 0
    changed_seconds: float = 2
    jitter: float = 0.1
    wait_seconds: float = 0.5
    copies: int = 0
    local_entries: int = 10_000
    local_bytes: int = 8 * MIB

    def spread(self, seconds: float) -> float:
        """A time of this kind with its jitter, never longer than it was."""
        return seconds * (1 - self.jitter * random.random())
