"""Not collected by itself: `test_test.py` runs it in a `bin/test` that it then ends."""

import sys
import time


def test_sleeps(stack) -> None:
    sys.stdout.write("sleeping\n")
    sys.stdout.flush()
    time.sleep(100)
