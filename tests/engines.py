"""Loaded by pytest before Django's settings are: each pytest process gets tables, folders and Redis of its own.

All are this process's children, so that a test may kill them without disturbing others. DynamoDB begins with the first
test (`tests/conftest.py`), for the process that only hands tests out to others needs none.
"""

import atexit
import os
import time
from pathlib import Path

import pytest

from deploy.local.engine_file import engine_file_hasten
from deploy.local.engines import Running, environment_of
from deploy.local.rig import MEMORY, start_engine

if "ROOST_RIG" not in os.environ:
    pytest.exit("The tests need engines: start them with bin/test, which passes arguments on to pytest.", 2)

ENGINE = os.environ["ROOST_RIG_ENGINE"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(os.environ["ROOST_RIG"]) / WORKER


def _start() -> dict[str, Running]:
    data = FOLDER / "data"
    data.mkdir(parents=True, exist_ok=True)
    os.environ["ROOST_DATA_DIR"] = str(data)
    os.environ.setdefault("ROOST_LINK_PREVIEWS", "false")  # texts of tests link to the internet
    os.environ["ROOST_TABLE_PREFIX"] = f"{WORKER}-"
    started = {}
    for name in ("redis-broker", "redis-cache"):
        started[name] = start_engine(name, ENGINE, FOLDER, os.environ)
        os.environ |= environment_of(started[name].engine)
        atexit.register(started[name].stop)
    return started


REDIS = _start()


class FreshDynamoDB:
    """DynamoDB with tables that are empty again from time to time, and as fast late in a run as at its beginning.

    DynamoDB Local looks up a stream's records by walking over those of all streams. Where files lie in memory it has a
    file, whose indexes end that, and a write-ahead log: a write then takes it two thirds of the processor time, a read
    half. Elsewhere it keeps its data to itself and begins anew. No test needs what tests of another file wrote.
    """

    KEPT_SECONDS = 40.0

    def __init__(self) -> None:
        self._running: Running | None = None
        self._began = 0.0
        self.has_file = ENGINE == "dynamodb-local" and FOLDER.is_relative_to(MEMORY)

    def start(self) -> dict[str, str]:
        """The setting that points Roost at it."""
        self._running = start_engine("dynamodb", ENGINE, FOLDER, os.environ, in_memory=not self.has_file)
        atexit.register(self._running.stop)
        self._began = time.monotonic()
        return environment_of(self._running.engine)

    def hasten(self) -> None:
        """Once it has tables."""
        if self._running is not None and self.has_file:
            assert engine_file_hasten(self._running.engine.folder)

    def is_due(self) -> bool:
        """Whether it is time for empty tables; then the time begins anew."""
        if self._running is None or time.monotonic() - self._began < self.KEPT_SECONDS:
            return False
        self._began = time.monotonic()
        return True

    def restart(self) -> None:
        """Empty it, at the same address."""
        assert self._running is not None
        self._running.kill()
        self._running.restart()


DYNAMODB = FreshDynamoDB()
