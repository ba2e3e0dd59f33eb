"""`bin/test` leaves nothing behind, however it ends."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from deploy.local.paths import ROOT
from deploy.local.processes import PROC, is_alive
from deploy.local.rig import base_environment
from tests.stack import eventually


def processes_in(folder: Path) -> list[int]:
    """What was started with `folder` as its temporary folder."""
    found = []
    for process in PROC.glob("[0-9]*"):
        try:
            environ = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"TMPDIR={folder}\0".encode() in environ and is_alive(int(process.name)):
            found.append(int(process.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    output = tmp_path / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [ROOT / "bin" / "test", "-s", "tests/deploy/sleeper.py"],
            env=base_environment() | {"TMPDIR": str(folder)},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    eventually(lambda: "sleeping" in output.read_text() or process.poll() is not None)
    assert process.poll() is None, output.read_text()
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    process.wait(60)
    eventually(lambda: not processes_in(folder))
    if number != signal.SIGKILL:  # nobody is left to remove it; the next run sweeps it
        assert list(folder.glob("roost-rig-*")) == []
