"""Who sees what: viewer, audience and privacy, over every surface. Hidden and missing answer the same."""

from collections.abc import Callable

import pytest
from django.test import Client, TestCase

from accounts.models import User
from accounts.services import profile_update
from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import PostId
from config.ids import next_id
from graph.close_friends import close_friend_add
from posts.entities import Audience, Post
from posts.selectors import post_counts
from posts.thread_selectors import comments_of_post
from posts.visibility import can_view, visible_posts, visible_posts_of_author
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db
VIEWERS = ("anonymous", "stranger", "follower", "friend", "owner")
SEEN_BY = {
    ("everyone", False): VIEWERS,
    ("everyone", True): ("follower", "friend", "owner"),
    ("followers", False): ("follower", "friend", "owner"),
    ("followers", True): ("follower", "friend", "owner"),
    ("close_friends", False): ("friend", "owner"),
    ("close_friends", True): ("friend", "owner"),
    ("only_me", False): ("owner",),
    ("only_me", True): ("owner",),
}
MATRIX = [
    pytest.param(
        viewer,
        audience,
        private,
        viewer in seen_by,
        id=f"{viewer}-{audience}-{'private' if private else 'public'}",
    )
    for (audience, private), seen_by in SEEN_BY.items()
    for viewer in VIEWERS
]


def a_scene(viewer: str, audience: str, *, private: bool) -> tuple[User | None, Post]:
    """Who looks, and a post with one comment; the account turns private after all that is in the caches."""
    owner, follower, friend = a_user("owner"), a_user("follower"), a_user("friend")
    for fan in (follower, friend):
        follows(fan, owner)
    close_friend_add(owner_id=id_of(owner), member_id=id_of(friend))
    post = a_post(by=owner, text="A secret of the pier.", audience=audience)
    a_comment(by=owner, on=post, text="A secret comment.")
    visible_posts(None, [post])
    if private:
        with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does: the cached card goes
            profile_update(user_id=id_of(owner), is_private=True)
    people = {
        "anonymous": None,
        "stranger": a_user("stranger"),
        "follower": follower,
        "friend": friend,
        "owner": owner,
    }
    return people[viewer], post


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


READING: dict[str, Callable[[Client, int, int], object]] = {
    "page": lambda client, post, _author: client.get(f"/p/{post}/"),
    "comments piece": lambda client, post, _author: client.get(f"/p/{post}/", headers={"HX-Request": "true"}),
    "api post": lambda client, post, _author: client.get(f"/api/v1/posts/{post}/"),
    "api comments": lambda client, post, _author: client.get(f"/api/v1/posts/{post}/comments/"),
}


@pytest.mark.parametrize(("viewer", "audience", "private", "seen"), MATRIX)
def test_reading(viewer: str, audience: str, private: bool, seen: bool) -> None:
    user, post = a_scene(viewer, audience, private=private)
    client = client_of(user)
    viewer_id = id_of(user) if user else None
    assert can_view(viewer_id, post) is seen
    assert [found.id for found in visible_posts_of_author(viewer_id, post.author_id).items] == [
        post.id
    ] * seen
    for surface, ask in READING.items():
        answer = ask(client, post.id, post.author_id)
        assert answer.status_code == (200 if seen else 404), surface  # type: ignore[attr-defined]
        assert (b"secret" in answer.content) is seen, surface  # type: ignore[attr-defined]
    listed = client.get(f"/api/v1/users/{post.author_id}/posts/")
    assert listed.status_code == 200
    assert [item["id"] for item in listed.json()["items"]] == [str(post.id)] * seen


@pytest.mark.parametrize(("viewer", "audience", "private", "seen"), MATRIX)
def test_acting(viewer: str, audience: str, private: bool, seen: bool) -> None:
    user, post = a_scene(viewer, audience, private=private)
    client = client_of(user)
    api = f"/api/v1/posts/{post.id}"
    answers = [
        client.put(f"{api}/like/"),
        client.post(f"{api}/comments/", {"text": "Me too."}, content_type="application/json"),
        client.post(f"/p/{post.id}/like/"),
        client.post(f"/p/{post.id}/comments/", {"text": "Me too."}),
        client.get(f"/p/{post.id}/delete/"),
    ]
    if user is None:
        assert [answer.status_code for answer in answers] == [401, 401, 302, 302, 302]
        assert all("/login/" in answer["Location"] for answer in answers[2:])
    elif seen:
        assert [answer.status_code for answer in answers[:4]] == [200, 201, 302, 302]
        assert answers[4].status_code == (200 if viewer == "owner" else 403)
    else:
        assert {answer.status_code for answer in answers} == {404}
    acts = bool(user) and seen
    assert post_counts(post.id).likes == acts
    assert len(comments_of_post(post.id).items) == (3 if acts else 1)


def test_hidden_and_missing_look_the_same() -> None:
    bob, hidden, missing = a_user("bob"), a_post(by=a_user(), audience="only_me"), PostId(next_id())
    client = client_of(bob)
    for address in ("/api/v1/posts/{}/", "/api/v1/posts/{}/comments/"):
        one, other = (client.get(address.format(post_id)) for post_id in (hidden.id, missing))
        assert one.status_code == other.status_code == 404
        assert one.content.replace(b"%d" % hidden.id, b"").replace(_rid(one), b"") == other.content.replace(
            b"%d" % missing, b""
        ).replace(_rid(other), b"")
    for method in (client.put, client.delete):
        assert {method(f"/api/v1/posts/{post_id}/like/").status_code for post_id in (hidden.id, missing)} == {
            404
        }
    for post_id in (hidden.id, missing):
        assert client.delete(f"/api/v1/posts/{post_id}/").status_code == 404
        assert client.post(f"/p/{post_id}/delete/").status_code == 404


def _rid(answer: object) -> bytes:
    return answer["X-Request-ID"].encode()  # type: ignore[index]


def test_a_switched_off_account_is_gone_even_to_followers() -> None:
    owner, fan = a_user("owner"), a_user("fan")
    follows(fan, owner)
    post = a_post(by=owner)
    profile_switch_off(owner)
    assert not can_view(id_of(fan), post)
    assert client_of(fan).get(f"/p/{post.id}/").status_code == 404


def profile_switch_off(user: User) -> None:
    user.is_active = False
    with TestCase.captureOnCommitCallbacks(execute=True):
        user.save()


def test_many_posts_are_judged_in_one_round() -> None:
    viewer = a_user("viewer")
    owners = [a_user(f"owner{n}", is_private=n % 2 == 0) for n in range(6)]
    posts = [
        a_post(by=owner, audience="followers" if n % 3 else "everyone") for n, owner in enumerate(owners)
    ]
    follows(viewer, owners[1])
    visible_posts(id_of(viewer), posts)
    with assert_dynamodb_calls(1):  # one batch asks whom of them the viewer follows
        assert visible_posts(id_of(viewer), posts) == [posts[1], posts[3]]
    with assert_dynamodb_calls(
        0
    ):  # and nothing is asked of whom is known to be followed, or by nobody in particular
        assert visible_posts(id_of(viewer), [posts[1]], followed={id_of(owners[1])}) == [posts[1]]
        assert visible_posts(None, posts) == [posts[3]]


def test_an_authors_page_is_full_though_posts_are_hidden() -> None:
    owner = a_user("owner")
    made = [a_post(by=owner, text=f"{n}", audience="only_me" if n % 3 else "everyone") for n in range(20)]
    shown = [post for post in made[::-1] if post.audience is Audience.EVERYONE]
    first = visible_posts_of_author(None, id_of(owner), limit=4)
    second = visible_posts_of_author(None, id_of(owner), limit=4, cursor=first.next_cursor)
    assert first.items + second.items == shown
    assert len(first.items) == 4
    assert visible_posts_of_author(id_of(owner), id_of(owner), limit=20).items == made[::-1]
