"""How long ago something was, as cards and comments say it."""

from datetime import UTC, datetime, timedelta

import pytest

from posts.templatetags.post_text import ago

PRESENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=6, hours=23), "6 d"),
        (timedelta(days=7), "15 Nov"),
        (timedelta(days=325), "1 Jan"),
        (timedelta(days=326), "31 Dec 2025"),
    ],
)
def test_how_long_ago(past: timedelta, said: str) -> None:
    assert ago(PRESENT - past, PRESENT) == said
