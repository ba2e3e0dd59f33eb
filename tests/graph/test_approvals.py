"""All requests at once: by hand and by going public; resumed wherever it was broken off."""

from collections.abc import Callable

import pytest
from django.test import Client, TestCase

from accounts.models import User
from accounts.services import profile_update
from config.entities import UserId
from graph import approvals, request_repository
from graph.approvals import approval_go_on, approval_of, requests_approve_all
from graph.entities import Counts, Edge, FollowState, Side
from graph.people import requests_page
from graph.selectors import counts, is_following
from graph.services import request_cancel
from tests.accounts.factory import a_user
from tests.feed.delivering import before_request
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db


def asking(owner: User, number: int) -> list[User]:
    people = [a_user(f"fan{position}") for position in range(number)]
    for person in people:
        assert follows(person, owner) is FollowState.REQUESTED
    return people


def turn(owner: User, *, private: bool) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does
        profile_update(user_id=id_of(owner), is_private=private)


def waiting(owner: User) -> int:
    return len(requests_page(id_of(owner), Side.REQUEST_IN).items)


def test_all_are_approved_in_steps(settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "STEP", 2)
    ana = a_user("ana", is_private=True)
    people = asking(ana, 5)
    request_cancel(follower_id=id_of(people[2]), followee_id=id_of(ana))
    requests_approve_all(owner_id=id_of(ana))
    late = a_user("late")
    follows(late, ana)
    settle()
    assert [is_following(id_of(person), id_of(ana)) for person in people] == [True, True, False, True, True]
    assert not is_following(id_of(late), id_of(ana)), (
        "who asks after the button was pressed is not approved by it"
    )
    approval = approval_of(id_of(ana))
    assert approval is not None
    assert (approval.approved, approval.skipped, approval.done) == (4, 0, True)
    assert counts(id_of(ana), consistent=True) == Counts(followers=4)


def test_a_run_that_was_killed_goes_on_from_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "STEP", 2)
    ana = a_user("ana", is_private=True)
    people = asking(ana, 5)
    run = requests_approve_all(owner_id=id_of(ana)).id
    queued: list[tuple[UserId, int]] = []

    def step() -> None:
        approval_go_on(owner_id=id_of(ana), run=run, again=lambda *args: queued.append(args))

    step()
    # Killed after the work and before its place is kept: it is delivered again, and again after the end.
    with monkeypatch.context() as killed:
        killed.setattr(approvals.approval_repository, "approval_step", lambda *_: False)
        step()
    for _delivery in range(4):
        step()
    assert all(is_following(id_of(person), id_of(ana)) for person in people)
    assert waiting(ana) == 0
    assert counts(id_of(ana), consistent=True) == Counts(followers=5)
    assert set(queued) == {(id_of(ana), run)}


def test_going_public_turns_requests_into_follows(settle: Callable[[], None]) -> None:
    ana = a_user("ana", is_private=True)
    people = asking(ana, 3)
    turn(ana, private=False)
    settle()
    assert all(is_following(id_of(person), id_of(ana)) for person in people)
    assert waiting(ana) == 0


def test_a_request_that_was_under_way_is_approved_too(settle: Callable[[], None]) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    request_repository.request_put(Edge(id_of(bob), id_of(ana), 7, bob.username, ana.username))
    settle()
    assert is_following(id_of(bob), id_of(ana))
    assert waiting(ana) == 0


def test_who_turns_private_again_keeps_what_is_left(settle: Callable[[], None]) -> None:
    ana = a_user("ana", is_private=True)
    asking(ana, 2)
    turn(ana, private=False)
    turn(ana, private=True)
    settle()
    assert waiting(ana) == 2


def test_accounts_that_are_gone_are_skipped(settle: Callable[[], None]) -> None:
    ana = a_user("ana", is_private=True)
    (gone, there) = asking(ana, 2)
    gone.is_active = False
    with TestCase.captureOnCommitCallbacks(execute=True):
        gone.save()
    requests_approve_all(owner_id=id_of(ana))
    settle()
    approval = approval_of(id_of(ana))
    assert approval is not None
    assert (approval.approved, approval.skipped, approval.done) == (1, 1, True)
    assert is_following(id_of(there), id_of(ana))


def test_going_private_hides_at_once() -> None:
    ana, fan = a_user("ana"), a_user("fan")
    follows(fan, ana)
    pages = (f"/@{ana.username}/followers/", f"/@{ana.username}/following/")
    assert [Client().get(page).status_code for page in pages] == [200, 200]
    turn(ana, private=True)
    assert [Client().get(page).status_code for page in pages] == [403, 403]
    client = Client()
    client.force_login(fan)
    assert [client.get(page).status_code for page in pages] == [200, 200]


def test_page_and_api_begin_and_tell(settle: Callable[[], None]) -> None:
    ana = a_user("ana", is_private=True)
    asking(ana, 2)
    client = Client()
    client.force_login(ana)
    assert "Approve all" in client.get("/follows/requests/").content.decode()
    assert client.post("/follows/requests/approval/all/")["Location"] == "/follows/requests/"
    assert "0 so far" in client.get("/follows/requests/").content.decode()
    settle()
    assert "2 requests have become follows." in client.get("/follows/requests/approval/").content.decode()
    api = "/api/v1/follow-requests/approval/"
    assert client.get(api).json() == {"approved": 2, "skipped": 0, "done": True}
    started = client.put(api)
    assert (started.status_code, started.json()["done"]) == (202, False)
    assert Client().put(api).status_code == 401


@pytest.mark.parametrize("moment", range(3))
def test_a_page_that_says_that_all_are_approved_shows_none_of_them(moment: int) -> None:
    ana = a_user("ana", is_private=True)
    asking(ana, 1)
    run = requests_approve_all(owner_id=id_of(ana)).id
    client = Client()
    client.force_login(ana)

    def approve() -> None:
        approval_go_on(owner_id=id_of(ana), run=run, again=lambda *_: None)

    with before_request(moment, approve) as seen:
        page = client.get("/follows/requests/").content.decode()
    assert len(seen) > moment, "the page makes fewer requests: there is no such moment"
    assert not ("1 request has become a follow" in page and "Approve all" in page)
