"""A crowd likes one post while workers that fold its counts are killed with -9: in the end the count is exact and shown."""

import os
import random
import signal
import threading
from contextlib import suppress

import pytest

from config.entities import UserId
from config.ids import next_id
from posts.promotion import post_spread
from posts.reconcile import Drift, post_reconcile
from posts.repository import counts
from posts.selectors import post_by_id
from posts.services import like_create, like_delete
from tests.feed.factory import a_person, posted
from tests.hands import Hands
from tests.stack import TestStack, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
THREADS, PEOPLE, KILLS = 4, 400, 6


def test_workers_are_killed_while_they_fold(stack: TestStack) -> None:
    post_id = posted(by=a_person("ana"))
    post_spread(post_id=post_id)  # by its rate it would be, and on a slow machine perhaps after the last like
    people = [UserId(next_id()) for _ in range(PEOPLE)]
    leaving = people[::5]
    left = threading.Event()

    def like(place: int) -> None:
        for person in people[place::THREADS]:
            like_create(user_id=person, post_id=post_id)
            if person in leaving:
                like_delete(user_id=person, post_id=post_id)

    crowd = Hands(THREADS)
    likes = [crowd.submit(like, place) for place in range(THREADS)]
    for _ in range(KILLS):
        left.wait(random.uniform(0.3, 1.2))  # a fold is waiting or under way about all the time
        for child in stack.children("worker"):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    stack.kill("worker")
    for ended in likes:
        ended.result()
    crowd.shutdown()
    stack.start("worker")
    expected = PEOPLE - len(leaving)
    eventually(lambda: post_by_id(post_id).like_count == expected, timeout_seconds=120)
    items = counts.get_all(post_id)
    assert sum((item or {}).get("likes", 0) for item in items) == expected
    assert sum(item is not None for item in items[1:]) > 1, "some were counted in shards"
    assert post_reconcile(post_id=post_id, repair=False) == Drift(posts=1)
