"""Known gaps of the engines, each with its reason. A gap of ours does not belong here.

A pattern is matched against the test's id (`tests/graph/test_follow.py::test_x`). An expected failure is strict: when
the engine learns it, the test run says so and the line goes.
"""

from fnmatch import fnmatch

import pytest

NO_BATCH_CAPACITY = "BatchGetItem answers without ConsumedCapacity, so its units are not known"

# Each line: pattern, engine, reason.
GAPS: tuple[tuple[str, str, str], ...] = (
    ("tests/config/dynamodb/test_door.py::test_units_follow_aws_rules", "ministack", NO_BATCH_CAPACITY),
    ("tests/graph/test_follow.py::test_counts_of_many_are_one_batch", "ministack", NO_BATCH_CAPACITY),
    ("tests/graph/test_heat.py::test_a_page_costs_half_a_unit_a_part_*", "ministack", NO_BATCH_CAPACITY),
    (
        "tests/posts/test_post.py::test_reading_many_is_one_batch_and_then_none",
        "ministack",
        NO_BATCH_CAPACITY,
    ),
    ("tests/feed/test_home.py::test_a_warm_page_is_five_requests_*", "ministack", NO_BATCH_CAPACITY),
    ("tests/test_data_model.py::test_the_measured_units_are_todays", "ministack", NO_BATCH_CAPACITY),
)


def marks_of(node_id: str, engine: str) -> list[pytest.MarkDecorator]:
    """The marks that a test gets on an engine."""
    return [
        pytest.mark.xfail(reason=f"{name}: {reason}", strict=True)
        for pattern, name, reason in GAPS
        if name == engine and fnmatch(node_id, pattern)
    ]
