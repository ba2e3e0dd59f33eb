"""Many writers at once: DynamoDB answers in milliseconds, so threads wait for it together. Progress on a bar."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from django.db import connections
from tqdm import tqdm

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Crew:
    """`threads` 0 works in the calling thread, as tests inside a database transaction must."""

    threads: int = 8
    shows_progress: bool = True

    def each(self, stage: str, items: Sequence[T], do: Callable[[T], object]) -> None:
        """Do it for every item, in any order.

        The first failure, or Ctrl-C, ends the stage: items begun are finished, no new one is begun, and it is raised.
        """
        with tqdm(
            total=len(items), desc=f"{stage:<10}", unit="", disable=not self.shows_progress, leave=True
        ) as bar:
            if not self.threads:
                for item in items:
                    do(item)
                    bar.update()
            elif items:
                self._share_out(items, do, bar)

    def _share_out(self, items: Sequence[T], do: Callable[[T], object], bar: "tqdm[object]") -> None:
        todo, lock, stop = iter(items), threading.Lock(), threading.Event()
        nothing = object()

        def work() -> None:
            try:
                while not stop.is_set():
                    with lock:
                        item = next(todo, nothing)
                    if item is nothing:
                        return
                    do(item)  # type: ignore[arg-type]  # `nothing` has been ruled out
                    with lock:
                        bar.update()
            finally:
                connections.close_all()  # of this thread

        with ThreadPoolExecutor(self.threads, thread_name_prefix="demo") as pool:
            futures = [pool.submit(work) for _ in range(self.threads)]
            try:
                for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                    future.result()
            finally:
                stop.set()
