"""The data folder of one Roost: what is in it, who uses it, and what an earlier start left running."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from deploy.local.engines import DYNAMODB_ENGINES
from deploy.local.messages import Problem, say
from deploy.local.paths import ROOT, writable_folder
from deploy.local.processes import end_all, is_alive, processes_with
from deploy.local.setup import require_disk

NEEDED_BYTES = 300_000_000
# Everything that `--fresh` removes. Downloads (`engines`) are not data.
DATA = ("dynamodb", "redis-broker", "redis-cache", "media", "run", "logs", "demo.txt", "secret.key")


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder."""

    folder: Path

    @property
    def run(self) -> Path:
        """What belongs to the current start only."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        """A log for each process."""
        return self.folder / "logs"

    @property
    def demo(self) -> Path:
        """Written when the demo network is complete; holds what the operator wants to know about it."""
        return self.folder / "demo.txt"

    @property
    def marker(self) -> str:
        """Every process of ours carries this in its environment, so that it can be told from others'."""
        return f"ROOST_RUN={self.folder}"

    def clear(self) -> None:
        """Remove all data."""
        for name in (*DATA, *(path.name for path in self.folder.glob("roost.sqlite3*"))):
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the folders. The numbers of an earlier start's processes would be added to ours: they go."""
        shutil.rmtree(self.metrics, ignore_errors=True)
        for folder in (self.run, self.logs, self.metrics):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def metrics(self) -> Path:
        """Where each process writes its numbers for `/metrics`."""
        return self.run / "metrics"

    def ports(self) -> dict[str, int]:
        """The engines' ports of the last start: kept when they are free, so that tools stay pointed at them."""
        try:
            return dict(json.loads((self.run / "ports.json").read_text()))
        except (OSError, ValueError):
            return {}

    def remember(self, ports: Mapping[str, int], env: Mapping[str, str]) -> None:
        """Keep ports for the next start, and the environment for `bin/manage`."""
        (self.run / "ports.json").write_text(json.dumps(ports))
        (self.run / "environment.json").write_text(json.dumps(env))


def data_folder(engine: str) -> Path:
    """Where the data is, by the environment or `.env`. Another engine has its own: accounts belong to their posts."""
    settings = {**dotenv_values(ROOT / ".env"), **os.environ}
    folder = ROOT / (settings.get("ROOST_DATA_DIR") or "var")
    return folder if engine == DYNAMODB_ENGINES[0] else folder / engine


@contextmanager
def opened(folder: Path, *, fresh: bool) -> Iterator[Home]:
    """The data folder for us alone. Raises: Problem when another Roost runs in it, or it can't be used."""
    home = Home(writable_folder(folder).resolve())
    require_disk(home.folder, NEEDED_BYTES)
    with (home.folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise Problem(
                f"Roost runs already on the data in {home.folder} (process {lock.read().strip() or 'unknown'}).\n"
                "Stop it with Ctrl-C in its terminal, or use other data: ROOST_DATA_DIR=/some/folder bin/run"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        end_leftovers(home)
        if fresh:
            say(f"  Removing the data in {home.folder} (--fresh)")
            home.clear()
        home.prepare()
        yield home


def end_leftovers(home: Home) -> None:
    """End what a killed start left: provably ours, by the data folder in its environment, for we hold the lock."""
    left = [pid for pid in processes_with(home.marker) if is_alive(pid)]
    if left:
        say(f"  Ending {len(left)} processes that an earlier start on this data left behind")
        end_all(left, grace_seconds=20)
