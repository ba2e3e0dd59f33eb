"""The indexes and the write-ahead log go into DynamoDB Local's own file, and only there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy.local.engine_file import FILE, engine_file_hasten

RECORDS = "CREATE TABLE us (StreamID TEXT, ShardID TEXT, SequenceNumber INTEGER, PRIMARY KEY(SequenceNumber))"


def way_to(file: Path, statement: str) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())


@pytest.mark.parametrize(
    ("column", "index"), [("StreamID", "roost_us_by_stream"), ("ShardID", "roost_us_by_shard")]
)
def test_the_last_record_is_found_by_an_index(tmp_path: Path, column: str, index: str) -> None:
    last = f"SELECT max(SequenceNumber) FROM us WHERE {column} = 'one'"
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute(RECORDS)
    assert index not in way_to(tmp_path / FILE, last)

    assert engine_file_hasten(tmp_path)
    assert engine_file_hasten(tmp_path)

    assert index in way_to(tmp_path / FILE, last)
    after = (
        f"SELECT * FROM us WHERE {column} = 'one' AND SequenceNumber > 5 ORDER BY SequenceNumber LIMIT 1000"
    )
    assert f"{index} ({column}=? AND rowid>?)" in way_to(tmp_path / FILE, after)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_other_engines_and_other_versions_are_left_alone(tmp_path: Path) -> None:
    assert not engine_file_hasten(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("CREATE TABLE something (column_ TEXT)")
    assert not engine_file_hasten(tmp_path)
