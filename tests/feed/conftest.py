"""What the feed's tests share."""

from collections.abc import Callable, Iterator

import pytest

from config.celery import app


@pytest.fixture(autouse=True)
def streams_at_their_end(settle: Callable[[], None], tables: None, db: None) -> None:
    """What other tests left in the streams is handled before this one begins."""
    settle()


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are queued."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before
