"""Changes of tables: a new installation has them done, the command tells what is to be done and does it."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from config.dynamodb import Index, KeyPart, TableChange, create_tables
from config.dynamodb.applying import Pace, ensure_index
from config.dynamodb.changes import TABLE_CHANGES, is_done, table_changes
from config.dynamodb.client import client
from config.dynamodb.metering import metered
from config.dynamodb.tables import creation_request
from config.ids import next_id
from graph.table_changes import BY_NOTIFY
from graph.tables import GRAPH
from tests.config.tables import THINGS


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("table_changes", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def own_prefix(own_dynamodb: None, settings: Any) -> None:
    """Tables of this test's own."""
    settings.TABLE_PREFIX = f"own{next_id()}-"


def test_a_new_installation_has_all_changes_done_and_asks_once() -> None:
    assert BY_NOTIFY in table_changes()
    assert is_done(BY_NOTIFY)
    with metered() as calls:
        assert is_done(BY_NOTIFY)
    assert calls == []
    assert said("plan", "--table", "graph") == ""
    assert "graph 0001: done" in said("status")
    assert said("apply", "--table", "graph") == "graph 0001: done before\ngraph 0002: done before\n"


def test_a_table_of_before_is_planned_for_changed_and_found_done(own_prefix: None) -> None:
    request = creation_request(GRAPH)
    request["GlobalSecondaryIndexes"] = request["GlobalSecondaryIndexes"][:1]
    request["AttributeDefinitions"] = [
        row for row in request["AttributeDefinitions"] if row["AttributeName"] not in {"npk", "nsk"}
    ]
    client().create_table(**request)
    create_tables()  # at every start: leaves it as it is
    assert len(client().describe_table(TableName=GRAPH.physical_name)["Table"]["GlobalSecondaryIndexes"]) == 1
    assert "add index by_notify" in said("plan")
    assert "not begun" in said("status")
    with metered() as calls:
        assert not is_done(BY_NOTIFY)
        assert not is_done(BY_NOTIFY)
    assert [call.operation for call in calls] == ["get_item"]
    lines = said("apply", "--table", "graph", "--segments", "2").splitlines()
    assert lines[0] == "graph 0001: index by_notify asked for"
    assert lines[1] == "graph 0001: index by_notify serves"
    assert "graph 0001: done" in lines
    assert lines[-1] == "graph 0002: done"
    assert said("status", "--table", "graph") == "".join(
        f"graph {version}: done, 2 of 2 segments, 0 seen, 0 changed\n" for version in ("0001", "0002")
    )
    indexes = client().describe_table(TableName=GRAPH.physical_name)["Table"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"by_time", "by_notify"}


def test_an_index_with_other_keys_is_refused(own_prefix: None) -> None:
    request = creation_request(GRAPH)
    index = next(row for row in request["GlobalSecondaryIndexes"] if row["IndexName"] == "by_notify")
    index["KeySchema"] = index["KeySchema"][:1]
    request["AttributeDefinitions"] = [
        row for row in request["AttributeDefinitions"] if row["AttributeName"] != "nsk"
    ]
    client().create_table(**request)
    client().create_table(**creation_request(TABLE_CHANGES))
    with pytest.raises(ValueError, match="other keys"):
        ensure_index(BY_NOTIFY, print)


def test_declarations_are_checked() -> None:
    with pytest.raises(ImproperlyConfigured, match="number 1"):
        TableChange(1, GRAPH, "again")
    with pytest.raises(ImproperlyConfigured, match="no index"):
        TableChange(1, THINGS, "unknown", add_index="by_nothing")
    assert Index("by_rank", KeyPart("group", "S"), KeyPart("rank", "N")) in THINGS.indexes


def test_the_command_refuses_what_it_can_t_do() -> None:
    with pytest.raises(CommandError, match="no table"):
        said("plan", "--table", "nothing")
    with pytest.raises(CommandError, match="segments"):
        said("apply", "--segments", "0")


def test_the_pace_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [100.0], list[float]()
    monkeypatch.setattr("config.dynamodb.applying.time.monotonic", lambda: now[0])
    monkeypatch.setattr("config.dynamodb.applying.time.sleep", slept.append)
    pace = Pace(50)
    pace.spend(100)
    now[0] = 101.0  # a second of the two has gone into the work
    pace.spend(50)
    assert slept == [2.0, 2.0]
