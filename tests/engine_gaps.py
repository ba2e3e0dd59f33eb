"""Known gaps of the engines, each with its reason. A gap of ours does not belong here.

A pattern is matched against the test's id (`tests/graph/test_services.py::test_x`). An expected failure is strict: when
the engine learns it, the test run says so and the line goes.
"""

from fnmatch import fnmatch

import pytest

# Each line: pattern, engine, reason.
GAPS: tuple[tuple[str, str, str], ...] = ()


def marks_of(node_id: str, engine: str) -> list[pytest.MarkDecorator]:
    """The marks that a test gets on an engine."""
    return [
        pytest.mark.xfail(reason=f"{name}: {reason}", strict=True)
        for pattern, name, reason in GAPS
        if name == engine and fnmatch(node_id, pattern)
    ]
