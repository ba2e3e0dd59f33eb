"""Lists by handle, search in them, who is known, removing a follower, and what one chooses for a follow."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors import profile_by_id
from graph import known, removals
from graph.blocks import block_create
from graph.by_handle import edges_by_handle
from graph.entities import Counts, Side
from graph.errors import ListHidden, UndoTooLate
from graph.known import known_followers
from graph.selectors import counts, is_following
from graph.services import follow_delete
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.graph.test_pages import HTMX, people_on, signed_in

pytestmark = pytest.mark.django_db


def a_crowd(owner: User) -> list[User]:
    """Who follows the owner and is followed back, in the order of handles."""
    people = [a_user(name) for name in ("cem", "ana", "anton", "bob", "dora")]
    for person in people:
        follows(person, owner)
        follows(owner, person)
    return sorted(people, key=lambda person: person.username)


@pytest.mark.parametrize("side", [Side.FOLLOWER, Side.FOLLOWING])
def test_lists_by_handle_are_paged_and_searched(side: Side) -> None:
    owner = a_user("owner")
    people = a_crowd(owner)
    first = edges_by_handle(side, id_of(owner), limit=2)
    second = edges_by_handle(side, id_of(owner), limit=3, cursor=first.next_cursor)
    found = [edge.followee_id if side.is_out else edge.follower_id for edge in first.items + second.items]
    assert found == [id_of(person) for person in people]
    assert second.next_cursor is None
    assert len(edges_by_handle(side, id_of(owner), prefix="an").items) == 2
    assert edges_by_handle(side, id_of(owner), prefix="zz").items == []


def test_who_is_left_goes_from_the_cached_order_at_once() -> None:
    owner = a_user("owner")
    people = a_crowd(owner)
    assert len(edges_by_handle(Side.FOLLOWING, id_of(owner)).items) == 5
    follow_delete(follower_id=id_of(owner), followee_id=id_of(people[0]))
    assert len(edges_by_handle(Side.FOLLOWING, id_of(owner)).items) == 4


def test_pages_and_api_search_and_order() -> None:
    owner = a_user("owner")
    people = [person.username for person in a_crowd(owner)]
    client = signed_in(a_user("viewer"))
    for which in ("followers", "following"):
        page = f"/@{owner.username}/{which}/"
        assert people_on(client.get(page, {"order": "handle"}).content.decode()) == people
        assert people_on(client.get(page, {"q": "@AN"}).content.decode()) == people[:2]
        assert "Nobody found" in client.get(page, {"q": "zz"}).content.decode()
        api = f"/api/v1/users/{owner.pk}/{which}/"
        assert [row["handle"] for row in client.get(api, {"order": "handle"}).json()["items"]] == people
        assert [row["handle"] for row in client.get(api, {"q": "an"}).json()["items"]] == people[:2]
        assert client.get(api, {"order": "size"}).status_code == 422


def test_known_are_whom_i_follow_and_who_follow_them(monkeypatch: pytest.MonkeyPatch) -> None:
    viewer, owner, friend, other, gone = (a_user(n) for n in ("viewer", "owner", "friend", "other", "gone"))
    for person in (friend, other, gone):
        follows(viewer, person)
    for person in (friend, gone):
        follows(person, owner)
    block_create(blocker_id=id_of(gone), blocked_id=id_of(viewer))
    found = known_followers(id_of(viewer), profile_by_id(id_of(owner)))
    assert ([person.profile.id for person in found.people], found.complete) == ([id_of(friend)], True)
    client = signed_in(viewer)
    assert "Followed by 1 person you follow." in client.get(f"/@{owner.username}/known/").content.decode()
    api = client.get(f"/api/v1/users/{owner.pk}/known-followers/").json()
    assert ([row["handle"] for row in api["items"]], api["complete"]) == ([friend.username], True)
    monkeypatch.setattr(known, "LOOKED_AT", 1)
    assert "None of those you followed last" in client.get(f"/@{owner.username}/known/").content.decode()


def test_who_is_known_to_a_private_account_is_for_its_followers() -> None:
    viewer, owner = a_user("viewer"), a_user("owner", is_private=True)
    with pytest.raises(ListHidden):
        known_followers(id_of(viewer), profile_by_id(id_of(owner)))
    client = signed_in(viewer)
    assert client.get(f"/@{owner.username}/known/").status_code == 403
    assert client.get(f"/api/v1/users/{owner.pk}/known-followers/").status_code == 403
    assert Client().get(f"/@{owner.username}/known/").status_code == 302


def test_a_follower_is_removed_and_brought_back() -> None:
    owner, fan = a_user("owner", is_private=False), a_user("fan")
    follows(fan, owner)
    client = signed_in(owner)
    assert "Remove" in client.get(f"/@{owner.username}/followers/").content.decode()
    row = client.post(f"/followers/{fan.pk}/remove/", headers=HTMX)
    assert not is_following(id_of(fan), id_of(owner))
    undo = row.context["undo"]
    assert client.post(f"/followers/{fan.pk}/restore/", {"undo": undo}, headers=HTMX).status_code == 200
    assert is_following(id_of(fan), id_of(owner))
    assert counts(id_of(owner), consistent=True) == Counts(followers=1)
    page = client.post(f"/followers/{fan.pk}/remove/").content.decode()
    assert "Undo" in page
    assert "</html>" in page
    assert client.post(f"/followers/{fan.pk}/remove/")["Location"] == f"/@{owner.username}/followers/"


def test_only_what_one_has_removed_oneself_comes_back() -> None:
    owner, fan, other = a_user("owner"), a_user("fan"), a_user("other")
    follows(fan, owner)
    undo = removals.follower_remove(followee_id=id_of(owner), follower_id=id_of(fan))
    assert undo is not None
    for followee, follower, token in ((other, fan, undo), (owner, other, undo), (owner, fan, undo + "x")):
        with pytest.raises(UndoTooLate):
            removals.follower_restore(followee_id=id_of(followee), follower_id=id_of(follower), undo=token)
    assert counts(id_of(owner), consistent=True) == Counts()


def test_the_api_removes_a_follower_and_keeps_choices() -> None:
    owner, fan = a_user("owner"), a_user("fan")
    follows(fan, owner)
    api = f"/api/v1/follows/{owner.pk}/settings/"
    client = signed_in(fan)
    assert client.get(api).json() == {"notify": False, "kind": "follow"}
    changed = client.patch(api, {"notify": True, "kind": "friend"}, content_type="application/json")
    assert changed.json() == {"notify": True, "kind": "friend"}
    assert signed_in(owner).delete(f"/api/v1/followers/{fan.pk}/").status_code == 204
    assert signed_in(owner).delete(f"/api/v1/followers/{fan.pk}/").status_code == 204
    assert client.get(api).status_code == 404


def test_the_menu_changes_a_follow() -> None:
    owner, fan = a_user("owner"), a_user("fan")
    follows(fan, owner)
    client, page = signed_in(fan), f"/@{owner.username}/"
    assert "Notify me of posts" in client.get(page).content.decode()
    for field, value in (("notify", "on"), ("kind", "friend")):
        client.post(f"/follows/{owner.pk}/settings/", {field: value, "next": page})
    html = client.get(page).content.decode()
    assert "Turn notifications off" in html
    assert "No longer a friend" in html
    assert client.post(f"/follows/{owner.pk}/settings/", {"kind": "enemy"}).status_code == 422
    assert "Remove from your followers" in signed_in(owner).get(f"/@{fan.username}/").content.decode()
