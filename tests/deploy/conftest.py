from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.running import RunningRoost


@pytest.fixture
def roost(tmp_path: Path) -> Iterator[RunningRoost]:
    running = RunningRoost(tmp_path)
    yield running
    if running.process is not None:
        running.kill_everything()
