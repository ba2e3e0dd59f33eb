"""Loaded by pytest before Django's settings are: each xdist worker gets tables, databases and folders of its own."""

import os
from pathlib import Path

import pytest

RIG = Path(os.environ["ROOST_RIG"]) if "ROOST_RIG" in os.environ else None
ENGINE = os.environ.get("ROOST_RIG_ENGINE", "")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _separate(worker: str) -> None:
    """Own prefix, own data folder, own Redis databases (`gw3` uses number 3)."""
    data = Path(os.environ["ROOST_DATA_DIR"]) / worker
    data.mkdir(exist_ok=True)
    os.environ["ROOST_DATA_DIR"] = str(data)
    os.environ["ROOST_TABLE_PREFIX"] += f"{worker}-"
    for name in ("ROOST_BROKER_URL", "ROOST_CACHE_URL"):
        server = os.environ[name].rpartition("/")[0]
        os.environ[name] = f"{server}/{int(worker.removeprefix('gw')) % 16}"


if RIG is None:
    pytest.exit("The tests need engines: start them with bin/test, which passes arguments on to pytest.", 2)
if WORKER:
    _separate(WORKER)
