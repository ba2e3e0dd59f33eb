"""What the operator reads: progress on standard error, and problems that say what to do."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Problem(Exception):  # read aloud by `main`: not an error of the program
    """Something the operator has to mend. The text says what happened and what to do."""


def say(text: str) -> None:
    """Print one line of progress. Standard output stays free for results."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """One step of the set-up with the time it took."""
    started = time.monotonic()
    say(f"  {text} ...")
    yield
    say(f"  {text}: done in {time.monotonic() - started:.1f} s")


def _terminated(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(command: Callable[[], int]) -> None:
    """Run a command; a problem becomes one message and exit code 1. SIGTERM and SIGHUP unwind like Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    # A shell starts background jobs with Ctrl-C ignored; who sends it to us all the same means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(command())
    except Problem as problem:
        say(f"\n{problem}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
