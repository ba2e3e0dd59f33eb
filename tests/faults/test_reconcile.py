"""A recount of all accounts, killed with -9 at ten points while people follow, ends as one that ran through."""

import os
import random
import subprocess
import sys
import threading
import time

import pytest

from accounts.models import User
from config.dynamodb import Update, update_item
from config.entities import UserId
from config.ids import next_id
from graph import repository
from graph.entities import Edge
from graph.keys import counts_key
from graph.reconcile import account_reconcile
from graph.selectors import counts, follower_ids_page
from graph.tables import GRAPH
from graph.walks import position_delete, position_get
from tests import nursery
from tests.graph.factory import a_stranger
from tests.stack import database_url

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]
PEOPLE = 44
KILLS = 10


def recount(*, after_lines: int) -> tuple[list[str], int]:
    """Run the command in a process of its own and kill it a moment after so many lines; 0: let it end."""
    process = nursery.start(
        [sys.executable, "manage.py", "reconcile_counts", "--repair", "--step", "2"],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.strip())
        if after_lines and len(lines) == after_lines:
            time.sleep(random.uniform(0, 0.02))
            process.kill()
            break
    process.stdout.close()
    return lines, process.wait()


@pytest.mark.django_db(transaction=True)
def test_ten_kills_change_nothing_of_the_end() -> None:
    position_delete(GRAPH)
    people = [
        UserId(User.objects.create_user(f"r{number}", f"r{number}@example.org", None).pk)
        for number in range(PEOPLE)
    ]
    for number, person in enumerate(people):
        for fan in range(3):
            repository.edge_put(Edge(a_stranger(), person, next_id(), follower_handle=f"fan{fan}"))
        update_item(GRAPH, counts_key(person), Update(add={"followers": number % 5 - 2, "following": 1}))
    stop = threading.Event()

    def go_on_following() -> None:
        while not stop.is_set():
            person = random.choice(people)
            edge = Edge(a_stranger(), person, next_id(), follower_handle="late")
            repository.edge_put(edge)
            if random.random() < 0.5:
                repository.edge_delete(edge.follower_id, person, follower_handle="late")
            time.sleep(0.01)

    crowd = threading.Thread(target=go_on_following)
    crowd.start()
    try:
        for _ in range(KILLS):
            lines, code = recount(after_lines=random.choice((1, 1, 2)))
            assert code == -9, lines
        assert position_get(GRAPH) in people
        lines, code = recount(after_lines=0)
    finally:
        stop.set()
        crowd.join()
    assert code == 0, lines
    assert len(lines) - 1 < PEOPLE / 2, "it did not begin anew"
    assert position_get(GRAPH) == 0
    for person in people:
        assert account_reconcile(user_id=person, repair=False).found is False
        ids, _ = follower_ids_page(person)
        assert counts(person, consistent=True).followers == len(ids)
        assert counts(person).following == 0
