"""What DynamoDB Local's own database lacks, without which its reads and writes get slower and slower.

With every write to a table that has a stream, the engine looks up that stream's last record, and with every read of a
stream those after a number. Its table of records (`us`) is ordered by number alone, so it walks over the records of all
streams on the way. With 70,000 of them, which it keeps for a day, a read that finds nothing took 335 ms, some ten times a
second; with these indexes it takes 0.3. They name one column: the engine's SQLite (3.8) takes the number, which ends every
index by itself, for a range only where it is not named. Indexes change no answer, only the way to it.

Each write, and each of a batch, is a transaction of its own, for which a journal is made and removed again. A write-ahead
log, which the file remembers, is no less durable, and takes a third of the time and half of the processor.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

FILE = "shared-local-instance.db"
WAIT_SECONDS = 20
INDEXES = (
    "DROP INDEX IF EXISTS roost_us_stream",  # as they were before: of two columns
    "DROP INDEX IF EXISTS roost_us_shard",
    "CREATE INDEX IF NOT EXISTS roost_us_by_stream ON us (StreamID)",
    "CREATE INDEX IF NOT EXISTS roost_us_by_shard ON us (ShardID)",
)


def engine_file_hasten(folder: Path) -> bool:
    """Do so if this is DynamoDB Local's folder and its tables are there; safe while the engine runs.

    Idempotent: by the indexes' names, and the mode.
    """
    file = folder / FILE
    if not file.is_file():
        return False  # in memory, or another engine
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as database:
        if (
            database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'us'").fetchone()
            is None
        ):
            return False  # a version that keeps its records elsewhere
        with database:
            for statement in INDEXES:
                database.execute(statement)
        database.execute("PRAGMA journal_mode = wal")
    return True
