"""What every benchmark needs: a prepared database, processes, rounds and their medians, the one line of result.

    def main(options: Options) -> dict[str, float]: ...

    if __name__ == "__main__":
        run(main)

Measure several rounds and report medians; give ratios only between numbers of one run, for the machine is noisy.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command

django.setup()

from deploy.local.stack import Stack, eventually  # noqa: E402  # needs Django's settings

__all__ = [
    "Options",
    "Stack",
    "eventually",
    "median",
    "percentile",
    "progress",
    "ratio",
    "rounds",
    "run",
    "stack",
    "timed_ms",
]


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of every benchmark."""

    quick: bool
    json: bool


def progress(text: str) -> None:
    """One line for whoever waits."""
    print(f"  {text}", file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle of the rounds."""
    return statistics.median(values)


def ratio(ours: float, theirs: float) -> float:
    """How many times `theirs` is in `ours`; both of this run."""
    return round(ours / theirs, 3) if theirs else 0.0


def timed_ms(call: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def rounds(count: int, one: Callable[[], Mapping[str, float]]) -> dict[str, float]:
    """Run `one` several times; for each of its keys the median over the rounds."""
    results = []
    for number in range(count):
        results.append(one())
        progress(f"round {number + 1} of {count}: {json.dumps(results[-1])}")
    return {key: median([result[key] for result in results]) for key in results[0]}


@contextmanager
def stack(*names: str, web_workers: int = 2) -> Iterator[Stack]:
    """Consumer, worker and web server (or those named) on this run's engines."""
    folder = Path(os.environ["ROOST_RIG"])
    processes = Stack(folder, os.environ, web_workers=web_workers, worker_gives_way=True)  # as bin/run has it
    try:
        processes.start(*(names or ("consumer", "worker", "web")))
        yield processes
    finally:
        processes.stop_all()


def run(benchmark: Callable[[Options], Mapping[str, float | int | str]]) -> None:
    """Prepare database and tables, run the benchmark, print the result as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = Options(**vars(parser.parse_args()))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("create_tables", stdout=sys.stderr)
    began = time.monotonic()
    result = dict(benchmark(options))
    result["seconds"] = round(time.monotonic() - began, 1)
    if not options.json:
        width = max(map(len, result))
        for key, value in result.items():
            progress(f"{key:<{width}}  {value}")
    print(json.dumps(result), flush=True)
