"""Limits as in production, at a pace that a test can wait for."""

from dataclasses import replace
from typing import Any

import pytest

from config.rates import limits
from config.rates.limits import Bucket, Limit

QUICK = Limit(
    burst=Bucket(4, 2),
    day=Bucket(6, 600),
    new_burst=Bucket(2, 2),
    new_day=Bucket(3, 600),
    address=Bucket(8, 4),
)

SMALL = replace(QUICK, burst=Bucket(4, 600), new_burst=Bucket(2, 600), address=Bucket(8, 600))
"""The same, and nothing comes back within a test, however slow the machine is."""


@pytest.fixture
def limits_on(settings: Any) -> None:
    """Limits count, as declared."""
    settings.RATE_FACTOR = 1.0


@pytest.fixture
def quick_limits(limits_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following is limited by `QUICK`."""
    monkeypatch.setitem(limits.LIMITS, "follow", QUICK)


@pytest.fixture
def small_limits(limits_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following is limited by `SMALL`."""
    monkeypatch.setitem(limits.LIMITS, "follow", SMALL)
