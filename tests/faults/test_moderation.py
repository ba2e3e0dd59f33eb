"""Scans while workers are killed and DynamoDB fails: nothing is shown unscanned, and everything is scanned in the end."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from config.dynamodb.retry import budget
from config.entities import UserId
from posts.editing import post_edit
from posts.moderation.models import Case
from posts.moderation.scanning import post_scan
from posts.selectors import post_by_id
from posts.standing import Standing
from posts.visibility import can_view
from tests.accounts.factory import a_user
from tests.faults.proxy import Fault, faulty_dynamodb, script
from tests.posts.factory import a_post
from tests.posts.moderation import slow
from tests.posts.moderation.conftest import a_rule
from tests.stack import TestStack, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
FAULTS = [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CONFLICT, Fault.DROP_BEFORE, Fault.DROP_AFTER]


def test_a_worker_is_killed_amid_a_scan(stack: TestStack, settings: Any, tmp_path: Path) -> None:
    settings.NEW_ACCOUNT_HOURS = 24
    reader, ana = a_user(), a_user()
    hold = tmp_path / "hold"
    hold.touch()
    env = {
        "ROOST_SCANNERS": json.dumps([slow.PATH]),
        slow.FOLDER: str(tmp_path),
    }
    stack.stop("worker")
    stack.start("worker", env=env)
    fine, fishy = a_post(by=ana), a_post(by=ana, text="A red herring.")
    eventually(lambda: len(list(tmp_path.glob("begun-*"))) >= 2)
    for child in stack.children("worker"):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    eventually(lambda: len(list(tmp_path.glob("begun-*"))) >= 4)
    stack.kill("worker")
    assert not can_view(UserId(reader.pk), post_by_id(fine.id)), "nobody saw it unscanned"
    post_edit(user_id=UserId(ana.pk), post_id=fishy.id, version=1, text="Two red herrings.")
    hold.unlink()
    stack.start("worker", env=env)
    eventually(lambda: can_view(UserId(reader.pk), post_by_id(fine.id)), timeout_seconds=120)
    eventually(
        lambda: Case.objects.filter(thing_id=fishy.id, version=2, state="open").exists(), timeout_seconds=120
    )
    held = post_by_id(fishy.id)
    assert (held.moderation.standing, held.moderation.reason, held.version) == (Standing.HELD, "Fish", 2)
    assert not can_view(UserId(reader.pk), held)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_a_scan_is_done_once_whatever_dynamodb_answers(fault: Fault, settings: Any) -> None:
    budget.tokens = budget.capacity
    settings.SCANNERS = ["posts.moderation.scanners.rules.RuleScanner"]
    settings.NEW_ACCOUNT_HOURS = 24
    ana, reader = a_user(), a_user()
    shown, held = a_post(by=ana), a_post(by=ana, text="A casino.")
    a_rule("casino", "held", reason="Gambling.")
    for post in (shown, held):
        with faulty_dynamodb(script(fault, fault)):
            post_scan(post_id=post.id)
        with faulty_dynamodb(script(fault, operation="TransactWriteItems")):
            post_scan(post_id=post.id)
    assert can_view(UserId(reader.pk), post_by_id(shown.id))
    assert post_by_id(held.id).moderation.reason == "Gambling."
    assert Case.objects.get().thing_id == held.id
