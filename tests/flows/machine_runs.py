"""How long the machines of these tests run, and how they draw: CI's runs are always the same.

ROOST_MACHINE_RUNS and ROOST_MACHINE_STEPS make them longer.
"""

import os

from hypothesis import HealthCheck, Phase, settings

PHASES = (Phase.generate, Phase.shrink) if os.environ.get("ROOST_MACHINE_SHRINK") else (Phase.generate,)
"""A run that fails is told as it is; ROOST_MACHINE_SHRINK=1 looks for the shortest that fails so, for minutes."""


def runs_of(ci_runs: int) -> int:
    """As many runs as are asked for, or as CI makes."""
    return int(os.environ.get("ROOST_MACHINE_RUNS", ci_runs))


def drawn_the_same(runs: int, *, steps: int = 30) -> settings:
    """So many runs, the same each time."""
    return settings(
        max_examples=runs,
        stateful_step_count=int(os.environ.get("ROOST_MACHINE_STEPS", steps)),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
    )
