"""`bin/run` as an operator starts it, on a data folder of the test's, without a demo network."""

import os
import signal
import subprocess
from pathlib import Path

from deploy.local.home import Home
from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.processes import is_alive, processes_with
from deploy.local.rig import base_environment
from tests.stack import eventually

SETTINGS = {"ROOST_RATE_FACTOR": "0", "ROOST_NEW_ACCOUNT_HOURS": "0"}


class RunningRoost:
    """One data folder; `start` and `kill_everything` as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "data")
        self.output = folder / "output.txt"
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start it; does not wait."""
        self.output.unlink(missing_ok=True)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "run", "--no-demo", "--port", str(self.port), *arguments],
                env=base_environment() | SETTINGS | {"ROOST_DATA_DIR": str(self.home.folder)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def until_up(self) -> None:
        """Wait for the address. It is printed only when everything is healthy."""
        eventually(lambda: self._said("Roost is up") or self._ended(), timeout_seconds=120)
        assert self._said("Roost is up"), self.said()

    def _said(self, text: str) -> bool:
        return text in self.said()

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        """What it printed so far."""
        return self.output.read_text()

    def pids(self) -> list[int]:
        """Everything that runs on the data folder, beside bin/run itself."""
        return [pid for pid in processes_with(self.home.marker) if is_alive(pid)]

    def kill_everything(self) -> None:
        """SIGKILL to all at once, as a power cut."""
        assert self.process is not None
        for pid in [self.process.pid, *self.pids()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # its parent's death took it along
        self.process.wait()

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)
