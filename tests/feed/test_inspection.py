"""The feed inspector: what it says of a reader and a post is what home does."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from config.entities import PostId
from feed.inspection import NOT_FOUND, ON_ITS_WAY, Inspection, inspection_of
from graph.mutes import mute_create
from graph.services import follow_delete
from posts.entities import Audience
from posts.services import post_delete
from tests.feed.factory import a_person, an_old_post, home_of, posted
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db


def inspected(reader: User, post_id: PostId) -> Inspection:
    """The inspector's word, which has to be home's."""
    found = inspection_of(reader_id=id_of(reader), post_id=post_id)
    assert found.is_shown is (post_id in home_of(reader))
    return found


@pytest.mark.usefixtures("empty_cache")
def test_each_reason_for_a_post_not_to_be_there(settle: Callable[[], None]) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(ana, bob)
    first = posted(by=bob)
    ways = inspected(ana, first).ways
    assert ways is not None
    assert ways.empty
    settle()
    post = posted(by=bob)
    assert inspected(ana, post).removed_by == ON_ITS_WAY
    settle()
    found = inspected(ana, post)
    assert found.is_shown
    assert found.ways is not None
    assert (found.ways.pushed, found.ways.pulled_by_all, found.ways.marked) == (True, False, False)
    assert inspected(bob, post).ways is not None
    closed = posted(by=bob, audience=Audience.CLOSE_FRIENDS)
    settle()
    assert inspected(ana, closed).removed_by == "not_visible"
    mute_create(muter_id=id_of(ana), muted_id=id_of(bob))
    assert inspected(ana, post).removed_by == "author_muted"
    follow_delete(follower_id=id_of(ana), followee_id=id_of(bob))
    assert inspected(ana, post).removed_by == "author_not_followed"
    post_delete(user_id=id_of(bob), post_id=post)
    assert inspected(bob, post).removed_by == NOT_FOUND
    assert inspected(ana, PostId(7)).removed_by == NOT_FOUND


def test_it_tells_by_which_way_a_post_comes(settle: Callable[[], None], settings: Settings) -> None:
    settings.PULL_THRESHOLD = 1
    ana, bob = a_person("ana"), a_person("bob", days=60)
    old = an_old_post(by=bob, days=50)
    follows(a_person("cara"), bob)
    posted(by=bob)
    settle()  # from now on everybody pulls bob
    follows(ana, bob)
    settle()
    below = inspected(ana, old).ways
    assert below is not None
    assert (below.below_horizon, below.pushed) == (True, False)
    post = posted(by=bob)
    settle()
    pulled = inspected(ana, post).ways
    assert pulled is not None
    assert (pulled.pulled_by_all, pulled.pulled_by_reader) == (True, True)


def test_staff_ask_by_the_address_of_a_post_and_are_told_in_words(settle: Callable[[], None]) -> None:
    boss = User.objects.create_superuser("the.boss.of.why", "boss.of.why@example.org", None)
    desk, ana, bob = Client(), a_person("ana"), a_person("bob")
    desk.force_login(boss)
    assert f"/admin/feed/reader/{ana.pk}/why/" in desk.get(f"/admin/feed/reader/?q={ana.pk}").content.decode()
    assert str(ana.pk) in desk.get("/admin/feed/author/", {"q": f"@{ana.username.upper()}"}).content.decode()
    follows(ana, bob)
    post = posted(by=bob)
    settle()
    page = desk.get(f"/admin/feed/reader/{ana.pk}/why/", {"post": f"https://roost.example/p/{post}/"})
    assert "It is shown at home." in page.content.decode()
    assert "USD" in page.content.decode()
    follow_delete(follower_id=id_of(ana), followee_id=id_of(bob))
    page = desk.get(f"/admin/feed/reader/{ana.pk}/why/", {"post": str(post)})
    assert "does not follow the author" in page.content.decode()
    page = desk.get(f"/admin/feed/reader/{ana.pk}/why/", {"post": "what"})
    assert "neither an id nor the address" in page.content.decode()


def test_it_is_for_staff_who_may() -> None:
    desk, reader = Client(), a_person("reader")
    desk.force_login(
        User.objects.create_user("a.clerk.of.why", "clerk.of.why@example.org", None, is_staff=True)
    )
    assert desk.get(f"/admin/feed/reader/{reader.pk}/why/", {"post": "7"}).status_code == 403
