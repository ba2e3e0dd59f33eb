"""Loaded by pytest before Django's settings are: each pytest process gets tables, folders and Redis of its own.

DynamoDB is shared by all xdist workers (`bin/test` starts it); tables differ by prefix. The two Redis are this
process's children, so that a test may kill them without disturbing others.
"""

import atexit
import os
from pathlib import Path

import pytest

from deploy.local.engines import Running, environment_of
from deploy.local.rig import start_engine

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
