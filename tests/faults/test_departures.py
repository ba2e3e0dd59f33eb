"""A clean-up after a person who left, killed with -9 at ten points, ends as one that ran through after their twin."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage

from accounts.departure_models import Departure, RetiredHandle
from accounts.departure_runs import departure_run
from accounts.models import User
from config import streams
from config.celery import app
from graph.reconcile import account_reconcile
from posts import promotion
from posts.repository import counts
from tests import nursery
from tests.departure_world import World, a_world, leave, left_in_tables, others_in_tables
from tests.graph.factory import id_of
from tests.stack import database_url

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
KILLS = 10
CROWD = 104
SETTLED_SECONDS = 300


@pytest.fixture
def eager() -> Iterator[None]:
    """What the streams bring is done in this process, for as long as it takes."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def clean_up(world: World, *, after_lines: int) -> tuple[list[str], int]:
    """Run the command in a process of its own and kill it a moment after so many pages; 0: let it end."""
    process = nursery.start(
        [sys.executable, "manage.py", "departures", "--due-now", "--user", world.people["gone"].username],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.strip())
        if after_lines and len(lines) == after_lines:
            time.sleep(random.uniform(0, 0.01))  # into the next page, or beyond it
            process.kill()
            break
    process.stdout.close()
    return lines, process.wait()


def is_right(world: World) -> None:
    """Nothing of `gone` is left but the notes that they left and whose handle it was; others' counts are their edges'."""
    assert [item for item in left_in_tables(world) if "gone" in item or "mine" in item] == []
    for name, user in world.people.items():
        assert not account_reconcile(user_id=id_of(user), repair=False).found, name
    for name in ("bobs0", "bobs1"):
        stored = counts.get_counts(world.posts[name].id)
        assert (stored.likes, stored.comments) == ((1, 1) if name == "bobs0" else (0, 0)), name
    assert [name for name in world.files if default_storage.exists(name)] == []
    assert not User.objects.filter(pk=world.gone_id).exists()
    assert Departure.objects.get(pk=world.gone_id).state == "done"
    assert RetiredHandle.has(world.people["gone"].username)


@pytest.fixture
def nothing_is_hot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred likes within five seconds spread a post's counts: of the two worlds only the one made faster would have it."""
    monkeypatch.setattr(promotion, "CHANGES_A_WINDOW", 10 * CROWD)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_cache", "nothing_is_hot")
def test_ten_kills_change_nothing_of_the_end(eager: None) -> None:
    streams.start()
    broken, twin = a_world(crowd=CROWD), a_world(crowd=CROWD)
    streams.drain(within_seconds=SETTLED_SECONDS)
    assert others_in_tables(broken) == others_in_tables(twin)
    leave(broken)
    leave(twin)
    reached = []
    for _ in range(KILLS):
        lines, code = clean_up(broken, after_lines=1)
        assert code == -9, lines
        departure = Departure.objects.get(pk=broken.gone_id)
        reached.append(departure.step)
    assert departure.state == "running"
    assert len(set(reached)) > 3, reached
    lines, code = clean_up(broken, after_lines=0)
    assert code == 0, lines
    assert not lines[0].split(": ")[1].startswith("step 1 "), "it began anew"
    assert departure_run(user_id=twin.gone_id, report=lambda _line: None, due_now=True)
    streams.drain(within_seconds=SETTLED_SECONDS)
    is_right(broken)
    is_right(twin)
    assert left_in_tables(broken) == left_in_tables(twin)
