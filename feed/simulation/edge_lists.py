"""Edge lists as they are found: two whole numbers a line, "follower followee", by blanks or tabs; '#' begins a comment.

The file is read in blocks. A block of nothing but digits and blanks is read by numpy; any other, one with a comment or
with a mistake, line by line, which knows the number of the line.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from feed.simulation.graphs import Graph, graph_of, keys_of

BLOCK_BYTES: Final = 8 * 1024 * 1024
LARGEST_ID: Final = 2**63 - 1
IDS_AT_ONCE: Final = 4_000_000
SURE_DIGITS: Final = 18  # so many always fit into 64 bits

_BLANKS: Final = np.frombuffer(b" \t\r\n", np.uint8)
_SHOWN: Final = 60

Pairs = NDArray[np.int64]
Progress = Callable[[int], object]


class BadLine(ValueError):
    """Something in the file is no edge. The message says where and what."""


def graph_from_file(path: Path, *, users: int = 0, progress: Progress = lambda _bytes: None) -> Graph:
    """The network of a file, gzipped or not; `users`, if there are more than the file names.

    Memory: 40 bytes a line at most.
    Raises: BadLine, OSError.
    """
    with _opened(path, progress) as file:
        blocks = list(_pairs(file))
    pairs = np.concatenate([np.zeros((0, 2), np.int64), *blocks])
    del blocks
    if not len(pairs):
        message = "there is no edge in it"
        raise BadLine(message)
    named = _numbered(pairs.ravel())
    count = max(users, named)
    keys = keys_of(pairs[:, 0], pairs[:, 1], count)
    del pairs
    return graph_of(keys, count)


def _numbered(ids: NDArray[np.int64]) -> int:
    """Give the users of a file numbers from 0 on, in place and in the order of their ids; how many there are.

    Ids that lie close together are looked up in a table, others in a sorted list.
    """
    largest = int(ids.max())
    dense = largest < max(1_000_000, 2 * len(ids))
    if dense:
        there = np.zeros(largest + 1, np.bool_)
        there[ids] = True
        names = np.flatnonzero(there)
        numbers = np.cumsum(there, dtype=np.int64) - 1
    else:
        names = np.sort(ids)
        names = names[np.concatenate([[True], names[1:] != names[:-1]])]
    for first in range(0, len(ids), IDS_AT_ONCE):
        stretch = ids[first : first + IDS_AT_ONCE]
        stretch[:] = numbers[stretch] if dense else np.searchsorted(names, stretch)
    return len(names)


@contextmanager
def _opened(path: Path, progress: Progress) -> Iterator[IO[bytes]]:
    """The file's text; `progress` hears of bytes as they are on the disk."""
    with path.open("rb") as raw:
        counted = cast("IO[bytes]", _Counted(raw, progress))
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield counted
            return
        try:
            with gzip.GzipFile(fileobj=counted) as text:
                yield cast("IO[bytes]", text)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            message = f"it is no whole gzip file ({error})"
            raise BadLine(message) from error


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._progress(len(data))
        return data


def _pairs(file: IO[bytes]) -> Iterator[Pairs]:
    """The edges of each block of whole lines."""
    line, rest = 1, b""
    while True:
        read = file.read(BLOCK_BYTES)
        block, newline, after = (rest + read).rpartition(b"\n") if read else (rest, b"", b"")
        rest = after
        if len(rest) > BLOCK_BYTES:
            message = f"line {line:,} has no end; is this a list of edges?"
            raise BadLine(message)
        if block or newline:
            fast = _pairs_of_digits(block)
            yield _pairs_by_line(block, line) if fast is None else fast
            line += block.count(b"\n") + 1
        if not read:
            return


def _pairs_of_digits(block: bytes) -> Pairs | None:
    """A block that is two numbers a line throughout, or None."""
    if not block.strip():
        return np.zeros((0, 2), np.int64)
    text = np.frombuffer(block, np.uint8)
    blank = np.isin(text, _BLANKS, kind="table")
    digit = (text >= ord("0")) & (text <= ord("9"))
    if not (blank | digit).all():
        return None
    edges = np.flatnonzero(np.diff(digit, prepend=False, append=False))
    begins, ends = edges[::2], edges[1::2]
    lines = np.searchsorted(np.flatnonzero(text == ord("\n")), begins)
    if len(begins) % 2 or (ends - begins).max() > SURE_DIGITS:
        return None
    if (lines[::2] != lines[1::2]).any() or (lines[2::2] == lines[1:-1:2]).any():
        return None
    return np.fromstring(block.decode("ascii"), np.int64, sep=" ").reshape(-1, 2)


def _pairs_by_line(block: bytes, first_line: int) -> Pairs:
    """Any block. Raises: BadLine."""
    found = []
    for number, line in enumerate(block.split(b"\n"), start=first_line):
        fields = line.partition(b"#")[0].split()
        if fields:
            found.append(_pair(fields, number, line))
    return np.array(found, np.int64).reshape(-1, 2)


def _pair(fields: list[bytes], number: int, line: bytes) -> tuple[int, int]:
    if len(fields) != 2 or not all(field.isdigit() and int(field) <= LARGEST_ID for field in fields):
        shown: Any = line.strip().decode("utf-8", "replace")
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        message = (
            f"line {number:,}: expected two whole numbers (who follows, who is followed), found {shown!r}"
        )
        raise BadLine(message)
    return int(fields[0]), int(fields[1])
