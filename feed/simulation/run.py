"""One simulation from end to end, for the command and for the benchmark."""

import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from tqdm import tqdm

from feed.entities import MAX_PULLS
from feed.simulation.activity import activity_of
from feed.simulation.bills import bills_of
from feed.simulation.edge_lists import graph_from_file
from feed.simulation.graphs import Graph
from feed.simulation.outcome import Outcome, policies_compared
from feed.simulation.power_law import power_law


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. `file`: None for a made-up network of `users` who follow `follows` others on the mean."""

    file: Path | None = None
    users: int = 100_000
    follows: float = 50.0
    reads_per_day: float = 5.0
    posts_per_day: float = 0.5
    cap: int = MAX_PULLS
    seed: int = 1
    even_rates: bool = False
    quiet: bool = True


def simulate(plan: Plan) -> Outcome:
    """The bills of all policies.

    Raises: BadLine, OSError for the file.
    """
    began = time.monotonic()
    graph = _graph(plan)
    activity = activity_of(
        graph,
        reads_per_day=plan.reads_per_day,
        posts_per_day=plan.posts_per_day,
        seed=plan.seed,
        even=plan.even_rates,
    )
    with _bar("policies", graph.edges, plan) as bar:
        bills = bills_of(graph, activity, policies_compared(plan.cap), progress=bar.update)
    network: dict[str, float | int | str] = {
        "graph": str(plan.file or "power-law"),
        "users": graph.users,
        "edges": graph.edges,
        "dropped_edges": graph.dropped,
        "reads_per_day": plan.reads_per_day,
        "posts_per_day": plan.posts_per_day,
        "rates": "even" if plan.even_rates else "power-law",
        "cap": plan.cap,
        "seed": plan.seed,
        "seconds": round(time.monotonic() - began, 1),
        "peak_mb": round(getrusage(RUSAGE_SELF).ru_maxrss / 1024),
    }
    return Outcome(network, bills)


def _graph(plan: Plan) -> Graph:
    if plan.file is None:
        with _bar("network", round(plan.users * plan.follows), plan) as bar:
            return power_law(users=plan.users, follows=plan.follows, seed=plan.seed, progress=bar.update)
    with _bar("file", plan.file.stat().st_size, plan) as bar:
        return graph_from_file(plan.file, users=plan.users, progress=bar.update)


def _bar(what: str, total: int, plan: Plan) -> "tqdm[int]":
    return tqdm(total=total, desc=what, unit_scale=True, disable=plan.quiet)
