"""A scheduled post is published once, though who publishes it is killed with -9 at every request that it makes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.conf import settings as django_settings

from accounts.models import User
from config.dynamodb.retry import budget
from posts.drafts.entities import Draft
from posts.drafts.publishing import due_drafts, due_publish
from posts.drafts.repository import get_draft
from posts.selectors import post_by_id, recent_post_ids
from tests import nursery
from tests.accounts.factory import a_user
from tests.faults.proxy import Fault, FaultyServer, Plan, faulty_dynamodb, script
from tests.graph.factory import id_of
from tests.posts.drafting import a_draft, a_medium, in_seconds, kept
from tests.stack import database_url, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400), pytest.mark.django_db(transaction=True)]
SHARDS, STEPS = 8, 3  # the lists of what is due; the draft, its photos, the transaction
POINTS = [1, SHARDS, *range(SHARDS + 1, SHARDS + STEPS + 1)]


@pytest.fixture(autouse=True)
def full_budget(settings: Any, tmp_path: Path) -> None:
    budget.tokens = budget.capacity
    settings.MEDIA_ROOT = tmp_path


def a_scheduled(ana: User) -> Draft:
    return a_draft(by=ana, photos=[a_medium(by=ana, alt="A pier")], timing=in_seconds(3600))


class Killer:
    """A plan that kills a process at its n-th request: before it is carried out, or after that and unheard."""

    def __init__(self, number: int, *, is_done: bool) -> None:
        self.left, self.fault = number, Fault.DROP_AFTER if is_done else Fault.DROP_BEFORE
        self.process: nursery.Child | None = None
        self.started = Event()
        self.target = ""

    def __call__(self, target: str) -> Fault:
        self.left -= 1
        if self.left:
            return Fault.NONE
        assert self.started.wait(20)
        assert self.process
        self.target = target
        self.process.kill()
        self.process.wait()
        return self.fault


@pytest.fixture
def proxy() -> Iterator[FaultyServer]:
    """Between the engine and whoever publishes: one for all the processes of a test."""
    with faulty_dynamodb(unharmed) as server:
        yield server


def unharmed(_target: str) -> Fault:
    return Fault.NONE


def publish(ana: User, proxy: FaultyServer, plan: Plan) -> int:
    """Publish what is due in a process of its own; how it ended."""
    proxy.plan = plan
    process = nursery.start(
        [sys.executable, "-m", "tests.faults.publish_process", str(ana.pk)],
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "ROOST_DYNAMODB_ENDPOINT": django_settings.DYNAMODB_ENDPOINT or "",
        },
    )
    if isinstance(plan, Killer):
        plan.process = process
        plan.started.set()
    code = process.wait()
    eventually(lambda: not proxy.in_hand, every_seconds=0.01)  # the request at which it was killed goes on
    proxy.plan = unharmed
    return code


def is_out_once(ana: User, draft: Draft) -> None:
    """One post with the photo; of the draft and its time nothing is left."""
    (post_id,) = recent_post_ids(id_of(ana), limit=9)
    assert [photo.id for photo in post_by_id(post_id).photos] == list(draft.medium_ids)
    assert (kept(draft.medium_ids[0]).post_id, kept(draft.medium_ids[0]).draft_ids) == (post_id, ())
    assert get_draft(id_of(ana), draft.id) is None
    assert [entry for entry in due_drafts(now_ms=10**13) if entry[1] == draft.id] == []


def test_kills_at_every_request_make_one_post(proxy: FaultyServer) -> None:
    reached = []
    for number in POINTS:
        for is_done in (False, True):
            ana = a_user()
            draft = a_scheduled(ana)
            killer = Killer(number, is_done=is_done)
            assert publish(ana, proxy, killer) == -9
            reached.append((killer.target, is_done))
            out = recent_post_ids(id_of(ana), limit=9)
            assert bool(out) == (killer.target == "TransactWriteItems" and is_done), reached
            assert (get_draft(id_of(ana), draft.id) is None) == bool(out)
            due_publish(author_id=id_of(ana), draft_id=draft.id, due_at_ms=draft.due_at_ms or 0)
            is_out_once(ana, draft)
    assert [target for target, is_done in reached if is_done] == [
        "Query",
        "Query",
        "GetItem",
        "BatchGetItem",
        "TransactWriteItems",
    ]


def test_one_draft_that_is_killed_again_and_again_is_published_by_who_is_not(
    proxy: FaultyServer,
) -> None:
    ana = a_user()
    draft = a_scheduled(ana)
    for number in POINTS:
        assert publish(ana, proxy, Killer(number, is_done=False)) == -9
    assert recent_post_ids(id_of(ana), limit=9) == []
    assert publish(ana, proxy, unharmed) == 0
    is_out_once(ana, draft)
    assert publish(ana, proxy, unharmed) == 0
    is_out_once(ana, draft)


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CONFLICT, Fault.DROP_AFTER])
def test_answers_that_are_lost_make_one_post(fault: Fault) -> None:
    ana = a_user()
    draft = a_scheduled(ana)
    with faulty_dynamodb(script(fault, fault, operation="TransactWriteItems")):
        due_publish(author_id=id_of(ana), draft_id=draft.id, due_at_ms=draft.due_at_ms or 0)
    is_out_once(ana, draft)
