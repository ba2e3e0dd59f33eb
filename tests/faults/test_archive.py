"""Edges on their way to the archive and back, killed with -9 at ten points each way while people follow and leave.

In the end all is as it would be had nothing been killed: the edges of before but for those that ended meanwhile, those
made meanwhile besides, each of them once, with its counters, in its lists, and no event but those of what people did.
"""

import os
import random
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from django.core.files.storage import storages

from accounts.entities import ArchiveState
from accounts.models import User
from config.dynamodb import Item, query_all
from config.entities import UserId
from config.ids import next_id
from config.streams.draining import Drain
from graph import repository
from graph.archive_repository import archive_get, segments_of
from graph.archive_segments import segment_read
from graph.entities import Counts, Edge
from graph.events import FollowCreated, FollowDeleted
from graph.keys import shard_partition
from graph.reconcile import Drift, account_reconcile
from graph.selectors import (
    counts,
    follower_ids_page,
    followers_page,
    following_ids,
    is_following,
)
from graph.tables import GRAPH
from tests import nursery
from tests.engines import FOLDER
from tests.flows.machine_world import Heard
from tests.graph.factory import a_stranger
from tests.stack import database_url

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
FOLLOWERS, FOLLOWED, ROWS, KILLS = 420, 80, 20, 10


def an_account(name: str) -> tuple[User, dict[UserId, Edge], dict[UserId, Edge]]:
    """Somebody, who follows them and whom they follow; of every third of these they want to hear."""
    user = User.objects.create_user(f"{name}{next_id() % 10**9}", f"{name}{next_id()}@example.org", None)
    owner = UserId(user.pk)
    followers, followed = {}, {}
    for number in range(FOLLOWERS):
        edge = Edge(a_stranger(), owner, next_id(), f"fan{number}", user.username)
        repository.edge_put(edge)
        followers[edge.follower_id] = edge
    for number in range(FOLLOWED):
        edge = Edge(owner, a_stranger(), next_id(), user.username, f"star{number}")
        repository.edge_put(edge)
        followed[edge.followee_id] = edge
        if number % 3 == 0:
            repository.edge_update(owner, edge.followee_id, {"notify": True})
    return user, followers, followed


def rows_of(user: User) -> list[Item]:
    """The account's own halves of its edges as they are stored."""
    rows = query_all(GRAPH, shard_partition(UserId(user.pk)), consistent=True)
    return [row for row in rows if row["sk"].startswith("FOLLOW")]


def halves_of(user: User) -> dict[str, Item]:
    """The same, but for what the archive writes on them."""
    return {
        row["sk"]: {name: value for name, value in row.items() if name not in {"restored", "rid"}}
        for row in rows_of(user)
    }


def run(user: User, *arguments: str, after_lines: int) -> list[str]:
    """The command in a process of its own, killed a moment after so many lines; 0: let it end."""
    log = FOLDER / "archive-edges.log"
    command = [sys.executable, "manage.py", "archive_edges", "--user", user.username, "--rows", str(ROWS)]
    with log.open("w") as errors:
        process = nursery.start(
            [*command, *arguments],
            env={**os.environ, "DATABASE_URL": database_url(), "ROOST_ARCHIVE_GRACE_SECONDS": "0"},
            stdout=subprocess.PIPE,
            stderr=errors.fileno(),
        )
    assert process.stdout is not None
    lines = []
    with process.stdout:
        for line in process.stdout:
            lines.append(line.strip())
            if len(lines) == after_lines:
                time.sleep(random.uniform(0, 0.06))
                process.kill()
    status = process.wait()
    assert status == (-9 if after_lines else 0), (lines, log.read_text()[-3000:])
    return lines


class Crowd(threading.Thread):
    """Goes on following an account, and leaving it, both old followers and new; keeps account of it."""

    def __init__(self, user: User, followers: dict[UserId, Edge]) -> None:
        super().__init__()
        self.user, self.followers = user, dict(followers)
        self.stopped = threading.Event()
        self.came, self.left = 0, 0
        self.failed: list[BaseException] = []

    def run(self) -> None:
        owner = UserId(self.user.pk)
        try:
            while not self.stopped.wait(0.03):
                if random.random() < 0.5:
                    number = self.came
                    edge = Edge(a_stranger(), owner, next_id(), f"late{number}", self.user.username)
                    assert repository.edge_put(edge)
                    self.followers[edge.follower_id] = edge
                    self.came += 1
                else:
                    edge = self.followers.pop(random.choice(list(self.followers)))
                    assert repository.edge_delete(
                        edge.follower_id, owner, follower_handle=edge.follower_handle
                    )
                    self.left += 1
        except BaseException as error:  # noqa: BLE001  # told by the test
            self.failed.append(error)


@pytest.fixture
def heard() -> tuple[Heard, Drain]:
    """What the stream says from now on."""
    changes = Heard()
    stream = Drain(changes)  # type: ignore[arg-type]  # reads as `Handlers` do
    stream.start()
    return changes, stream


def all_followers(owner: UserId) -> list[UserId]:
    found, cursor = [], None
    while True:
        page = followers_page(owner, cursor=cursor, limit=100)
        found += [edge.follower_id for edge in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def events_of(heard: Heard, kind: Any, owner: UserId) -> int:
    events = (kind.from_change(change) for change in heard.changes if change.table is GRAPH)
    return len(
        {event.edge_id for event in events if event and owner in {event.follower_id, event.followee_id}}
    )


@pytest.mark.django_db(transaction=True)
def test_ten_kills_each_way_change_nothing_of_the_end(heard: tuple[Heard, Drain]) -> None:
    dan, followers, followed = an_account("dan")
    owner, before = UserId(dan.pk), halves_of(dan)
    assert len(before) == FOLLOWERS + FOLLOWED
    heard[1].drain()
    heard[0].changes.clear()
    crowd = Crowd(dan, followers)
    crowd.start()
    try:
        for _ in range(KILLS):
            run(dan, after_lines=random.choice((1, 2, 3)))
        half_way = archive_get(owner)
        assert half_way is not None
        assert half_way.state == ArchiveState.ARCHIVING
        run(dan, after_lines=0)
        archive = archive_get(owner)
        assert archive is not None
        assert archive.state == ArchiveState.ARCHIVED
        kept = [item for segment in segments_of(archive) for item in segment_read(segment)]
        assert len({item["sk"] for item in kept}) == len(kept), "an edge is in two segments"
        here = [row for row in rows_of(dan) if row["sk"] in before and row["gsk"] == before[row["sk"]]["gsk"]]
        # Who leaves just now has their edge brought back first, and then taken away.
        assert not [row for row in here if row.get("restored") != archive.run]
        for _ in range(KILLS):
            run(dan, "--return", after_lines=random.choice((1, 2)))
        half_way = archive_get(owner)
        assert half_way is not None
        assert half_way.state == ArchiveState.RETURNING
        run(dan, "--return", after_lines=0)
    finally:
        crowd.stopped.set()
        crowd.join()
    assert crowd.failed == []
    assert archive_get(owner) is None
    dan.refresh_from_db()
    assert dan.archive_state == ArchiveState.HERE
    assert storages["archive"].listdir(f"edges/{owner}")[1] == []
    # The edges: those of before to the letter, but for who left; those of who came.
    after = halves_of(dan)
    assert {sk for sk in after if sk.startswith("FOLLOWING#")} == {
        f"FOLLOWING#{user_id}" for user_id in followed
    }
    for sk, item in after.items():
        if sk in before:
            assert item == before[sk]
    ids, _ = follower_ids_page(owner)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(crowd.followers)
    time.sleep(0.1)
    listed = all_followers(owner)
    assert (set(listed), len(listed)) == (set(crowd.followers), len(crowd.followers))
    assert set(following_ids(owner)) == set(followed)
    assert all(is_following(follower_id, owner) for follower_id in crowd.followers)
    assert counts(owner, consistent=True) == Counts(len(crowd.followers), FOLLOWED)
    assert account_reconcile(user_id=owner, repair=False) == Drift(accounts=1)
    # The events: what people did, and nothing else.
    heard[1].drain()
    assert events_of(heard[0], FollowCreated, owner) == crowd.came
    assert events_of(heard[0], FollowDeleted, owner) == crowd.left
    assert crowd.came > 20
    assert crowd.left > 20


@pytest.mark.django_db(transaction=True)
def test_an_unbroken_twin_is_as_it_was() -> None:
    twin, followers, followed = an_account("twin")
    before = halves_of(twin)
    run(twin, after_lines=0)
    assert halves_of(twin) == {}
    run(twin, "--return", after_lines=0)
    assert halves_of(twin) == before
    assert counts(UserId(twin.pk), consistent=True) == Counts(len(followers), len(followed))
