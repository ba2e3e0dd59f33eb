"""Where things are on this machine."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.messages import Problem

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Downloads are kept with the code: `bin/test` and every data folder share them.
ENGINES = ROOT / "var" / "engines"


def writable_folder(path: Path) -> Path:
    """`path`, made if it is missing. Raises: Problem when this user may not write there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Problem(
            f"Cannot write to {path} ({error.strerror}).\n"
            "Give this user the folder (chown), or name another one: ROOST_DATA_DIR=/some/folder bin/run"
        ) from error
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until nobody else holds `path`. The lock ends with the process, however it ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
