"""`bin/test`: engines of its own, the test suite, nothing left running."""

import argparse
import signal
import subprocess
import time
from contextlib import ExitStack

from deploy.local.browser import find_chromium
from deploy.local.engines import DYNAMODB_ENGINES
from deploy.local.fetch import fetch_photos
from deploy.local.leash import tie_to_parent
from deploy.local.messages import main, say
from deploy.local.paths import PYTHON, ROOT
from deploy.local.postgres import postgres
from deploy.local.rig import Rig, rig, roomy_memory


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """Ours, and what is passed on to pytest."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Runs the tests against engines of its own. Everything else is passed on to pytest, "
        "as in: bin/test tests/graph -k block",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--postgres", action="store_true", help="accounts on Debian's PostgreSQL instead of SQLite"
    )
    parser.add_argument("--engine", choices=DYNAMODB_ENGINES, default=DYNAMODB_ENGINES[0])
    return parser.parse_known_args()


def found(argument: str) -> str:
    """`graph` means `tests/graph`: what is no path from here but is one under tests/."""
    path = argument.partition("::")[0]
    is_path = not argument.startswith("-") and not (ROOT / path).is_relative_to(ROOT / "tests")
    return f"tests/{argument}" if is_path and path and (ROOT / "tests" / path).exists() else argument


def pytest_arguments(given: list[str]) -> list[str]:
    """What pytest is given; what follows -k or -m is never taken for a path."""
    result = []
    for before, argument in zip(["", *given], given, strict=False):
        result.append(argument if before in {"-k", "-m", "-n", "-p", "-W"} else found(argument))
    return result


def run_pytest(this: Rig, given: list[str]) -> int:
    """Run pytest in our process group: Ctrl-C reaches it by itself, a SIGTERM to us is passed on as Ctrl-C."""
    command = [str(PYTHON), "-m", "pytest", "-p", "tests.engines", *pytest_arguments(given)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=this.env,
        preexec_fn=lambda: tie_to_parent(signal.SIGKILL),  # noqa: PLW1509
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    except SystemExit:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def collect_static(this: Rig) -> None:
    """Have the web servers of the tests give out the scripts and styles of today."""
    collect = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=this.env, check=True)


def command() -> int:
    """The whole run."""
    ours, given = arguments()
    began = time.monotonic()
    with ExitStack() as stack:
        fetch_photos()
        this = stack.enter_context(rig(ours.engine, parts=[], temporary=roomy_memory()))
        if ours.postgres:
            this.env["DATABASE_URL"] = stack.enter_context(postgres(this.folder))
        this.env["ROOST_RIG_CHROMIUM"] = find_chromium()
        collect_static(this)
        code = run_pytest(this, given)
    say(f"bin/test: {time.monotonic() - began:.0f} s with set-up; everything it started is stopped.")
    return code


if __name__ == "__main__":
    main(command)
