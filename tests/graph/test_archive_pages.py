"""Coming back: seen by day, edges back before the page, lists that are being fetched, the command and the daily sweep."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.entities import ArchiveState
from accounts.models import User
from accounts.services import account_switch, token_create
from config import cache
from config.entities import PostId
from config.metrics import ARCHIVED
from feed import fan_out
from feed.fan_out import Lanes
from feed.fan_out_readers import FOLLOWERS
from feed.tasks import fan_out_page
from graph import archive_return, archive_sweep
from graph.archive import archive_begin, archive_step, dormant_accounts, dormant_before
from graph.archive_repository import archive_get, segments_of
from graph.entities import Counts
from graph.selectors import counts
from graph.tasks import archive_dormant
from tests.accounts.factory import a_user
from tests.graph.archiving import archived, halves_of
from tests.graph.factory import followers_of, follows, id_of

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.now().date()


@pytest.fixture(autouse=True)
def no_grace(settings: Any, empty_cache: None) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0


def last_seen(user: User, *, days_ago: int) -> None:
    User.objects.filter(pk=user.pk).update(last_seen_on=TODAY - timedelta(days=days_ago))


def seen_on(user: User) -> Any:
    return User.objects.get(pk=user.pk).last_seen_on


def a_browser(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def an_api_client(user: User) -> Client:
    _token, text = token_create(user_id=id_of(user))
    return Client(headers={"authorization": f"Token {text}"})


@pytest.mark.parametrize("enter", [a_browser, an_api_client])
def test_a_day_is_noted_once(enter: Callable[[User], Client]) -> None:
    ana = a_user("ana")
    visitor = enter(ana)
    last_seen(ana, days_ago=3)
    assert visitor.get("/api/v1/me/").status_code == 200
    assert seen_on(ana) == TODAY
    with CaptureQueriesContext(connection) as queries:
        visitor.get("/api/v1/me/")
    assert queries.captured_queries
    assert not [query for query in queries.captured_queries if query["sql"].startswith("UPDATE")]


def test_nobody_is_seen_by_being_looked_at() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    last_seen(ana, days_ago=3)
    a_browser(bob).get(f"/@{ana.username}/")
    Client().get(f"/@{ana.username}/")
    assert seen_on(ana) == TODAY - timedelta(days=3)


@pytest.mark.parametrize("enter", [a_browser, an_api_client])
def test_edges_are_back_before_the_first_answer(enter: Callable[[User], Client]) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    follows(bob, ana)
    visitor = enter(ana)
    archived(ana)
    found = visitor.get(f"/api/v1/users/{ana.pk}/following/").json()
    assert [row["handle"] for row in found["items"]] == [bob.username]
    assert len(halves_of(ana)) == 2
    assert archive_get(id_of(ana)) is None


def test_a_large_return_is_ended_by_a_worker(
    settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_return, "INLINE", 2)
    ana = a_user("ana")
    fans = followers_of(ana, 5)
    archived(ana)
    settle()
    assert a_browser(ana).get("/").status_code == 200
    assert len(halves_of(ana)) == 2
    known = archive_get(id_of(ana))
    assert known is not None
    assert (known.state, known.back) == (ArchiveState.RETURNING, 2)
    settle()
    assert len(halves_of(ana)) == len(fans)
    assert User.objects.get(pk=ana.pk).archive_state == ArchiveState.HERE


def test_opening_a_list_fetches_it_and_says_so_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_return, "INLINE", 2)
    ana, viewer = a_user("ana"), a_user("viewer")
    fans = followers_of(ana, 5)
    archived(ana)
    anybody, browser, program = Client(), a_browser(viewer), an_api_client(viewer)
    address = f"/@{ana.username}/followers/"
    page = anybody.get(address).content.decode()
    assert "in the archive" in page
    assert "/login/" in page
    assert halves_of(ana) == {}, "nobody has signed in for it"
    page = browser.get(address).content.decode()
    assert "being fetched from the archive: 2 of 5" in " ".join(page.split())
    assert f'hx-get="/@{ana.username}/fetching/"' in page
    assert fans[0].username not in page, "half a list is none"
    assert "5</strong> followers" in page
    answer = program.get(f"/api/v1/users/{ana.pk}/followers/")
    assert (answer.status_code, answer["Retry-After"]) == (202, "2")
    assert answer.json() == {"items": [], "next": None, "fetching": {"back": 2, "rows": 5}}
    piece = browser.get(f"/@{ana.username}/fetching/", headers={"hx-request": "true"})
    assert "HX-Refresh" not in piece
    assert "being fetched" in piece.content.decode()
    for _ in range(2):
        cache.delete(archive_return.CLAIM_KIND, ana.pk)
        piece = browser.get(f"/@{ana.username}/fetching/", headers={"hx-request": "true"})
    assert piece["HX-Refresh"] == "true"
    page = browser.get(address).content.decode()
    assert "archive" not in page
    assert all(fan.username in page for fan in fans)
    assert program.get(f"/api/v1/users/{ana.pk}/followers/").status_code == 200


def test_a_private_list_is_fetched_by_nobody_who_may_not_see_it() -> None:
    ana, viewer = a_user("ana", is_private=True), a_user("viewer")
    archived(ana)
    assert a_browser(viewer).get(f"/@{ana.username}/followers/").status_code == 403
    assert archive_get(id_of(ana)) is not None


def test_a_list_with_a_lost_part_says_so_and_the_site_goes_on() -> None:
    ana, viewer = a_user("ana"), a_user("viewer")
    fans = followers_of(ana, 4)
    archived(ana, segment_rows=2)
    archive = archive_get(id_of(ana))
    assert archive is not None
    lost = segments_of(archive)[0].name
    storages["archive"].delete(lost)
    browser = a_browser(viewer)
    page = browser.get(f"/@{ana.username}/followers/").content.decode()
    assert "can't be fetched from the archive" in page
    assert sum(fan.username in page for fan in fans) == 2
    answer = an_api_client(viewer).get(f"/api/v1/users/{ana.pk}/followers/")
    assert (answer.status_code, answer.json()["code"]) == (503, "list_incomplete")
    assert a_browser(ana).get("/").status_code == 200
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("archive_edges", user=ana.username, back=True, stdout=StringIO(), stderr=err)
    assert lost in err.getvalue()


def test_a_post_waits_for_followers_who_are_still_being_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_return, "INLINE", 1)
    ana = a_user("ana")
    followers_of(ana, 3)
    archived(ana)
    queued: list[Any] = []
    lanes = Lanes(
        page=lambda *page: queued.append(("more", *page)),
        rest=pytest.fail,
        later=lambda *page: queued.append(("later", *page)),
    )

    def deliver() -> None:
        fan_out.fan_out_page(post_id=PostId(2**62), author_id=id_of(ana), position=FOLLOWERS, lanes=lanes)

    deliver()
    assert [place for place, *_ in queued] == ["later"]
    while not archive_return.return_some(user_id=id_of(ana)):
        pass
    deliver()
    assert [place for place, *_ in queued] == ["later"]
    assert fan_out_page.name == "feed.fan_out_page"


def test_the_dormant_are_found_and_nobody_else() -> None:
    people = [a_user(f"p{number}") for number in range(6)]
    dormant, recent, suspended, fetched, fetched_long_ago, begun = people
    for user in people:
        last_seen(user, days_ago=400)
    last_seen(recent, days_ago=300)
    account_switch(user_id=id_of(suspended), is_active=False)
    User.objects.filter(pk=fetched.pk).update(edges_returned_on=TODAY - timedelta(days=10))
    User.objects.filter(pk=fetched_long_ago.pk).update(edges_returned_on=TODAY - timedelta(days=31))
    assert archive_begin(user_id=id_of(begun))
    found = dormant_accounts(seen_before=dormant_before(), after=id_of(people[0]) - 1)
    assert found == [id_of(user) for user in (dormant, fetched_long_ago, begun)]
    assert not archive_begin(user_id=id_of(recent), seen_before=dormant_before())
    assert not archive_begin(user_id=id_of(suspended))
    assert archive_get(id_of(recent)) is None


def test_nothing_moves_before_all_processes_can_know(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 60
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    assert archive_begin(user_id=id_of(ana))
    step = archive_step(user_id=id_of(ana))
    assert not step.done
    assert 50 < step.wait_seconds <= 60
    assert len(halves_of(ana)) == 1
    a_browser(ana).get("/")
    assert archive_step(user_id=id_of(ana)).done
    assert archive_get(id_of(ana)) is None


def test_the_command_archives_all_that_are_dormant_and_brings_one_back() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    follows(bob, ana)
    last_seen(ana, days_ago=40)
    out = StringIO()
    call_command("archive_edges", dormant_days=30, dry_run=True, stdout=out)
    assert f"@{ana.username}: would be archived" in out.getvalue()
    assert bob.username not in out.getvalue()
    assert archive_get(id_of(ana)) is None
    call_command("archive_edges", dormant_days=30, stdout=out)
    assert re.search(rf"@{ana.username}: 1 edges have gone\n@{ana.username}: a file more", out.getvalue())
    assert halves_of(ana) == {}
    assert len(halves_of(bob)) == 2
    call_command("archive_edges", user=ana.username, back=True, stdout=out)
    assert "all edges are back" in out.getvalue()
    assert len(halves_of(ana)) == 2
    call_command("archive_edges", dormant_days=30, stdout=out)
    assert len(halves_of(ana)) == 2, "what was fetched just now rests"


def test_the_daily_sweep_archives_and_ends_returns_that_were_broken_off(settle: Callable[[], None]) -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    for follower, followee in ((ana, bob), (bob, ana), (eve, bob)):
        follows(follower, followee)
    archived(eve)
    User.objects.filter(pk=eve.pk).update(archive_state=ArchiveState.RETURNING)
    last_seen(ana, days_ago=400)
    before = counts(id_of(ana)), counts(id_of(bob))
    queued: list[Any] = []
    sweeps: list[Any] = [0]
    for after in sweeps:
        archive_sweep.dormant_sweep(
            after=after,
            again=sweeps.append,
            step=lambda user_id, _wait: queued.append(user_id),
            back=lambda user_id: archive_sweep.return_go_on(user_id=user_id, again=queued.append),
            measure=lambda: queued.append(None),
        )
    assert queued.pop() is None
    for user_id in queued:
        archive_sweep.archive_go_on(user_id=user_id, again=lambda again, _wait: queued.append(again))
    assert halves_of(ana) == {}
    assert len(halves_of(eve)) == 1
    assert (counts(id_of(ana)), counts(id_of(bob))) == before == (Counts(1, 1), Counts(2, 1))
    waiting: list[Any] = [(0, [0, 0, 0])]
    for after, so_far in waiting:
        archive_sweep.archive_measure(
            after=after, so_far=so_far, again=lambda *queued: waiting.append(queued)
        )
    assert [ARCHIVED.labels(what)._value.get() for what in ("accounts", "rows")] == [1, 2]
    assert ARCHIVED.labels("bytes")._value.get() > 500
    assert archive_dormant.name == "graph.archive_dormant"
