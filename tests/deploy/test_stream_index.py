"""The index goes into DynamoDB Local's own file, and only there."""

import sqlite3
from contextlib import closing
from pathlib import Path

from deploy.local.stream_index import FILE, index_stream_records

RECORDS = "CREATE TABLE us (StreamID TEXT, ShardID TEXT, SequenceNumber INTEGER, PRIMARY KEY(SequenceNumber))"
LAST = "SELECT max(SequenceNumber) FROM us WHERE ShardID = 'one'"


def plan_of(file: Path, statement: str) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())


def test_the_last_record_of_a_shard_is_found_by_the_index(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute(RECORDS)
    assert "INDEX" not in plan_of(tmp_path / FILE, LAST)

    assert index_stream_records(tmp_path)
    assert index_stream_records(tmp_path)

    assert "roost_us_shard" in plan_of(tmp_path / FILE, LAST)


def test_other_engines_and_other_versions_are_left_alone(tmp_path: Path) -> None:
    assert not index_stream_records(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("CREATE TABLE something (else_ TEXT)")
    assert not index_stream_records(tmp_path)
