"""Who gives way does so before processes of other sessions too; what is shown of a log tells something."""

import os
from pathlib import Path

from deploy.local.paths import PYTHON
from deploy.local.processes import PROC, give_way, spawn, stop, tail
from deploy.local.programs import NICENESS


def group_of(pid: int) -> str:
    """By which the kernel shares out the processors between sessions, with its niceness; empty where it does not."""
    file = PROC / str(pid) / "autogroup"
    return file.read_text() if file.exists() else ""


def gives_way(pid: int) -> bool:
    group = group_of(pid)
    return os.getpriority(os.PRIO_PROCESS, pid) == NICENESS and (
        not group or group.endswith(f" nice {NICENESS}\n")
    )


def test_it_and_its_session_give_way_and_nobody_else_does(tmp_path: Path) -> None:
    command = [str(PYTHON), "-c", "import time; time.sleep(60)"]
    quick, slow = (spawn(command, log=tmp_path / "log") for _ in range(2))
    try:
        give_way(slow, NICENESS)
        assert gives_way(slow.pid)
        assert not gives_way(quick.pid)
        assert not gives_way(os.getpid())
    finally:
        stop(quick)
        stop(slow)


def test_the_end_of_a_log_is_what_the_process_said(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text(
        "\n".join(["the cause", "nanobind: leaked 40 functions!", *[' - leaked function "merge"'] * 40])
    )
    assert tail(log) == "the cause"
    assert tail(tmp_path / "nothing.log") == "(no log)"
