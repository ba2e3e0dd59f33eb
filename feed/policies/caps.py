"""At most so many pulls a read: of each reader's pulled edges the most worthwhile are kept.

Taking the best is optimal here, not just good: edges cost independently, so any set of at most `cap` pulls saves the sum
of its advantages, and no such sum is larger than that of the largest ones.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def most_worthwhile(
    pulled: NDArray[Any], advantage: NDArray[Any], readers: NDArray[Any], cap: int
) -> NDArray[Any]:
    """Which edges stay pulled. Of equals, the first.

    Shape: arrays with one entry an edge; the edges of a reader lie side by side, `readers` tells where they end.
    """
    places = np.flatnonzero(pulled)
    starts, counts = _groups(readers[places])
    over = np.repeat(counts > cap, counts)
    if not over.any():
        return pulled
    places, counts = places[over], counts[counts > cap]
    starts = np.cumsum(counts) - counts
    groups = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((-advantage[places], groups))
    position = np.arange(len(places)) - np.repeat(starts, counts)
    kept = pulled.copy()
    kept[places[order[position >= cap]]] = False
    return kept


def _groups(keys: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where each run of equal keys begins, and how long it is."""
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    return starts, np.diff(np.r_[starts, len(keys)])
