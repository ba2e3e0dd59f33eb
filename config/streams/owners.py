"""Who this process is to other consumers, and whether another one is certainly dead."""

import contextlib
import os
import secrets
import socket
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")


def _home() -> str:
    """The machine, its start and its process namespace: only in the same home does a process id mean the same."""
    parts = [socket.gethostname()]
    with contextlib.suppress(OSError):  # not Linux, or no /proc: then nobody can be told dead from here
        parts += [_BOOT_ID.read_text().strip()[:8], _PID_NAMESPACE.readlink().name.strip("pid:[]")]
    return ".".join(parts)


def owner_id() -> str:
    """A new owner's name: home, process id, and a nonce so that a restart is another owner."""
    return f"{_home()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether that owner is known to be gone, so that its leases need not run out first.

    Only ever true of a process that ran in this process's own home; of all others nothing is known.
    """
    home, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if home != _home() or home.count(".") < 2 or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
