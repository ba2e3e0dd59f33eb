"""A stream consumer in a process of its own, for tests that kill it: writes down what it handles, one number a line.

python -m tests.faults.listening_process PARTITION GROUP FILE [--die-after NUMBER]
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.streams import Consumer  # noqa: E402  # needs Django to be set up
from tests.config.streams.support import QUICK, Listener, Written  # noqa: E402
from tests.config.streams.tables import NOTES  # noqa: E402


def main() -> None:
    """Consume until SIGTERM, or until the number after which to die between handling and checkpoint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pk")
    parser.add_argument("group")
    parser.add_argument("file", type=Path)
    parser.add_argument("--die-after", type=int)
    options = parser.parse_args()

    def write_down(event: Written) -> None:
        with options.file.open("a") as lines:
            lines.write(f"{event.number}\n")
        if event.number == options.die_after:
            os.kill(os.getpid(), signal.SIGKILL)

    listener = Listener(options.pk, fail=write_down).listen(NOTES)
    consumer = Consumer(listener.handlers, group=options.group, timing=QUICK, threads=2)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    consumer.start()
    ended.wait()
    consumer.stop()
    sys.exit(0)


if __name__ == "__main__":
    main()
