"""`bin/run`: what an operator sees when it works, and when it can't."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from deploy.local.paths import ROOT
from deploy.local.processes import PROC
from deploy.local.rig import base_environment
from tests.deploy.running import RunningRoost
from tests.stack import eventually


def refused(*arguments: str, **env: str) -> str:
    """The message of a `bin/run` that must not start."""
    done = subprocess.run(
        [ROOT / "bin" / "run", "--no-demo", *arguments],
        env=base_environment() | env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_starts_mends_itself_and_stops_all(roost: RunningRoost) -> None:
    roost.start()
    roost.until_up()
    assert f"http://localhost:{roost.port}/" in roost.said()
    assert str(roost.home.folder) in roost.said()
    assert len(roost.pids()) > 8

    log = roost.home.logs / "worker-counters.log"
    before = len(log.read_text())
    victims = [
        pid for pid in roost.pids() if b"worker-counters" in (PROC / str(pid) / "cmdline").read_bytes()
    ]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: "ready" in log.read_text()[before:])

    assert roost.interrupt() == 0
    assert roost.pids() == []


def test_it_is_alone_on_its_data_and_stops_when_it_is_killed(roost: RunningRoost) -> None:
    process = roost.start()
    roost.until_up()
    message = refused("--port", "0", ROOST_DATA_DIR=str(roost.home.folder))
    assert "port" in message
    message = refused("--port", str(roost.port), ROOST_DATA_DIR=str(roost.home.folder))
    assert f"Port {roost.port} is in use" in message
    message = refused("--port", "8123", ROOST_DATA_DIR=str(roost.home.folder))
    assert f"Roost runs already on the data in {roost.home.folder} (process {process.pid})" in message
    os.kill(process.pid, signal.SIGKILL)
    eventually(lambda: not roost.pids(), timeout_seconds=60)


def test_a_port_in_use_is_named_with_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        message = refused("--port", str(port))
    assert f"Port {port} is in use" in message
    assert "bin/run --port" in message


def test_a_number_that_is_no_port_is_refused() -> None:
    assert "65535" in refused("--port", "99999")


def test_a_data_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = refused("--port", "8123", ROOST_DATA_DIR=str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file" / "data") in message
    assert "ROOST_DATA_DIR" in message


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    message = refused("--port", "8123", ROOST_DATA_DIR=str(tmp_path), ROOST_PULL_THRESHOLD="many")
    assert "pull_threshold" in message.lower()


@pytest.mark.parametrize("name", ["python3", "python3.11"])
def test_without_a_new_python_it_says_which(tmp_path: Path, name: str) -> None:
    for tool in ("bash", "dirname", "readlink", "env"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    old = tmp_path / name
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert "Python 3.11 or newer" in refused("--port", "8123", PATH=str(tmp_path), ROOST_PYTHON="")
