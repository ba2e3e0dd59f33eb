"""Roost's own processes for tests and benchmarks: consumer, worker, web server, killed and started again by name."""

import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from config.celery import app
from deploy.local import programs
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import Process, children_of, give_way, is_alive, spawn, stop, tail
from deploy.local.programs import NICENESS, Program

T = TypeVar("T")
ALL_QUEUES = "fanout,fanout_rest,counters,default"


def eventually(check: Callable[[], T], *, timeout_seconds: float = 120, every_seconds: float = 0.1) -> T:
    """The first true answer of `check`. The limit is far beyond what is ever needed: it ends a hang, no more."""
    deadline = time.monotonic() + timeout_seconds
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {timeout_seconds} s: {check}, last answer {answer!r}")
        time.sleep(every_seconds)
    return answer


class Stack:
    """Named processes: consumer, consumer-2, worker (all queues), beat, web."""

    def __init__(
        self, folder: Path, env: Mapping[str, str], *, web_workers: int = 1, worker_gives_way: bool = False
    ) -> None:
        self.port = free_port()
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self._env = dict(env)
        folder.mkdir(parents=True, exist_ok=True)
        # Of its own: a port comes again, and would find the logs of who had it before.
        self._folder = Path(mkdtemp(prefix=f"stack-{self.port}-", dir=folder))
        self._programs: dict[str, Program] = {
            "consumer": programs.consumer(),
            "consumer-2": programs.consumer("consumer-2"),
            "worker": programs.worker(
                f"worker-{self.port}", ALL_QUEUES, concurrency=2, gives_way=worker_gives_way
            ),
            "beat": programs.beat(self._folder),
            "web": programs.web(self.port, workers=web_workers),
        }
        self._processes: dict[str, Process] = {}

    def start(self, *names: str, env: Mapping[str, str] | None = None) -> None:
        """Start `names` together and wait until those that can be asked answer."""
        for name in names:
            self._processes[name] = self._begun(
                self._programs[name], self.log(name), {**self._env, **(env or {})}
            )
        for name in names:
            eventually(lambda name=name: self._is_ready(name))  # type: ignore[misc]

    def _begun(self, program: Program, log: Path, env: Mapping[str, str]) -> Process:
        process = spawn(program.plain, log=log, env=env)
        if program.gives_way:
            give_way(process, NICENESS)
        return process

    def _is_ready(self, name: str) -> bool:
        code = self._processes[name].poll()
        if code is not None:
            raise AssertionError(f"{name} ended with {code}:\n{tail(self.log(name), 40)}")
        if name == "worker":
            # A connection of its own: one that is kept may be from before a test killed the broker.
            with app.connection_for_write() as connection:
                return bool(app.control.ping(timeout=0.3, connection=connection))
        if name == "web":
            return self._answers("/healthz")
        return True

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.base_url + path, timeout=5) as response:  # noqa: S310  # our own server
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    @property
    def is_running(self) -> bool:
        """Something has been started, and neither stopped nor killed."""
        return bool(self._processes)

    def log(self, name: str) -> Path:
        """Where `name` writes what it prints."""
        return self._folder / f"{name}.log"

    def pid(self, name: str) -> int:
        """The first process of `name`."""
        return self._processes[name].pid

    def children(self, name: str) -> list[int]:
        """The processes that `name` forked: a worker's pool, gunicorn's workers."""
        return [pid for pid in children_of(self.pid(name)) if is_alive(pid)]

    def kill(self, name: str) -> None:
        """SIGKILL to `name` and everything it forked, at once."""
        stop(self._processes.pop(name), number=signal.SIGKILL, timeout_seconds=0)

    def stop(self, name: str) -> None:
        """End `name` in good order."""
        stop(self._processes.pop(name), timeout_seconds=self._programs[name].stop_seconds)

    def restart(self, name: str) -> None:
        """Start `name` again, after a kill or by stopping it first."""
        if name in self._processes:
            self.stop(name)
        self.start(name)

    def stop_all(self) -> None:
        """Last started, first stopped."""
        for name in reversed(list(self._processes)):
            self.stop(name)

    def kill_all(self) -> None:
        """SIGKILL to all that run: for who has seen what they wanted and has no time for good order."""
        for name in list(self._processes):
            self.kill(name)
