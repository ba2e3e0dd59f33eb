"""What lies in Redis under a key of a tiered kind: one byte that says what it is, and the rest.

    =   a value: version, until when it is fresh, how long it took to load, and its JSON
    -   that there is nothing, in the same way
    ?   somebody is loading: who leaves it knows it again by the rest, 16 random bytes. A write takes it away
    !   changed a moment ago, to be read strongly; with 16 bytes behind it: and somebody is loading
    ~   in doubt: a write may still take effect. It is read strongly, and nobody may fill

No two fillings are the same bytes, for the time is in them to the microsecond. So bytes that are still there are an entry that
nobody has replaced, and a process may keep what it parsed of them for as long as it finds them there.
"""

import struct
import time
from typing import Final, NamedTuple, TypeGuard

VALUE: Final = b"="
ABSENT: Final = b"-"
LOADING: Final = b"?"
CHANGED: Final = b"!"
DOUBT: Final = b"~"
_HEAD: Final = struct.Struct(">cQQI")
"""Scripts read the version, as `>I4I4` behind the first byte, and the JSON from the 22nd on."""


class Entry(NamedTuple):
    """A value or an absence, taken apart; `payload` is its JSON, None for an absence."""

    version: int
    fresh_until_us: int
    load_us: int
    payload: bytes | None


def written(entry: Entry) -> bytes:
    """The bytes of an entry."""
    tag = ABSENT if entry.payload is None else VALUE
    head = _HEAD.pack(tag, entry.version, entry.fresh_until_us, min(entry.load_us, 0xFFFFFFFF))
    return head + (entry.payload or b"")


def read(raw: bytes) -> Entry:
    """An entry of its bytes; `is_entry` has been asked."""
    tag, version, fresh_until_us, load_us = _HEAD.unpack_from(raw)
    return Entry(version, fresh_until_us, load_us, raw[_HEAD.size :] if tag == VALUE else None)


def deadline(raw: bytes) -> tuple[int, int]:
    """Of an entry: until when it is fresh, and how long its load took, in microseconds."""
    _tag, _version, fresh_until_us, load_us = _HEAD.unpack_from(raw)
    return fresh_until_us, load_us


def is_entry(raw: bytes | None) -> TypeGuard[bytes]:
    """Whether it is a value or an absence, and not a mark."""
    return raw is not None and raw[:1] in {VALUE, ABSENT}


def is_lease(raw: bytes | None) -> TypeGuard[bytes]:
    """Whether somebody is loading."""
    return raw is not None and len(raw) > 1 and raw[:1] in {LOADING, CHANGED}


def now_us() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
