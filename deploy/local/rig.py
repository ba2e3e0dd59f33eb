"""Engines for one run of tests or of a benchmark: in memory, on free ports, in a temporary folder, gone afterwards."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import engines
from deploy.local.engines import LOCAL_KEYS, Engine, Running, environment_of
from deploy.local.fetch import fetch_all
from deploy.local.leash import adopt_orphans
from deploy.local.messages import say
from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.processes import end_descendants

PREFIX = "roost-rig-"
# Where Linux keeps files in memory; containers may have very little of it.
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108  # folders are made in it as in any temporary one
ALL_PARTS = ("dynamodb", "redis-broker", "redis-cache")


@dataclass
class Rig:
    """Running engines and the environment that points Roost at them."""

    folder: Path
    engine: str
    env: dict[str, str]
    running: dict[str, Running] = field(default_factory=dict)


def base_environment() -> dict[str, str]:
    """Our environment without settings of Roost's, so that a run depends on nothing of the operator's.

    How much a test is to do, for whoever asks for more than CI does, passes.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ROOST_")
        or name.startswith(("ROOST_MACHINE_", "ROOST_LOAD_", "ROOST_KILL", "ROOST_INTERLEAVINGS"))
    }
    return kept | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **LOCAL_KEYS,
        "DO_NOT_TRACK": "1",
    }


def roomy_memory() -> Path | None:
    """Where temporary files need no disk, unless somebody said where they belong."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None


@contextmanager
def rig(engine: str, parts: Sequence[str] = ALL_PARTS, *, temporary: Path | None = None) -> Iterator[Rig]:
    """Start the engines, yield the rig, and leave nothing behind, neither processes nor files."""
    adopt_orphans()
    fetch_all(engine)
    sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary))
    with (folder / "in-use").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = Rig(folder, engine, base_environment())
        try:
            _start(started, parts)
            yield started
        finally:
            for one in started.running.values():
                one.stop()
            end_descendants()
            shutil.rmtree(folder, ignore_errors=True)


def start_engine(
    name: str, engine: str, folder: Path, env: Mapping[str, str], *, in_memory: bool = True
) -> Running:
    """Start one engine on a free port; its log goes to `folder`, and its files, if it has any."""

    def make() -> Engine:
        if name == "dynamodb":
            return engines.dynamodb(engine, port=free_port(), folder=folder / name, in_memory=in_memory)
        of_redis = engines.redis_broker if name == "redis-broker" else engines.redis_cache
        return of_redis(port=free_port(), folder=folder / name)

    return Running(make, folder / f"{name}.log", env)


def _start(this: Rig, parts: Sequence[str]) -> None:
    began = time.monotonic()
    data = this.folder / "data"
    data.mkdir()
    this.env |= {
        "ROOST_RIG": str(this.folder),
        "ROOST_RIG_ENGINE": this.engine,
        "ROOST_DATA_DIR": str(data),
        "ROOST_SECRET_KEY": "only-for-this-run-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
        "ROOST_TABLE_PREFIX": "rig-",
        "ROOST_NEW_ACCOUNT_HOURS": "0",  # all accounts are new here
        "ROOST_RATE_FACTOR": "0",  # whoever tests or measures is faster than people are
    }
    for name in parts:
        this.running[name] = start_engine(name, this.engine, this.folder, this.env)
        this.env |= environment_of(this.running[name].engine)
    if parts:
        say(f"{this.engine} is up after {time.monotonic() - began:.1f} s.")


def sweep_abandoned() -> None:
    """Remove folders of earlier runs that were killed with -9: nobody holds their lock any more."""
    for folder in [
        found for parent in {Path(tempfile.gettempdir()), MEMORY} for found in parent.glob(f"{PREFIX}*")
    ]:
        if folder.stat().st_uid != os.getuid() or time.time() - folder.stat().st_mtime < 60:
            continue  # another user's, or one that is being made right now
        try:
            with (folder / "in-use").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            pass  # killed before it had its lock: abandoned
        except OSError:
            continue  # in use
        shutil.rmtree(folder, ignore_errors=True)
