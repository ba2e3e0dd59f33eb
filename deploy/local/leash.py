"""Tie a process to its parent's life: when the parent dies, even by kill -9, the process is told.

As a script it ties itself and then becomes the given command: `python leash.py SIGTERM command arguments...`
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def tie_to_parent(number: int = signal.SIGKILL) -> None:
    """From now on the kernel sends `number` to this process when its parent ends. Only Linux has this."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def adopt_orphans() -> None:
    """Grandchildren whose parent dies become children of this process, so that it can end them."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


if __name__ == "__main__":
    tie_to_parent(signal.Signals[sys.argv[1]])
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
