"""What the tests of moderation share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from posts.moderation.models import Rule
from tests.accounts.factory import a_user
from tests.posts.moderation import scripted


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files of their own, and scripted scanners that do nothing yet."""
    settings.MEDIA_ROOT = tmp_path
    scripted.during.clear()
    yield
    scripted.during.clear()


@pytest.fixture
def newcomer(settings: Any) -> User:
    """Whose posts wait, for accounts count as new for a day here."""
    settings.NEW_ACCOUNT_HOURS = 24
    return a_user()


@pytest.fixture
def rules_only(settings: Any) -> None:
    """Fast, and nothing but what the test says."""
    settings.SCANNERS = ["posts.moderation.scanners.rules.RuleScanner"]


def a_rule(entries: str, outcome: str = "held", *, kind: str = "words", **fields: Any) -> Rule:
    """A rule that counts, as a moderator would have entered it."""
    rule = Rule(
        name=f"about {entries[:20]}",
        kind=kind,
        entries=entries,
        outcome=outcome,
        reason=fields.pop("reason", "Not here, please."),
        is_enabled=fields.pop("is_enabled", True),
        **fields,
    )
    rule.full_clean()
    rule.save()
    return rule
