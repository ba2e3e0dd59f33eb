"""A table in use gets an index: killed with -9 at ten points, read all the while, in the end as if nothing had been."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from config.dynamodb import batch_write, query_all
from config.dynamodb.applying import apply_change
from config.dynamodb.changes import DONE, TABLE_CHANGES, change_state, is_done
from config.dynamodb.client import client
from config.dynamodb.scans import scan_page
from config.dynamodb.tables import creation_request
from config.entities import UserId
from config.ids import next_id
from graph.entities import QUIET, Edge
from graph.keys import edge_items
from graph.notify_index import notified_follower_ids_page
from graph.notify_keys import INDEX, notify_partition
from graph.repository import edge_delete, edge_put, edge_update
from graph.table_changes import BY_NOTIFY
from graph.tables import GRAPH
from tests import nursery

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]
FOLLOWERS = 700
KILLS = 10


def of_before() -> dict[str, Any]:
    """The table as releases before the index made it."""
    request = creation_request(GRAPH)
    request["GlobalSecondaryIndexes"] = [
        index for index in request["GlobalSecondaryIndexes"] if index["IndexName"] != INDEX
    ]
    request["AttributeDefinitions"] = [
        row for row in request["AttributeDefinitions"] if row["AttributeName"] not in {"npk", "nsk"}
    ]
    return request


@pytest.fixture
def installation(own_dynamodb: None, settings: Any) -> Iterator[str]:
    """Tables of their own in the old shape: `graph`, and nothing known of changes."""
    settings.TABLE_PREFIX = prefix = f"old{next_id()}-"
    client().create_table(**of_before())
    client().create_table(**creation_request(TABLE_CHANGES))
    yield prefix
    for table in (GRAPH, TABLE_CHANGES):
        client().delete_table(TableName=table.physical_name)


def old_followers(followee_id: UserId, number: int) -> dict[UserId, bool]:
    """Follows of before the index; every third follower wants to hear of posts."""
    chosen, items = {}, []
    for position in range(number):
        follower_id = UserId(next_id())
        edge = Edge(follower_id, followee_id, next_id(), f"f{position:04d}", "ana")
        out_item, in_item = edge_items(edge, QUIET)
        chosen[follower_id] = position % 3 == 0
        items += [(GRAPH, out_item | {"notify": chosen[follower_id]}), (GRAPH, in_item)]
    batch_write(puts=items)
    return chosen


def notified(followee_id: UserId, limit: int = 50) -> list[UserId]:
    """All pages."""
    found, after = [], None
    while True:
        page, after = notified_follower_ids_page(followee_id, start_after=after, limit=limit)
        found += page
        if after is None:
            return found


def apply_and_kill(prefix: str, after_lines: int) -> list[str]:
    """Run the command in a process of its own and kill it after so many lines of progress; 0: let it end."""
    command = [sys.executable, "manage.py", "table_changes", "apply", "--table", "graph"]
    process = nursery.start(
        [*command, "--items-per-second", "400"],
        env={**os.environ, "ROOST_TABLE_PREFIX": prefix},
        stdout=subprocess.PIPE,
        stderr=2,
    )
    assert process.stdout
    lines = []
    with process.stdout:
        for line in process.stdout:
            lines.append(line.strip())
            if len(lines) == after_lines:
                time.sleep(random.uniform(0, 0.3))
                process.kill()
    status = process.wait(60)
    assert status == (-9 if after_lines else 0), lines
    return lines


def everything(prefix: str, settings: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """All items of an installation's graph."""
    settings.TABLE_PREFIX = prefix
    found, position = {}, None
    while True:
        rows = scan_page(GRAPH, limit=1000, start_after=position, consistent=True)
        found |= {(item["pk"], item["sk"]): item for item in rows.items}
        position = rows.last_key
        if position is None:
            return found


class Reader(threading.Thread):
    """Reads again and again; what it read wrongly it remembers."""

    def __init__(self, followee_id: UserId, wanted: set[UserId]) -> None:
        super().__init__()
        self.followee_id, self.wanted = followee_id, wanted
        self.ended, self.reads, self.wrong = threading.Event(), 0, list[str]()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            found = notified(self.followee_id)
            if set(found) != self.wanted or len(found) != len(self.wanted):
                self.wrong.append(f"{len(found)} instead of {len(self.wanted)}")
            self.reads += 1


def test_killed_at_ten_points_it_ends_as_unbroken_and_reads_are_right_all_along(
    installation: str, settings: Any
) -> None:
    ana = UserId(next_id())
    chosen = old_followers(ana, FOLLOWERS)
    before = everything(installation, settings)
    reader = Reader(ana, {follower_id for follower_id, wants in chosen.items() if wants})
    assert set(notified(ana)) == reader.wanted
    reader.start()
    try:
        kills, lines = 0, list[str]()
        for _ in range(KILLS):
            said = apply_and_kill(installation, 1 if kills < 2 else 2)
            lines += said
            kills += not said[-1].endswith("done")
        assert kills == KILLS, lines
        assert not is_done(BY_NOTIFY)
        assert apply_and_kill(installation, 0)[-1] == "graph 0002: done"
        time.sleep(6)  # longer than a process goes without asking again
        assert is_done(BY_NOTIFY)
        time.sleep(0.5)
    finally:
        reader.ended.set()
        reader.join()
    assert reader.wrong == []
    assert reader.reads > 10
    state = change_state(BY_NOTIFY)
    assert (state.stage, all(segment.is_finished for segment in state.segments)) == (DONE, True)
    # An unbroken run over the same items ends in the same state.
    expected = {
        key: item
        | (
            {"npk": notify_partition(ana), "nsk": int(item["pk"].removeprefix("USER#"))}
            if item.get("notify")
            else {}
        )
        for key, item in before.items()
    }
    assert everything(installation, settings) == expected
    assert len(list(query_all(GRAPH, notify_partition(ana), index=INDEX))) == len(reader.wanted)


def test_writers_of_the_new_release_are_never_overtaken(installation: str) -> None:
    ana = UserId(next_id())
    chosen = old_followers(ana, 60)
    on = [follower_id for follower_id, wants in chosen.items() if wants]
    off = [follower_id for follower_id, wants in chosen.items() if not wants]
    edge_update(on[0], ana, {"notify": False})
    edge_update(off[0], ana, {"notify": True})
    late = Edge(UserId(next_id()), ana, next_id(), "late", "ana")

    def write_meanwhile(line: str) -> None:
        if "segment 1" in line:
            edge_update(on[1], ana, {"notify": False})
            edge_put(late)
            edge_update(late.follower_id, ana, {"notify": True})

    apply_change(BY_NOTIFY, report=write_meanwhile)
    wanted = {*on[2:], off[0], late.follower_id}
    time.sleep(0.1)
    rows = {UserId(item["nsk"]) for item in query_all(GRAPH, notify_partition(ana), index=INDEX)}
    assert rows == wanted
    assert edge_delete(late.follower_id, ana, follower_handle="late")
    rows = {UserId(item["nsk"]) for item in query_all(GRAPH, notify_partition(ana), index=INDEX)}
    assert rows == wanted - {late.follower_id}
