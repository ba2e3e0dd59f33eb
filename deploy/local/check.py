"""`bin/check`: everything that needs no engine. Each step with its time; all are run, one that fails fails the whole."""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.local.messages import main, say
from deploy.local.paths import ROOT, VENV
from deploy.local.rig import base_environment

_MANAGE = ["python", "manage.py"]
STEPS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports"],
    "deploy": [*_MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "migrations": [*_MANAGE, "makemigrations", "--check", "--dry-run"],
    "schema": [*_MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "settings": ["python", "-m", "deploy.env_example"],
}
# As an operator would set it in production, for `check --deploy`.
PRODUCTION = {
    "ROOST_HTTPS": "true",
    "ROOST_ALLOWED_HOSTS": '["roost.example"]',
    "ROOST_SECRET_KEY": "y8v0r2m6-q1w9-x4z7-not-a-real-one-but-as-long-as-one-k3j5h8g2",
}


def run(name: str, command: list[str], env: Mapping[str, str]) -> bool:
    """Run one step; its output is shown when it fails."""
    began = time.monotonic()
    path = VENV / "bin" / command[0]
    done = subprocess.run(
        [str(path), *command[1:]], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {name:<11} {time.monotonic() - began:5.1f} s", flush=True)
    if not passed:
        print((done.stdout + done.stderr).strip(), flush=True)
    return passed


def command() -> int:
    """Run all steps, or those named."""
    parser = argparse.ArgumentParser(
        prog="bin/check", description="Checks the code without running its tests."
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only these: {', '.join(STEPS)}")
    chosen = parser.parse_args().steps or list(STEPS)
    with tempfile.TemporaryDirectory(prefix="roost-check-") as folder:
        env = base_environment() | PRODUCTION | {"ROOST_DATA_DIR": str(Path(folder))}
        failed = [name for name in chosen if not run(name, STEPS[name], env)]
    if failed:
        say(f"bin/check failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    main(command)
