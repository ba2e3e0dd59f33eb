"""Roost's processes for tests, forked from one that has loaded Roost: loading takes 2 s of processor time, forking 20 ms.

    test process ---- command, output ----> nursery    `python -m tests.nursery`: Roost loaded; no thread, no connection
         |                                    | fork
         |                                    +-----> child    session, environment and output of its own; it runs the
         +---------- SIGKILL, by its pid ----------->          command's `__main__` and ends as any process does

A child is a process as if its command line had been started, but for the loading. That one also starts by itself is
shown where `bin/run` is tested. Settings are read while Roost is loaded, so each environment has a nursery of its own.
When a test process ends, its nurseries do, and with them, by the kernel, whatever they still had running.
"""

import atexit
import gc
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Final

from deploy.local.leash import tie_to_parent
from deploy.local.paths import PYTHON, ROOT

# What processes of a kind import before they answer, or soon after: here before the first of them is forked.
LOADED: Final[dict[str, tuple[str, ...]]] = {
    "-m gunicorn": ("config.urls", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread"),
    "-m celery": (
        "celery.bin.celery",
        "celery.worker.worker",
        "celery.concurrency.prefork",
        "profanity_check",
    ),
}
KEPT_AT_MOST: Final = 3
_NUMBER: Final = struct.Struct("i")
_OF_THE_MOMENT: Final = "PYTEST_CURRENT_TEST"


class Child:
    """One process out of a nursery, to be used as a `Popen`."""

    def __init__(self, pid: int, report: int, stdout: IO[str] | None) -> None:
        self.pid, self.stdout = pid, stdout
        self.returncode: int | None = None
        self._report, self._hearing = report, threading.Lock()

    def poll(self) -> int | None:
        """How it ended, if it has."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended. Raises: TimeoutExpired."""
        # Readable for ever from its end on, so that several threads may wait: one of them reads.
        if not select.select([self._report], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        with self._hearing:
            if self.returncode is None:
                (self.returncode,) = _NUMBER.unpack(os.read(self._report, _NUMBER.size))
            return self.returncode

    def __del__(self) -> None:
        os.close(self._report)

    def send_signal(self, sig: int) -> None:
        """To a process that is still there."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ended between the two
                os.kill(self.pid, sig)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The test process's side of the process that loads Roost under one environment, and its children."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [PYTHON, "-m", "tests.nursery", str(inside.fileno())],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[inside.fileno()],
            start_new_session=True,
            preexec_fn=lambda: tie_to_parent(signal.SIGKILL),  # noqa: PLW1509  # one system call
        )
        inside.close()
        self._children: list[Child] = []

    @property
    def is_idle(self) -> bool:
        """None of its children runs."""
        self._children = [child for child in self._children if child.poll() is None]
        return not self._children

    def fork(self, command: Sequence[str], stdout: int, stderr: int) -> Child:
        """A child that becomes `command`, which begins with a Python that is not needed any more."""
        report, told = os.pipe()
        read, written = os.pipe() if stdout == subprocess.PIPE else (None, stdout)
        socket.send_fds(self._door, ["\0".join(command[1:]).encode()], [written, stderr, told])
        os.close(told)
        if read is not None:
            os.close(written)
        (pid,) = _NUMBER.unpack(os.read(report, _NUMBER.size))
        child = Child(pid, report, None if read is None else os.fdopen(read, encoding="utf-8"))
        self._children.append(child)
        return child

    def end(self) -> None:
        """Its children end with it."""
        self._door.close()
        self._process.kill()
        self._process.wait()


_nurseries: dict[frozenset[tuple[str, str]], Nursery] = {}


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str] = os.environ,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> Child:
    """Start "python -m MODULE ..." or "python FILE ..." out of the nursery of this environment."""
    nursery = _nursery_of({name: value for name, value in env.items() if name != _OF_THE_MOMENT})
    with Path(os.devnull).open("wb") as devnull:
        out, err = (devnull.fileno() if to == subprocess.DEVNULL else to for to in (stdout, stderr))
        return nursery.fork([os.fspath(part) for part in command], out, err)


def _nursery_of(env: dict[str, str]) -> Nursery:
    key = frozenset(env.items())
    nursery = _nurseries.pop(key) if key in _nurseries else Nursery(env)
    _nurseries[key] = nursery  # the latest is last
    for other in list(_nurseries)[:-KEPT_AT_MOST]:
        if _nurseries[other].is_idle:
            _nurseries.pop(other).end()
    return nursery


@atexit.register
def _end_all() -> None:
    for nursery in _nurseries.values():
        nursery.end()


def serve(door: socket.socket) -> list[str]:
    """The nursery's side: fork what is asked for, tell how it ends. Returns in a child alone, with its command."""
    reports: dict[int, tuple[int, int]] = {}
    while True:
        for ready in select.select([door.fileno(), *reports], [], [])[0]:
            if ready in reports:
                pid, report = reports.pop(ready)
                os.write(report, _NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
                os.close(report)
                os.close(ready)
                continue
            message, fds, _, _ = socket.recv_fds(door, 1 << 16, 3)
            if not message:
                sys.exit()
            out, err, report = fds
            command = message.decode().split("\0")
            _load(command)
            pid = os.fork()
            if not pid:
                door.close()
                _part(out, err, {report, *reports, *(told for _, told in reports.values())})
                return command
            reports[os.pidfd_open(pid)] = pid, report
            os.write(report, _NUMBER.pack(pid))
            os.close(out)
            os.close(err)


def _load(command: list[str]) -> None:
    for name in LOADED.get(" ".join(command[:2]), ()):
        import_module(name)
    gc.collect()
    gc.freeze()  # the collector would write to pages that children share
    assert threading.active_count() == 1


def _part(out: int, err: int, of_nursery: set[int]) -> None:
    """In a child: nothing of the nursery's is kept but what is loaded."""
    os.setsid()
    tie_to_parent(signal.SIGKILL)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for number in {out, err} | of_nursery:
        os.close(number)


def main() -> None:
    """Load Roost, then be a nursery, then be one of its children."""
    import_module("django").setup()
    first, *arguments = serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = [first, *arguments]
    if first == "-m":
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    main()
