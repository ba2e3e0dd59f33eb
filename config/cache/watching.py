"""Who wants to hear which keys are asked for, of one look-up in so many."""

import random
from collections.abc import Callable, Iterable
from typing import Final

SAMPLED: Final = 1 / 16
Watcher = Callable[[str, str | int], None]
watchers: list[Watcher] = []
"""Called with the name of the kind and a key, in the thread that asks: they must be quick, and must not raise."""


def tell(kind: str, keys: Iterable[str | int]) -> None:
    """Have the watchers hear of these keys, of one call in sixteen."""
    if not watchers or random.random() >= SAMPLED:
        return
    for key in keys:
        for watch in watchers:
            watch(kind, key)
