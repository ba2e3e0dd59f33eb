"""What every test may ask for. Engines are real: `bin/test` starts them and points the environment at them."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from config import breaker, streams
from config.cache import forget_local
from config.celery import app
from config.dynamodb import create_tables
from config.dynamodb.client import client
from config.ids import next_id
from config.streams.shards import client as streams_client
from deploy.local.engines import environment_of
from deploy.local.rig import start_engine
from tests import engine_gaps
from tests.engines import DYNAMODB, ENGINE, FOLDER, REDIS, WORKER
from tests.stack import TestStack, begin_here, cache_is_back, eventually

LONGEST = (
    "tests/flows/test_posts_machine.py",
    "tests/flows/test_feed_machine.py",
    "tests/flows/test_graph_machine.py",
    "tests/faults/",
    "tests/deploy/",
    "tests/flows/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the known gaps of the engine, and browser tests where there is no browser; the longest files begin."""
    # Workers that share the files end together only if what is left at the end is short.
    items.sort(
        key=lambda item: next((n for n, path in enumerate(LONGEST) if item.nodeid.startswith(path)), 9)
    )
    for item in items:
        for mark in engine_gaps.marks_of(item.nodeid, ENGINE):
            item.add_marker(mark)
        if item.get_closest_marker("browser") and not os.environ.get("ROOST_RIG_CHROMIUM"):
            item.add_marker(pytest.mark.skip(reason="no chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database that other processes can open too: a file for SQLite, an own name a worker for PostgreSQL."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
    else:
        database["TEST"]["NAME"] = f"test_roost_{WORKER}"


@pytest.fixture(scope="session", autouse=True)
def dynamodb() -> None:
    """This process's engine."""
    os.environ |= DYNAMODB.start()
    settings.DYNAMODB_ENDPOINT = os.environ["ROOST_DYNAMODB_ENDPOINT"]
    create_tables()
    DYNAMODB.hasten()


@pytest.fixture(scope="module", autouse=True)
def tables(dynamodb: None) -> None:
    """Every declared table. Ids are unique, so the tests of a file, and of those before it, share them uncleaned."""
    if DYNAMODB.is_due():
        if DYNAMODB.has_file:
            for name in client().list_tables()["TableNames"]:
                client().delete_table(TableName=name)
        else:
            DYNAMODB.restart()
            client.cache_clear()
            streams_client.cache_clear()
        cache.clear()
        forget_local()
        create_tables()


@pytest.fixture
def empty_cache() -> Iterator[None]:
    """No cache holds what earlier tests left in it."""
    cache.clear()
    forget_local()
    yield
    cache.clear()
    forget_local()


@pytest.fixture
def redis_stopped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within the test nobody listens on the cache's port."""
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.3)
    REDIS["redis-cache"].kill()
    yield
    REDIS["redis-cache"].restart()
    eventually(cache_is_back)


@pytest.fixture
def own_dynamodb(settings) -> Iterator[None]:
    """An engine of this test's own, for processes that it starts too.

    Adding an index makes DynamoDB Local walk all that it stores; in the shared engine that is everybody's, and minutes.
    """
    shared = os.environ["ROOST_DYNAMODB_ENDPOINT"]
    own = start_engine("dynamodb", ENGINE, FOLDER / f"own-{next_id()}", os.environ)
    os.environ |= environment_of(own.engine)
    settings.DYNAMODB_ENDPOINT = os.environ["ROOST_DYNAMODB_ENDPOINT"]
    client.cache_clear()
    yield
    os.environ["ROOST_DYNAMODB_ENDPOINT"] = shared
    client().close()
    client.cache_clear()
    own.stop()


@pytest.fixture
def settle() -> Callable[[], None]:
    """Handle everything that is in the streams, tasks included, in this process, until nothing more comes."""
    streams.start()  # what earlier tests did is not handled

    def until_idle() -> None:
        before = app.conf.task_always_eager, app.conf.task_eager_propagates
        app.conf.task_always_eager = app.conf.task_eager_propagates = True
        try:
            streams.drain()
        finally:
            app.conf.task_always_eager, app.conf.task_eager_propagates = before

    return until_idle


@pytest.fixture
def stack(transactional_db: None) -> Iterator[TestStack]:
    """Consumer, worker (all queues) and web server as processes of their own. Rows are committed, so that they see them."""
    begin_here()
    processes = TestStack()
    try:
        processes.start("consumer", "worker", "web")
        yield processes
    finally:
        processes.kill_all()
