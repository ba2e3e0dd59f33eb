"""An index that DynamoDB Local's own database lacks, without which its writes get slower and slower.

With every write to a table that has a stream, the engine looks for the last record of that stream's shard. Its table of
records (`us`) is ordered by number alone, so it walks over the records of all other streams on the way: with 9,000 of
them a transaction of four items took 514 ms here, with the index 24 ms. The index changes no answer, only the way to it.

Source: measured on the engine's file; it keeps records for a day.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

FILE = "shared-local-instance.db"
WAIT_SECONDS = 20
STATEMENT = "CREATE INDEX IF NOT EXISTS roost_us_shard ON us (ShardID, SequenceNumber)"


def index_stream_records(folder: Path) -> bool:
    """Make the index if this is DynamoDB Local's folder and its tables are there; safe while the engine runs.

    Idempotent: by the index's name.
    """
    file = folder / FILE
    if not file.is_file():
        return False  # in memory, or another engine
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as database, database:
        if (
            database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'us'").fetchone()
            is None
        ):
            return False  # a version that keeps its records elsewhere
        database.execute(STATEMENT)
    return True
