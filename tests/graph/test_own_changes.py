"""Counts asked for again after one's own follow: at once right for who did it, at the price of a quiet account's."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from graph.counters import counts_fold
from graph.entities import Counts, Heat
from graph.heat_repository import heat_get
from graph.own_changes import counts_seen_by
from graph.promotion import heat_store
from graph.selectors import counts
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SHARDS = 8


def spread(followee: User) -> Heat:
    """The account is hot, and its sum has been folded."""
    heat = replace(heat_get(id_of(followee), consistent=True), shards=SHARDS, write_shards=SHARDS, version=1)
    assert heat_store(id_of(followee), heat, now_ms=1)
    counts_fold(user_id=id_of(followee))
    return heat


def somebody(heat: Heat, *, elsewhere: bool) -> User:
    """Whose follow lies in another shard than the first, or in the first."""
    while True:
        user = a_user("fan")
        if bool(heat.shard_of(id_of(user))) is elsewhere:
            return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, owner: User) -> int:
    html = client.get(f"/follows/{owner.pk}/counts/", headers=HTMX).content.decode()
    found = re.search(r"<strong>(\d+)</strong> follower", html)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("elsewhere", [True, False])
def test_one_sees_ones_own_follow_and_leaving_at_once(
    elsewhere: bool, empty_cache: None, settle: Callable[[], None]
) -> None:
    star = a_user("star")
    follows(a_user("early"), star)
    heat = spread(star)
    fan = somebody(heat, elsewhere=elsewhere)
    client = signed_in(fan)
    assert shown(client, star) == 1
    for _twice in range(2):
        client.post(f"/follows/{star.pk}/", headers=HTMX)
        assert shown(client, star) == 2
    assert shown(signed_in(a_user("other")), star) == (1 if elsewhere else 2), "others with the next fold"
    settle()
    assert shown(client, star) == shown(signed_in(a_user("other")), star) == 2
    for _twice in range(2):
        client.post(f"/follows/{star.pk}/delete/", headers=HTMX)
        assert shown(client, star) == 1
    client.post(f"/follows/{star.pk}/", headers=HTMX)
    client.post(f"/follows/{star.pk}/delete/", headers=HTMX)
    assert shown(client, star) == 1
    settle()
    assert shown(client, star) == 1
    assert counts(id_of(star)) == Counts(1, 0)


def test_asking_costs_the_same_hot_or_not(empty_cache: None) -> None:
    quiet, star = a_user("quiet"), a_user("star")
    follows(a_user("early"), star)
    follows(a_user("early"), quiet)
    fan = somebody(spread(star), elsewhere=True)
    for owner in (quiet, star):
        with assert_dynamodb_calls(1), assert_units(read=1):
            counts_seen_by(id_of(fan), id_of(owner))
    client = signed_in(fan)
    for owner in (quiet, star):
        with (
            assert_dynamodb_calls(2),
            assert_units(read=2),
        ):  # the other one asks whether a block hides the account
            assert shown(client, owner) == 1


def test_a_quiet_account_is_followed_in_one_request(empty_cache: None) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    with assert_dynamodb_calls(1):
        signed_in(ana).post(f"/follows/{bob.pk}/", headers=HTMX)
    assert counts_seen_by(id_of(ana), id_of(bob)) == Counts(1, 0)
