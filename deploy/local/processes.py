"""Child processes that never outlive us, and the end of whole process trees."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from deploy.local.leash import tie_to_parent
from deploy.local.paths import ROOT

PROC = Path("/proc")
AT_THE_END = ("nanobind: ", " - leaked ")
"""How lines begin that nanobind prints when a process ends that has loaded datasketches: they are many, and tell nothing."""


class Process(Protocol):
    """What is asked of a process here, of a `Popen` or of what the tests have instead; the first of its group."""

    @property
    def pid(self) -> int:
        """Its number, and that of its group."""
        ...

    def poll(self) -> int | None:
        """How it ended, if it has."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """How it ended. Raises: subprocess.TimeoutExpired."""
        ...

    def send_signal(self, sig: int) -> None:
        """To it alone."""
        ...


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    user: str | None = None,
    stdin: int = subprocess.DEVNULL,
    when_parent_dies: int = signal.SIGKILL,
) -> subprocess.Popen[Any]:
    """Start `command` in a process group of its own; it is told when this process dies. Output goes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
            start_new_session=True,
            preexec_fn=lambda: tie_to_parent(when_parent_dies),  # noqa: PLW1509  # one system call, nothing that a thread could hold
        )


def give_way(process: Process, niceness: int) -> None:
    """Let the processes of other sessions come before this one's, a session's first, and all that it forks."""
    os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
    # Where the kernel does not group processes by session, or is not told, niceness is all there is.
    with suppress(OSError):
        (PROC / str(process.pid) / "autogroup").write_text(str(niceness))


def signal_group(process: Process, number: int) -> None:
    """Send a signal to a spawned process and all it started."""
    with suppress(ProcessLookupError):  # the whole group is gone: that is what was wanted
        os.killpg(process.pid, number)


def stop(process: Process, *, number: int = signal.SIGTERM, timeout_seconds: float = 10) -> None:
    """Ask the process to end, then end its whole group."""
    if process.poll() is None:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):  # it had its time
            process.wait(timeout_seconds)
    signal_group(process, signal.SIGKILL)
    process.wait()


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for a message; without what an extension says of itself at the end of any process."""
    if not log.exists():
        return "(no log)"
    said = log.read_text(errors="replace").splitlines()
    return "\n".join([line for line in said if not line.startswith(AT_THE_END)][-lines:])


def is_alive(pid: int) -> bool:
    """Whether `pid` runs. A zombie does not."""
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def children_of(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[1]) == pid:
            found.append(int(folder.name))
    return found


def processes_with(marker: str) -> list[int]:
    """The processes of this user that carry `marker` ("NAME=value") in the environment they were started with."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended, or another user's
        if marker.encode() in variables and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def end_all(pids: Sequence[int], *, grace_seconds: float) -> None:
    """SIGTERM to each, SIGKILL to those that are still there after `grace_seconds`."""
    for number, patience in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, 5.0)):
        for pid in pids:
            with suppress(ProcessLookupError):  # it ended by itself
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)


def end_descendants() -> None:
    """Kill what our children left behind (needs `leash.adopt_orphans`)."""
    while left := [pid for pid in children_of(os.getpid()) if is_alive(pid)]:
        end_all(left, grace_seconds=0)
        for pid in left:
            with suppress(ChildProcessError):  # reaped by its Popen
                os.waitpid(pid, os.WNOHANG)
