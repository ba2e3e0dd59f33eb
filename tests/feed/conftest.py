"""What the feed's tests share."""

from collections.abc import Iterator

import pytest

from config.celery import app


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are queued."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture
def nobody_is_popular(monkeypatch: pytest.MonkeyPatch) -> None:
    """Popular people are those of the whole run; a test that wants them says so."""
    monkeypatch.setattr("feed.suggestions.popular_candidates", list)
