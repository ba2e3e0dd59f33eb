"""A PostgreSQL cluster of our own in a temporary folder, from the system's packages."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.browser import install_packages
from deploy.local.messages import Problem, step
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import spawn, stop, tail


def _binaries() -> Path | None:
    """The newest PostgreSQL's programs."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    candidates = [*reversed(folders), *([Path(found).parent] if found else [])]
    return next(
        (path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


def binaries() -> Path:
    """PostgreSQL's programs, installed for root. Raises: Problem for everybody else."""
    path = _binaries()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Installing postgresql (apt-get)"):
            install_packages("postgresql")
        path = _binaries()
    if path is None:
        raise Problem("There is no PostgreSQL here.\nInstall it and start again: apt-get install postgresql")
    return path


def unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as: it refuses root. None means as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def postgres(parent: Path) -> Iterator[str]:
    """Run a cluster; yields its DATABASE_URL."""
    programs, user = binaries(), unprivileged_user()
    folder = parent / "postgres"
    folder.mkdir(mode=0o700)
    if user is not None:
        parent.chmod(0o711)  # the other user has to pass through
        shutil.chown(folder, user)
    _initialise(programs, folder / "data", user)
    port = free_port()
    # A cluster that lives for minutes needs no disk guarantees.
    fast = [
        part for name in ("fsync", "synchronous_commit", "full_page_writes") for part in ("-c", f"{name}=off")
    ]
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        folder / "data",
        "-p",
        str(port),
        "-h",
        LOOPBACK,
        "-k",
        "",
        *fast,
    ]
    log = parent / "postgres.log"
    process = spawn(command, log=log, cwd=folder, user=user)
    try:
        _wait(process, programs, port, log)
        yield f"postgres://roost@{LOOPBACK}:{port}/postgres"
    finally:
        stop(process, number=signal.SIGINT)


def _initialise(programs: Path, data: Path, user: str | None) -> None:
    command = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "roost",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=data.parent,
        user=user,
        group=user and pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"PostgreSQL's initdb failed:\n{done.stderr.strip()}")


def _wait(process: subprocess.Popen[bytes], programs: Path, port: int, log: Path) -> None:
    ask = [str(programs / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port)]
    for _ in range(300):
        if process.poll() is not None:
            break
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise Problem(f"PostgreSQL does not start. The end of its log:\n{tail(log)}")
