"""Supervision by supervisord: ordered start and stop, crashed parts started again. Here: its configuration and its door."""

import shlex
import signal
import subprocess
import tempfile
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from configparser import RawConfigParser
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.leash import __file__ as LEASH  # noqa: N812  # the path of a script
from deploy.local.messages import Problem
from deploy.local.paths import PYTHON, ROOT
from deploy.local.processes import spawn, stop, tail

# A path of a Unix socket has at most 107 bytes.
_LONGEST_SOCKET = 100
_GIVEN_UP = {"FATAL", "UNKNOWN"}
# What supervisord itself takes beside its parts: it looks once a second, and kills after a part's time.
LEAVING_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """What supervisord keeps running.

    The parts of a `group` are told to stop at once, so a stop takes as long as each group's slowest, and the groups one
    after the other, the one whose first part is last in the list before all others.
    """

    name: str
    command: Sequence[str]
    group: str
    stop_seconds: int
    folder: Path = ROOT
    env: Mapping[str, str] | None = None


def _escaped(text: str) -> str:
    """`%` begins an expansion in supervisord's configuration."""
    return text.replace("%", "%%")


def _section(part: Part, logs: Path) -> dict[str, str]:
    # SIGTERM goes to the first process only (Celery's pool must live to finish); what is left is killed as a group.
    tied = [str(PYTHON), "-I", "-S", str(LEASH), "SIGTERM", *part.command]
    section = {
        "command": _escaped(shlex.join(tied)),
        "directory": _escaped(str(part.folder)),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "5",
        "stopwaitsecs": str(part.stop_seconds),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _escaped(str(logs / f"{part.name}.log")),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "3",
    }
    if part.env:
        section["environment"] = ",".join(f'{name}="{_escaped(value)}"' for name, value in part.env.items())
    return section


class Supervisor:
    """One supervisord over the parts, as our child."""

    def __init__(self, parts: Sequence[Part], *, run: Path, logs: Path, env: Mapping[str, str]) -> None:
        self.parts = {part.name: part for part in parts}
        self._logs, self._log = logs, logs / "supervisord.log"
        self._socket = run / "supervisord.sock"
        if len(str(self._socket)) > _LONGEST_SOCKET:
            self._socket = Path(tempfile.mkdtemp(prefix="roost-")) / "s"
        path = run / "supervisord.conf"
        with path.open("w") as file:
            self._configuration(run).write(file)
        command = [str(PYTHON), "-m", "supervisor.supervisord", "--configuration", str(path)]
        # When bin/run is killed, supervisord stops everything in good order and ends.
        self.process = spawn(command, log=self._log, env=env, when_parent_dies=signal.SIGTERM)
        self._until_open()

    def _ask(self, method: str, *arguments: Any) -> Any:
        """By a connection of its own, for the transport never recovers from a refused one."""
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        with closing(transport):
            # It needs an address of some sort, and goes through the socket.
            proxy = xmlrpc.client.ServerProxy("http://localhost", transport=transport)
            return getattr(proxy.supervisor, method)(*arguments)

    def _configuration(self, run: Path) -> RawConfigParser:
        configuration = RawConfigParser()
        factory = "supervisor.rpcinterface:make_main_rpcinterface"
        configuration["unix_http_server"] = {"file": _escaped(str(self._socket)), "chmod": "0700"}
        configuration["rpcinterface:supervisor"] = {"supervisor.rpcinterface_factory": factory}
        configuration["supervisord"] = {
            "nodaemon": "true",
            "silent": "true",
            "logfile": _escaped(str(self._log)),
            "pidfile": _escaped(str(run / "supervisord.pid")),
            "childlogdir": _escaped(str(self._logs)),
        }
        groups: dict[str, list[str]] = {}
        for part in self.parts.values():
            configuration[f"program:{part.name}"] = _section(part, self._logs)
            groups.setdefault(part.group, []).append(part.name)
        for number, (group, names) in enumerate(groups.items()):
            configuration[f"group:{group}"] = {"programs": ",".join(names), "priority": str(number)}
        return configuration

    def _until_open(self) -> None:
        for _ in range(200):
            if self.process.poll() is not None:
                break
            try:
                self._ask("getState")
            except (OSError, HTTPException, xmlrpc.client.Error):
                time.sleep(0.05)
            else:
                return
        stop(self.process)
        raise Problem(f"The process supervisor does not start. The end of its log:\n{tail(self._log)}")

    def start(self, *names: str) -> None:
        """Start parts without waiting for them; those that run already are left alone."""
        states = self.states()
        for name in names:
            if states[name] not in {"RUNNING", "STARTING"}:
                self._ask("startProcess", f"{self.parts[name].group}:{name}", False)  # noqa: FBT003  # XML-RPC knows positions only

    def states(self) -> dict[str, str]:
        """Supervisord's word for the state of each part."""
        return {info["name"]: info["statename"] for info in self._ask("getAllProcessInfo")}

    def require_alive(self) -> None:
        """Raises: Problem when a part was given up after several starts, with the end of its log."""
        if self.process.poll() is not None:
            raise Problem(f"The process supervisor ended. The end of its log:\n{tail(self._log)}")
        for name, state in self.states().items():
            if state in _GIVEN_UP:
                log = self._logs / f"{name}.log"
                raise Problem(f"{name} does not start. The end of {log}:\n{tail(log)}")

    def given_up(self) -> list[str]:
        """Parts that crashed again and again, so that supervisord leaves them."""
        return [name for name, state in self.states().items() if state in _GIVEN_UP]

    def wait(self, seconds: float) -> bool:
        """Whether supervisord has ended within `seconds`."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Stop every part, the last group first, and supervisord itself."""
        slowest: dict[str, int] = {}
        for part in self.parts.values():
            slowest[part.group] = max(slowest.get(part.group, 0), part.stop_seconds)
        stop(self.process, timeout_seconds=sum(slowest.values()) + LEAVING_SECONDS)
        if self._socket.parent.name.startswith("roost-"):
            self._socket.unlink(missing_ok=True)
            self._socket.parent.rmdir()
