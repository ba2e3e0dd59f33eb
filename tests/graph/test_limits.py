"""Following and leaving at the pace of people: pages and API, private accounts, those who go round in circles."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.rates import churn
from config.rates.limits import LIMITS
from graph.selectors import is_following
from tests.accounts.factory import a_user
from tests.graph.factory import id_of

pytestmark = pytest.mark.django_db
NOWHERE = {"REMOTE_ADDR": ""}  # so that tests don't share the bucket of one address


@pytest.fixture(autouse=True)
def limits_on(settings: Any, empty_cache: None) -> None:
    """Limits count, as declared."""
    settings.RATE_FACTOR = 1.0


def signed_in(user: User) -> Client:
    client = Client(**NOWHERE)
    client.force_login(user)
    return client


def test_a_new_account_follows_a_burst_and_is_told_to_wait() -> None:
    ana, people = a_user("ana"), [a_user(f"p{number}") for number in range(16)]
    client = APIClient(**NOWHERE)
    client.force_authenticate(ana)
    answers = [client.put(f"/api/v1/follows/{person.pk}/") for person in people]
    burst = LIMITS["follow"].new_burst.size
    assert [answer.status_code for answer in answers] == [200] * burst + [429]
    assert answers[0]["RateLimit-Policy"] == '"follow-new-burst";q=15;w=60, "follow-new-day";q=100;w=86400'
    assert answers[0]["RateLimit"].startswith('"follow-new-burst";r=14;t=4, "follow-new-day";r=99;t=')
    assert 0 < int(answers[-1]["Retry-After"]) <= 4
    assert answers[-1].json()["code"] == "too_fast"
    assert not is_following(id_of(ana), id_of(people[-1]))
    page = signed_in(ana).post(f"/follows/{people[-1].pk}/", headers={"HX-Request": "true"})
    assert page.status_code == 429
    assert "Try again in" in page.content.decode()


def test_asking_private_accounts_has_a_limit_of_its_own() -> None:
    ana, private = a_user("ana"), a_user("private", is_private=True)
    client = signed_in(ana)
    for _ in range(LIMITS["request"].new_burst.size):
        assert client.post(f"/follows/{private.pk}/").status_code == 302
    assert client.post(f"/follows/{private.pk}/").status_code == 429
    assert client.post(f"/follows/{a_user('bob').pk}/").status_code == 302


def test_who_goes_round_in_circles_gets_a_trickle_and_a_moderator_sees_it() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client = signed_in(ana)
    for number in range(churn.UNDONE_TOO_MANY - 1):
        churn.made(ana.pk, number)
        churn.undone(ana.pk, number)
    client.post(f"/follows/{bob.pk}/")
    assert not churn.is_slowed(ana.pk)
    client.post(f"/follows/{bob.pk}/delete/")
    assert churn.is_slowed(ana.pk)
    assert client.post(f"/follows/{bob.pk}/").status_code == 302
    refused = client.post(f"/follows/{a_user('eve').pk}/")
    assert refused.status_code == 429
    assert 60 < int(refused["Retry-After"]) <= 900
    assert '"follow-slowed-new-burst";r=0' in refused["RateLimit"]
    # Leaving is still open.
    assert client.post(f"/follows/{bob.pk}/delete/").status_code == 302

    moderator = User.objects.create_superuser("moderator", "moderator@example.org", "a-perch-in-the-morning")
    panel = signed_in(moderator).get(f"/admin/accounts/user/{ana.pk}/change/").content.decode()
    assert "Slowed until" in panel
    assert f"{churn.UNDONE_TOO_MANY} / {churn.UNDONE_TOO_MANY}" in panel


def test_a_request_withdrawn_counts_as_left() -> None:
    ana, private = a_user("ana"), a_user("private", is_private=True)
    client = signed_in(ana)
    client.post(f"/follows/{private.pk}/")
    client.post(f"/follows/{private.pk}/cancel/")
    assert churn.standing(ana.pk).undone == 1
