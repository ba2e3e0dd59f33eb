"""A photo is for whom its post is for, at every request, whatever address anybody has kept."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import profile_update
from config.edge.opting import REMOVABLE_SECONDS, file_policy
from config.entities import UserId
from graph.blocks import block_create
from graph.close_friends import close_friend_add
from graph.services import follow_create
from posts.entities import Post
from posts.selectors import photo_card
from posts.services import post_delete
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post, with_renditions

pytestmark = pytest.mark.django_db


def addresses_of(post: Post) -> list[str]:
    """Every rendition of every photo, in every format."""
    return [
        file.url
        for photo in post.photos
        for files in photo_card(post.id, photo).files.values()
        for file in files
    ]


def of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def asked(user: User | None, url: str, **headers: str) -> Any:
    """The answer, read to its end: that is when its file is closed."""
    answer = of(user).get(url, headers=headers)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer


def answers(user: User | None, post: Post) -> set[int]:
    return {asked(user, url).status_code for url in addresses_of(post)}


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("everyone", {"ana", "follower", "friend", "stranger", "nobody"}),
        ("followers", {"ana", "follower", "friend"}),
        ("close_friends", {"ana", "friend"}),
        ("only_me", {"ana"}),
    ],
)
def test_each_audience_and_each_rendition(audience: str, seen_by: set[str]) -> None:
    people = {name: a_user() for name in ("ana", "follower", "friend", "stranger", "blocked")}
    ana = UserId(people["ana"].pk)
    for name in ("follower", "friend"):
        follow_create(follower_id=UserId(people[name].pk), followee_id=ana)
    close_friend_add(owner_id=ana, member_id=UserId(people["friend"].pk))
    block_create(blocker_id=ana, blocked_id=UserId(people["blocked"].pk))
    post = with_renditions(a_post(by=people["ana"], photo=a_photo(700, 500), audience=audience))
    assert len(addresses_of(post)) == 6
    for name, user in {**people, "nobody": None}.items():
        assert answers(user, post) == ({200} if name in seen_by else {404}), name


@pytest.mark.django_db(transaction=True)
def test_a_switch_counts_at_the_next_request() -> None:
    ana, bob = a_user(), a_user("bob")
    post = with_renditions(a_post(by=ana, photo=a_photo(60, 40)))
    url = addresses_of(post)[0]
    assert asked(bob, url)["Cache-Control"].startswith("private, max-age=")
    profile_update(user_id=UserId(ana.pk), is_private=True)
    assert asked(bob, url).status_code == 404
    assert asked(ana, url)["Cache-Control"] == "private, no-cache"
    profile_update(user_id=UserId(ana.pk), is_private=False)
    assert asked(None, url).status_code == 200
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    assert {asked(person, url).status_code for person in (ana, bob, None)} == {404}


def test_an_address_that_ran_out_or_was_changed_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    ana = a_user()
    post = with_renditions(a_post(by=ana, photo=a_photo(700, 500)))
    url = addresses_of(post)[0]
    path, _question, _query = url.partition("?")
    for other in (
        path,
        f"{path}?",
        url[:-1] + "x",
        url.replace("until=", "until=f"),
        url.replace("/320.", "/640."),
    ):
        assert asked(ana, other).status_code == 404, other
    name = post.photos[0].renditions[320]
    assert asked(ana, f"/media/{name}").status_code == 404, "no photo has a public name"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 13 * 3600)
    assert asked(None, url).status_code == 404


def test_a_browser_that_has_it_asks_and_is_told_so() -> None:
    ana = a_user()
    post = with_renditions(a_post(by=ana, photo=a_photo(60, 40), audience="only_me"))
    url = addresses_of(post)[0]
    tag = asked(ana, url)["ETag"]
    assert asked(ana, url, **{"If-None-Match": tag}).status_code == 304
    assert asked(None, url, **{"If-None-Match": tag}).status_code == 404


def test_avatars_stay_as_they_are_until_they_are_removed(django_capture_on_commit_callbacks: Any) -> None:
    ana = a_user()
    profile_update(user_id=UserId(ana.pk), avatar=a_photo(60, 60))
    from accounts.selectors import profiles_by_ids

    url = profiles_by_ids([UserId(ana.pk)])[UserId(ana.pk)].avatar_url
    answer = asked(None, url)
    assert (answer.status_code, answer["Cache-Control"]) == (200, file_policy(REMOVABLE_SECONDS))
    again = asked(None, url, **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, answer["Cache-Control"])
    with django_capture_on_commit_callbacks(execute=True):
        profile_update(user_id=UserId(ana.pk), remove_avatar=True)
    assert asked(None, url, **{"If-None-Match": answer["ETag"]}).status_code == 404
