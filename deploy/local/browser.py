"""Debian's chromium for the browser tests: found, installed for root, asked for by name otherwise."""

import os
import shutil

from deploy.local.messages import Problem, say, step
from deploy.local.setup import run_quietly

NAMES = ("chromium", "chromium-browser", "google-chrome")
ADVICE = "The browser tests need it. Install it and start again: apt-get install chromium"


def find_chromium() -> str:
    """The path of chromium, or "" (browser tests are then skipped, with the reason). Raises: Problem in CI."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        return _install()
    if os.environ.get("CI"):
        raise Problem(f"There is no chromium here, and in CI nothing is skipped.\n{ADVICE}")
    say(f"  No chromium: browser tests will be skipped. {ADVICE}")
    return ""


def _install() -> str:
    try:
        with step("Installing chromium (apt-get)"):
            install_packages("chromium")
    except Problem:
        if os.environ.get("CI"):
            raise
        say(f"  chromium could not be installed: browser tests will be skipped. {ADVICE}")
    return shutil.which("chromium") or ""


def install_packages(*names: str) -> None:
    """Install Debian packages as root. Raises: Problem."""
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    advice = f"Is this machine online? By hand: apt-get update && apt-get install {' '.join(names)}"
    run_quietly(["apt-get", "update", "-q"], advice=advice)
    run_quietly(["apt-get", "install", "-q", "-y", "--no-install-recommends", *names], advice=advice)
