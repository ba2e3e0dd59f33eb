"""Two indexes that DynamoDB Local's own database lacks, without which its writes get slower and slower.

With every write to a table that has a stream, the engine looks up that stream's records. Its table of records (`us`) is
ordered by number alone, so it walks over the records of all other streams on the way: with 15,000 of them, which it
keeps for a day, a transaction of four items took 250 to 450 ms here, with the index by stream 9 ms. The one by shard
does the same for readers. Indexes change no answer, only the way to it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

FILE = "shared-local-instance.db"
WAIT_SECONDS = 20
STATEMENTS = (
    "CREATE INDEX IF NOT EXISTS roost_us_stream ON us (StreamID, SequenceNumber)",
    "CREATE INDEX IF NOT EXISTS roost_us_shard ON us (ShardID, SequenceNumber)",
)


def index_stream_records(folder: Path) -> bool:
    """Make the indexes if this is DynamoDB Local's folder and its tables are there; safe while the engine runs.

    Idempotent: by the indexes' names.
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
        for statement in STATEMENTS:
            database.execute(statement)
    return True
