"""What administrators see of a user's posts."""

import pytest
from django.core.cache import cache as shared

from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import UserId
from posts.admin import count_rows, latest_rows
from tests.accounts.factory import a_user
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


def test_the_panels_are_bounded_reads(empty_cache: None) -> None:
    ana = a_user()
    for n in range(12):
        a_post(by=ana, text=f"<b>{n}</b>", audience="only_me")
    latest_rows(UserId(a_user().pk))  # asks whether a change of the table is done, once a process
    shared.clear()
    with assert_dynamodb_calls(3):  # her posts and which months have lists, what they say, how many there are
        rows = latest_rows(UserId(ana.pk))
        assert count_rows(UserId(ana.pk)) == [("Posts", 0)]  # nothing has been read from the stream yet
    assert [row[1] for row in rows] == [f"<b>{n}</b>" for n in range(11, 1, -1)]
    assert "/p/" in str(rows[0][0])
