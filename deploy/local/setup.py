"""The virtual environment: made and filled when it is missing or when the requirements have changed.

Runs with the system's Python and the standard library: `python3 -m deploy.local.setup requirements.txt`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.messages import Problem, main, say, step
from deploy.local.paths import PYTHON, ROOT, VENV, locked, writable_folder

CONSTRAINTS = ROOT / "constraints.txt"
NEEDED_BYTES = 1_500_000_000


def fingerprint(requirements: str) -> str:
    """Changes with the requirements, the pins and the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", requirements, CONSTRAINTS.name):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp_of(requirements: str) -> Path:
    """The file that says with which fingerprint `requirements` were installed last."""
    return VENV / f"{requirements}.installed"


def is_installed(requirements: str) -> bool:
    """Whether the virtual environment holds exactly what is asked for."""
    stamp = stamp_of(requirements)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(requirements)


def require_disk(folder: Path, needed_bytes: int) -> None:
    """Raises: Problem when less than `needed_bytes` are free where `folder` is."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise Problem(
            f"Only {free / 1e9:.1f} GB are free where {folder} is; {needed_bytes / 1e9:.1f} GB are needed.\n"
            "Free some space, or move the project to a larger disk."
        )


def run_quietly(command: list[str], *, advice: str) -> None:
    """Run a tool of the set-up; its output is shown only when it fails. Raises: Problem."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Problem(f"{last}\n\nThis failed: {' '.join(command)}\n{advice}")


def pip_install(python: Path, *arguments: str, advice: str = "") -> None:
    """Install with pip's ordinary configuration. Raises: Problem."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    advice = (
        advice or "Is this machine online? pip uses its ordinary configuration. Start again when it works."
    )
    run_quietly([str(python), "-m", "pip", "install", *quiet, *arguments], advice=advice)


def make_environment() -> None:
    """An empty virtual environment. Raises: Problem when Python comes without the means."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        raise Problem(
            "This Python has no venv module, which Debian packs on its own.\n"
            f"Install it and start again: apt-get install {package}"
        )
    with step(f"Making a virtual environment with Python {sys.version.split()[0]}"):
        shutil.rmtree(VENV, ignore_errors=True)
        run_quietly(
            [sys.executable, "-m", "venv", str(VENV)], advice="Is the disk full, or the folder not yours?"
        )


def install(requirements: str) -> None:
    """Install the requirements as pinned. The stamp is written last, so that a broken set-up is tried again."""
    with step(f"Installing {requirements} (the first time takes a minute or two)"):
        pip_install(PYTHON, "--requirement", requirements, "--constraint", CONSTRAINTS.name)
    stamp_of("requirements.txt").write_text(fingerprint("requirements.txt"))
    stamp_of(requirements).write_text(fingerprint(requirements))


def set_up(requirements: str) -> int:
    """Make what is missing. Idempotent: by the stamp; a repeat reads four small files."""
    if is_installed(requirements):
        return 0
    with locked(writable_folder(ROOT / "var") / "setup.lock"):
        if is_installed(requirements):
            return 0
        say("Setting up Python.")
        require_disk(ROOT, NEEDED_BYTES)
        if not os.access(PYTHON, os.X_OK):
            make_environment()
        install(requirements)
    return 0


if __name__ == "__main__":
    main(lambda: set_up(sys.argv[1]))
