"""Counts that were really broken are found and put right, quiet posts and hot ones, while people go on."""

import re
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from prometheus_client import REGISTRY

from config.dynamodb import Update, delete_item, update_item
from config.entities import UserId
from config.ids import next_id
from graph.walks import position_delete, position_get, position_put
from posts import reconcile, selectors
from posts.entities import Post
from posts.reconcile import Drift, author_reconcile, post_reconcile
from posts.repository import keys, likes, recounts
from posts.services import like_create
from posts.shelving import post_archive
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_post
from tests.posts.test_spread import a_hot_post, in_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's index does not lag."""
    monkeypatch.setattr(reconcile, "INDEX_LAG_SECONDS", 0.0)


def liked(post: Post, number: int) -> Post:
    for _ in range(number):
        like_create(user_id=UserId(next_id()), post_id=post.id)
    return post


def broken(post: Post, shard: int | None = None, **by: int) -> None:
    """Something else than Roost writes."""
    update_item(POSTS, keys.counts(post.id, shard), Update(add=by))


def said(*arguments: str) -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("reconcile_posts", *arguments, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return out.getvalue(), code


@pytest.mark.parametrize("is_hot", [False, True])
def test_a_broken_count_is_found_told_and_put_right(is_hot: bool) -> None:
    post = liked(a_hot_post() if is_hot else a_post(by=a_user()), 5)
    a_comment(by=a_user("bob"), on=post)
    assert post_reconcile(post_id=post.id, repair=True) == Drift(posts=1)
    broken(post, likes=3, comments=-2)
    if is_hot:
        broken(post, shard=7, likes=-9)
    missing = 6 if is_hot else -3
    assert post_reconcile(post_id=post.id, repair=False) == Drift(likes=missing, comments=2, posts=1)
    assert in_all(post) == 5 - missing, "nothing is repaired unasked"
    assert post_reconcile(post_id=post.id, repair=True).likes == missing
    assert post_reconcile(post_id=post.id, repair=False) == Drift(posts=1)
    found = selectors.post_by_id(post.id)
    assert (found.like_count, found.comment_count) == (5, 1)


def test_lost_counts_are_made_anew() -> None:
    post = liked(a_post(by=a_user()), 4)
    delete_item(POSTS, keys.counts(post.id))
    assert post_reconcile(post_id=post.id, repair=True).likes == 4
    assert selectors.post_by_id(post.id).like_count == 4


def test_a_repair_that_was_overtaken_adds_nothing() -> None:
    for post in (liked(a_post(by=a_user()), 2), liked(a_hot_post(), 2)):
        broken(post, likes=5)
        read = recounts.get_stored(post.id)
        likes.put_like(
            post.id, UserId(next_id()), author_id=post.author_id, shard=3 if len(read) > 1 else None
        )
        assert not recounts.add_missing(post.id, read, {"likes": -5})
        assert in_all(post) == 8
        assert recounts.add_missing(post.id, recounts.get_stored(post.id), {"likes": -5})
        assert in_all(post) == 3


def test_people_who_like_meanwhile_are_neither_lost_nor_counted_twice() -> None:
    post, stop = liked(a_post(by=a_user()), 3), threading.Event()
    broken(post, likes=40)
    people = [UserId(next_id()) for _ in range(4)]

    def go_on() -> None:
        for turn in range(400):
            if stop.wait(0.03):
                return
            person = people[turn % 4]
            if not likes.put_like(post.id, person, author_id=post.author_id):
                likes.delete_like(post.id, person)

    crowd = threading.Thread(target=go_on)
    crowd.start()
    try:
        for _again in range(5):
            post_reconcile(post_id=post.id, repair=True)
    finally:
        stop.set()
        crowd.join()
    post_reconcile(post_id=post.id, repair=True)
    there = 3 + sum(bool(selectors.liked_among(person, [post.id])) for person in people)
    assert selectors.post_counts(post.id).likes == there


def test_what_never_stands_still_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    post = liked(a_post(by=a_user()), 1)
    counted = recounts.count_reposts

    def and_another(post_id: object, **_options: object) -> int:
        likes.put_like(post.id, UserId(next_id()), author_id=post.author_id)
        return counted(post.id)

    monkeypatch.setattr(recounts, "count_reposts", and_another)
    assert post_reconcile(post_id=post.id, repair=True) == Drift(unsettled=1, posts=1)
    assert said("--post", f"{post.id}") == (
        "1 posts: drift found: 0 likes, 0 comments, 0 reposts; 1 never stood still\n",
        2,
    )


def test_the_command_walks_all_authors_tells_how_far_it_is_and_sets_the_metric() -> None:
    position_delete(POSTS)
    ana, bob = a_user(), a_user("bob")
    shown, away = liked(a_post(by=ana), 2), liked(a_post(by=bob), 1)
    post_archive(user_id=id_of(bob), post_id=away.id, archived=True)
    broken(shown, likes=-1)
    broken(away, likes=1)
    assert author_reconcile(author_id=id_of(bob), repair=False) == Drift(likes=1, posts=1)
    text, code = said("--user", ana.username)
    assert (code, text) == (1, "1 posts: drift found: 1 likes, 0 comments, 0 reposts; 0 never stood still\n")
    text, code = said("--repair", "--step", "1")
    assert code == 0
    assert re.findall(r"up to author (\d+)", text) == [f"{ana.pk}", f"{bob.pk}"]
    assert text.endswith("2 posts: drift repaired: 2 likes, 0 comments, 0 reposts; 0 never stood still\n")
    assert REGISTRY.get_sample_value("roost_post_count_drift", {"count": "likes"}) == 2
    assert said("--repair")[0].endswith("0 likes, 0 comments, 0 reposts; 0 never stood still\n")


def test_a_walk_goes_on_where_it_was_broken_off() -> None:
    ana, bob = a_user(), a_user("bob")
    a_post(by=ana)
    a_post(by=bob)
    position_put(POSTS, id_of(ana))
    assert said()[0].startswith(f"1 posts, up to author {bob.pk}")
    assert position_get(POSTS) == 0
    position_put(POSTS, id_of(ana))
    assert said("--restart")[0].startswith(f"2 posts, up to author {bob.pk}")
