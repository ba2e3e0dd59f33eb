"""Several independent reads at once: one round instead of many."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from typing import TypeVar

from config.dynamodb.metering import join_rounds, round_reached

T = TypeVar("T")
THREADS = 16


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="dynamodb")


# Threads do not survive a fork: a child makes its own.
os.register_at_fork(after_in_child=_pool.cache_clear)


def gather(*reads: Callable[[], T]) -> list[T]:
    """The results of these reads, run side by side, in their order. The meter and the request id go along.

    NOTE: not from within a read that is itself gathered, for the pool could wait for itself.
    Raises: what the first failing read raised, after all have ended.
    """
    if len(reads) < 2:
        return [read() for read in reads]
    branches = [copy_context() for _ in reads[1:]]
    futures = [_pool().submit(branch.run, read) for branch, read in zip(branches, reads[1:], strict=True)]
    try:
        first = reads[0]()
    finally:
        for future in futures:
            future.exception()
        join_rounds(round_reached(branch) for branch in branches)
    return [first, *(future.result() for future in futures)]
