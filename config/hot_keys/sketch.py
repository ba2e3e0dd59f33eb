"""The most frequent keys among those that a process is asked for, in little memory however many there are.

The sketch is Apache DataSketches' (C++): of a window with n samples every key with more than `epsilon` * n is in it, and none is
counted higher than it was by more than that. A window ends when its time is up, so what is no longer asked for is gone.

Source: Anderson et al., A High-Performance Algorithm for Identifying Frequent Items in Data Streams, IMC 2017.
"""

import time
from dataclasses import dataclass
from typing import Final, NamedTuple

from datasketches import frequent_items_error_type, frequent_strings_sketch

from config.cache.watching import SAMPLED

LG_SIZE: Final = 10
"""Of a table of 1,024 places, about 50 KB: `epsilon` is 0.0034."""
LEAST_SAMPLES: Final = 4
"""What was met less often in a window is chance."""
TOLD_AT_MOST: Final = 20


class Rate(NamedTuple):
    """How often a key was asked for."""

    kind: str
    key: str | int
    reads_per_second: float


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked for in some seconds: of all keys together, and of the most frequent ones, those first."""

    reads_per_second: float
    rates: list[Rate]


class Sketch:
    """Of one process. Each call into the library is one step for all threads, so nothing is locked."""

    def __init__(self) -> None:
        self._counts, self._since = frequent_strings_sketch(LG_SIZE), time.monotonic()

    def note(self, kind: str, key: str | int) -> None:
        """A key was asked for, in a look-up that is among the sampled ones. Cost: some 2 microseconds."""
        self._counts.update(f"{kind} {'#' if isinstance(key, int) else '='}{key}")

    def turn(self) -> Window:
        """What was noted since the last turn; counting begins anew."""
        counts, since = self._counts, self._since
        self._counts, self._since = frequent_strings_sketch(LG_SIZE), time.monotonic()
        a_second = 1 / (SAMPLED * max(self._since - since, 0.001))
        found = counts.get_frequent_items(frequent_items_error_type.NO_FALSE_NEGATIVES)
        rates = [
            Rate(*_taken_apart(name), lower * a_second)
            for name, _estimate, lower, _upper in found[:TOLD_AT_MOST]
            if lower >= LEAST_SAMPLES
        ]
        return Window(counts.total_weight * a_second, rates)


def _taken_apart(name: str) -> tuple[str, str | int]:
    kind, _, key = name.partition(" ")
    return kind, int(key[1:]) if key[0] == "#" else key[1:]
