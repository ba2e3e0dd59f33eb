"""Known gaps of the engines, each with its reason. A gap of ours does not belong here.

A pattern is matched against the test's id (`tests/graph/test_follow.py::test_x`). An expected failure is strict: when
the engine learns it, the test run says so and the line goes.
"""

from fnmatch import fnmatch

import pytest

NO_BATCH_CAPACITY = "BatchGetItem answers without ConsumedCapacity for keys that are not there"

# Each line: pattern, engine, reason.
GAPS: tuple[tuple[str, str, str], ...] = (
    ("tests/config/dynamodb/test_door.py::test_units_follow_aws_rules", "ministack", NO_BATCH_CAPACITY),
    ("tests/graph/test_follow.py::test_counts_of_many_are_one_batch", "ministack", NO_BATCH_CAPACITY),
)


def marks_of(node_id: str, engine: str) -> list[pytest.MarkDecorator]:
    """The marks that a test gets on an engine."""
    return [
        pytest.mark.xfail(reason=f"{name}: {reason}", strict=True)
        for pattern, name, reason in GAPS
        if name == engine and fnmatch(node_id, pattern)
    ]
