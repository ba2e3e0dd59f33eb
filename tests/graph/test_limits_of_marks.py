"""Blocking, muting, close friends, removing, answering: each has a pace, on pages and in the API, and says what it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from config.rates.limits import LIMITS, Action
from graph.blocks import blocked_among
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db
NOWHERE = {"REMOTE_ADDR": ""}  # so that tests don't share the bucket of one address
SHARE = 0.1
Send = Callable[[Client, int], HttpResponse]


@pytest.fixture(autouse=True)
def small_limits(settings: Any, empty_cache: None) -> None:
    """Limits count, a tenth as large."""
    settings.RATE_FACTOR = SHARE


@pytest.fixture
def ana() -> User:
    return a_user("ana")


@pytest.fixture
def client(ana: User) -> Client:
    client = Client(**NOWHERE)
    client.force_login(ana)
    return client


def posts_to(path: str, **sent: str) -> Send:
    return lambda client, other: client.post(path.format(other), sent)


def api(verb: str, path: str, **sent: Any) -> Send:
    def send(client: Client, other: int) -> HttpResponse:
        answer: HttpResponse = getattr(client, verb)(
            "/api/v1" + path.format(other), sent, content_type="application/json"
        )
        return answer

    return send


WAYS: dict[str, tuple[Action, Send]] = {
    "block": ("block", posts_to("/blocks/{}/")),
    "unblock": ("block", posts_to("/blocks/{}/delete/")),
    "mute": ("mark", posts_to("/mutes/{}/", days="7", sent="1")),
    "unmute": ("mark", posts_to("/mutes/{}/delete/")),
    "close friend": ("mark", posts_to("/close-friends/{}/")),
    "close friend no more": ("mark", posts_to("/close-friends/{}/delete/")),
    "notify": ("mark", posts_to("/follows/{}/settings/", notify="on")),
    "remove": ("remove", posts_to("/followers/{}/remove/")),
    "approve": ("answer", posts_to("/follows/requests/{}/approve/")),
    "decline": ("answer", posts_to("/follows/requests/{}/decline/")),
    "approve all": ("answer", posts_to("/follows/requests/approval/all/")),
    "API block": ("block", api("put", "/blocks/{}/")),
    "API unblock": ("block", api("delete", "/blocks/{}/")),
    "API mute": ("mark", api("put", "/mutes/{}/", days=7)),
    "API unmute": ("mark", api("delete", "/mutes/{}/")),
    "API close friend": ("mark", api("put", "/close-friends/{}/")),
    "API close friend no more": ("mark", api("delete", "/close-friends/{}/")),
    "API notify": ("mark", api("patch", "/follows/{}/settings/", notify=True)),
    "API remove": ("remove", api("delete", "/followers/{}/")),
    "API approve": ("answer", api("put", "/follow-requests/{}/approval/")),
    "API decline": ("answer", api("delete", "/follow-requests/{}/")),
    "API approve all": ("answer", api("put", "/follow-requests/approval/")),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_says_its_pace_and_ends_in_a_refusal(way: str, ana: User, client: Client) -> None:
    action, send = WAYS[way]
    other = a_user("other")
    follows(ana, other)
    burst = LIMITS[action].new_burst.scaled(SHARE).size
    answers = [send(client, other.pk) for _ in range(burst + 1)]
    assert {answer.status_code for answer in answers[:-1]} <= {200, 202, 204, 302, 404}
    refused = answers[-1]
    assert refused.status_code == 429
    assert answers[0]["RateLimit-Policy"].startswith(
        f'"{action}-new-burst";q={burst};w=60, "{action}-new-day";q='
    )
    assert answers[0]["RateLimit"].startswith(f'"{action}-new-burst";r={burst - 1};t=')
    assert refused["RateLimit"].startswith(f'"{action}-new-burst";r=0;t=')
    assert 0 < int(refused["Retry-After"]) <= 60


def test_a_refused_block_blocks_nobody_and_asking_whether_to_block_takes_nothing(
    ana: User, client: Client
) -> None:
    burst = LIMITS["block"].new_burst.scaled(SHARE).size
    people = [a_user(f"p{number}") for number in range(burst + 1)]
    for person in people:
        assert client.get(f"/blocks/{person.pk}/").status_code == 200
    statuses = [client.post(f"/blocks/{person.pk}/").status_code for person in people]
    assert statuses == [302] * burst + [429]
    assert blocked_among(id_of(ana), map(id_of, people)) == {id_of(person) for person in people[:-1]}
