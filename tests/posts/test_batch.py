"""Many posts by their ids."""

import pytest
from django.test import Client

from config.dynamodb.metering import assert_dynamodb_calls
from config.ids import next_id
from tests.accounts.factory import a_user
from tests.posts.factory import a_post
from tests.posts.shelving import api_of, delete

pytestmark = pytest.mark.django_db


def asked(client: Client, *ids: int) -> list[str]:
    answer = client.get("/api/v1/posts/", {"ids": list(ids)})
    assert answer.status_code == 200
    return [item["id"] for item in answer.json()]


def test_those_that_may_be_seen_in_the_order_asked_for() -> None:
    ana = a_user()
    first, second, gone = a_post(by=ana), a_post(by=ana), a_post(by=ana)
    own = a_post(by=ana, audience="only_me")
    delete(gone)
    ids = [second.id, gone.id, own.id, next_id(), first.id, second.id]
    assert asked(Client(), *ids) == [str(second.id), str(first.id)]
    assert asked(api_of(ana), *ids) == [str(second.id), str(own.id), str(first.id)]


def test_many_cost_what_one_costs() -> None:
    posts = [a_post(by=a_user(f"ana{n}")) for n in range(5)]
    asked(Client(), *(post.id for post in posts))
    with assert_dynamodb_calls(0):  # nobody in particular asks, and all is in the cache
        assert len(asked(Client(), *(post.id for post in posts))) == 5


@pytest.mark.parametrize("query", ["", "ids=", "ids=x", "ids=-1", "&".join(f"ids={n}" for n in range(1, 52))])
def test_what_is_no_list_of_ids_is_refused(query: str) -> None:
    answer = Client().get(f"/api/v1/posts/?{query}")
    assert answer.status_code == 422
    assert {name.partition(".")[0] for name in answer.json()["errors"]} == {"ids"}
