"""The Following feed: what is in it, in which order, and what a page costs."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.services import profile_update
from config.dynamodb import put_item
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, rounds
from config.errors import InvalidCursor
from config.kept import forget
from feed import pulls, repository
from feed.selectors import home_page, new_posts_count
from feed.tables import INBOX
from graph.close_friends import close_friend_add
from graph.mutes import mute_create
from graph.services import follow_delete
from posts.entities import Audience
from posts.reposting import repost_create
from posts.services import like_create, post_delete
from tests.feed.factory import a_person, an_old_post, home_of, id_at, inbox_of, pages_of, posted
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]


def test_a_post_is_at_home_with_its_author_at_once_and_with_followers_after_the_stream(
    settle: Settle,
) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    assert home_of(bob) == [], "from now on there is an inbox"
    first = posted(by=ana)
    settle()
    post = posted(by=ana)
    assert home_of(ana) == [post, first]
    assert home_of(bob) == [first]
    settle()
    assert home_of(bob) == [post, first]
    assert inbox_of(bob) == [post, first]
    assert inbox_of(ana) == []


def test_a_follow_brings_earlier_posts_and_an_unfollow_takes_them_at_once(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    posts = [posted(by=ana) for _ in range(3)]
    follows(bob, ana)
    follows(bob, eve)
    assert home_of(bob) == posts[::-1], "an inbox with nothing in it is not believed"
    settle()
    assert inbox_of(bob) == posts[::-1]
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    assert home_of(bob) == [], "hidden before the stream has seen it"
    settle()
    assert inbox_of(bob) == []


def test_a_long_list_is_backfilled_whole_by_pages(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    posts = [posted(by=ana) for _ in range(110)]
    follows(bob, ana)
    settle()
    assert inbox_of(bob) == posts[::-1]


def test_a_deleted_post_is_gone_at_once_and_leaves_the_inboxes(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    settle()
    kept, dropped = posted(by=ana), posted(by=ana)
    settle()
    assert home_of(bob) == [dropped, kept]
    post_delete(user_id=id_of(ana), post_id=dropped)
    assert home_of(bob) == home_of(ana) == [kept]
    settle()
    assert inbox_of(bob) == [kept]


def test_pages_stay_full_where_many_posts_are_hidden(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    follows(bob, ana)
    follows(bob, eve)
    settle()
    first = [posted(by=ana) for _ in range(6)]
    hidden = [posted(by=eve) for _ in range(30)]
    second = [posted(by=ana) for _ in range(3)]
    settle()
    for post in hidden:
        post_delete(user_id=id_of(eve), post_id=post)
    pages = pages_of(bob, limit=5)
    assert [len(page) for page in pages] == [5, 4]
    assert [post for page in pages for post in page] == [*second[::-1], *first[::-1]]


def test_a_page_has_a_post_once_and_the_next_page_begins_below_it_however_far_was_scanned(
    settle: Settle,
) -> None:
    ana, bob, eve, fan = (a_person(name) for name in ("ana", "bob", "eve", "fan"))
    for author in (ana, bob, eve):
        follows(fan, author)
    settle()
    reposted, last, hidden = posted(by=ana), posted(by=ana), posted(by=eve)
    repost_create(user_id=id_of(bob), post_id=reposted)
    settle()
    post_delete(user_id=id_of(eve), post_id=hidden)
    assert pages_of(fan, limit=2) == [[reposted, last], [reposted]]
    assert pages_of(fan, limit=3) == [[reposted, last]]


def test_an_author_over_the_threshold_is_pulled_and_none_of_their_posts_is_missing(
    settle: Settle, settings: Settings
) -> None:
    settings.PULL_THRESHOLD = 3
    star, ana = a_person("star"), a_person("ana")
    fans = [a_person("fan") for _ in range(3)]
    follows(fans[0], star)
    follows(fans[0], ana)
    settle()
    pushed = posted(by=star)
    settle()
    assert inbox_of(fans[0]) == [pushed]
    for fan in fans[1:]:
        follows(fan, star)
    settle()
    between = posted(by=ana)
    pulled = posted(by=star)
    settle()
    assert inbox_of(fans[0]) == [between, pushed], "no longer pushed"
    assert home_of(fans[0]) == [pulled, between, pushed]
    assert home_of(fans[1]) == [pulled, pushed]
    late = a_person("late")
    follows(late, star)
    settle()
    assert home_of(late) == [pulled, pushed]
    follow_delete(follower_id=id_of(fans[0]), followee_id=id_of(star))
    assert home_of(fans[0]) == [between]
    settle()
    assert home_of(fans[0]) == [between]
    assert repository.pulls_get(id_of(fans[0]))[0].authors == frozenset()


def test_a_reader_of_too_many_pulled_authors_has_some_pushed_again(
    settle: Settle, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PULL_THRESHOLD = 1
    monkeypatch.setattr("feed.pulls.MAX_PULLS", 2)
    reader = a_person("ana")
    stars = [a_person("star") for _ in range(4)]
    for star in stars:
        follows(reader, star)
    settle()
    first = [posted(by=star) for star in stars]
    settle()
    assert home_of(reader) == first[::-1]
    settle()
    assert len(repository.pulls_get(id_of(reader))[0].authors) == 2
    second = [posted(by=star) for star in stars]
    settle()
    assert len(inbox_of(reader)) == 4, "two authors, two posts each"
    assert home_of(reader) == [*second[::-1], *first[::-1]]


def test_below_the_horizon_the_authors_are_read(settle: Settle) -> None:
    ana, bob = a_person("ana", days=60), a_person("bob")
    old = [an_old_post(by=ana, days=days) for days in (50, 40, 30, 20)]
    follows(bob, ana)
    settle()
    new = posted(by=ana)
    settle()
    assert inbox_of(bob) == [new]
    assert home_of(bob, limit=2) == [new, *old[::-1]]


def test_posts_that_are_older_than_their_authors_account_are_there_on_further_pages_too() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    brought = [an_old_post(by=ana, days=days) for days in (20, 30, 40)]
    pages = pages_of(bob, limit=1)
    assert [post for page in pages for post in page] == brought


def test_a_lost_inbox_is_served_from_the_authors(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    follows(bob, ana)
    follows(bob, eve)
    settle()
    posts = [posted(by=by) for by in (ana, eve, ana, ana, eve)]
    settle()
    repository.inbox_delete([id_of(bob)], posts)
    assert home_of(bob, limit=2) == posts[::-1]


def test_an_expired_item_that_dynamodb_has_not_deleted_yet_is_not_read() -> None:
    bob = a_person("bob")
    item = {"reader_id": bob.pk, "post_id": id_at(0), "author_id": bob.pk, "ttl": int(time.time()) - 1}
    put_item(INBOX, item)
    now = int(time.time())
    assert not repository.inbox_below(id_of(bob), before=item["post_id"] + 1, limit=5, now_seconds=now)


def test_what_a_reader_may_not_see_is_not_there(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    settle()
    shown = posted(by=ana, audience=Audience.FOLLOWERS)
    secret = posted(by=ana, audience=Audience.ONLY_ME)
    settle()
    assert home_of(bob) == [shown]
    assert home_of(ana) == [secret, shown]
    profile_update(user_id=id_of(ana), is_private=True)
    assert home_of(bob) == [shown]


def test_a_warm_page_is_two_rounds_and_its_units_are_known(settle: Settle) -> None:
    pulls.author_register(id_of(a_person("star")))  # so that there is a registry to be up to date with
    ana, bob = a_person("ana"), a_person("bob")
    posted(by=bob)
    follows(bob, ana)
    settle()
    for post in [posted(by=ana) for _ in range(25)]:
        like_create(user_id=id_of(bob), post_id=post)
    home_page(id_of(bob))
    settle()
    home_page(id_of(bob))
    # Half a unit each: the inbox, what is kept of the reader, the registry, the own posts; then the reader's twenty likes,
    # which lie side by side.
    forget(kind + f"#{bob.pk}" for kind in ("INBOX", "READER", "AUTHOR", "MARKS"))
    forget(["REGISTRY"])
    with assert_dynamodb_calls(5) as calls, assert_units(read=2.5):
        page = home_page(id_of(bob))
    assert rounds(calls) == 2
    with assert_dynamodb_calls(0):
        assert home_page(id_of(bob)) == page, "who looks again"
    assert len(page.items) == 20
    assert all(card.liked and card.author.id == ana.pk for card in page.items)


def test_the_pill_asks_once_for_news_and_once_who_may_see_them(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    posts = [posted(by=ana) for _ in range(4)]
    settle()
    home_page(id_of(bob))
    with assert_dynamodb_calls(2), assert_units(read=1.5):
        assert new_posts_count(id_of(bob), since=posts[0]) == 3
    with assert_dynamodb_calls(2):
        assert new_posts_count(id_of(bob), since=posts[3]) == 0


def test_the_pill_hears_of_pulled_authors_through_the_cache(settle: Settle, settings: Settings) -> None:
    settings.PULL_THRESHOLD = 1
    star, bob = a_person("star"), a_person("bob")
    follows(bob, star)
    seen = posted(by=star)
    settle()
    assert home_of(bob) == [seen]
    assert new_posts_count(id_of(bob), since=seen) == 0
    posted(by=star)
    settle()
    assert new_posts_count(id_of(bob), since=seen) == 1


def test_the_pill_counts_only_what_home_would_show(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    for author in (ana, eve):
        follows(bob, author)
    settle()
    seen = posted(by=ana)
    posted(by=ana, audience=Audience.CLOSE_FRIENDS)
    posted(by=eve)
    gone = posted(by=ana)
    posted(by=ana)
    settle()
    mute_create(muter_id=id_of(bob), muted_id=id_of(eve))
    post_delete(user_id=id_of(ana), post_id=gone)
    assert len(home_of(bob)) == 2
    assert new_posts_count(id_of(bob), since=seen) == 1
    close_friend_add(owner_id=id_of(ana), member_id=id_of(bob))
    assert new_posts_count(id_of(bob), since=seen) == 2
    mute_create(muter_id=id_of(bob), muted_id=id_of(ana))
    assert new_posts_count(id_of(bob), since=seen) == 0


def test_the_pill_of_pulled_authors_counts_what_home_would_show(settle: Settle, settings: Settings) -> None:
    settings.PULL_THRESHOLD = 1
    star, bob = a_person("star"), a_person("bob")
    follows(bob, star)
    seen = posted(by=star)
    settle()
    posted(by=star, audience=Audience.CLOSE_FRIENDS)
    settle()
    assert home_of(bob) == [seen]
    assert new_posts_count(id_of(bob), since=seen) == 0
    posted(by=star)
    posted(by=star, audience=Audience.CLOSE_FRIENDS)
    settle()
    assert new_posts_count(id_of(bob), since=seen) == 1
    mute_create(muter_id=id_of(bob), muted_id=id_of(star))
    assert new_posts_count(id_of(bob), since=seen) == 0


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        home_page(id_of(a_person()), cursor="bm90aGluZw")
