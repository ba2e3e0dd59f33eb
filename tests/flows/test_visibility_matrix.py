"""Who sees what of whom: every kind of viewer, every state of an account, every surface of pages and API.

What is hidden answers as what never was: the same status, and the same body but for ids.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import Client, TestCase

from accounts.models import User
from accounts.services import profile_update
from config.entities import UserId
from config.ids import next_id
from graph.blocks import block_create
from graph.entities import FollowState
from graph.mutes import mute_create
from graph.services import follow_delete, request_approve
from posts.tags import tags_enter
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db

NOBODY = ("anonymous", "suspended")  # a suspended viewer's session is over
HIDDEN = ("blocked", "blocker")
INSIDE = ("follower", "muted", "muter", "owner")
VIEWERS = (*NOBODY, "stranger", "requester", "former follower", *HIDDEN, *INSIDE)
STATES = ("public", "private", "suspended")


@dataclass(frozen=True)
class Surface:
    """`of`: what it shows: the account itself, its lists, or a post of its. `closed`: only for who is signed in."""

    path: str
    of: str
    closed: bool = False
    method: str = "get"
    body: Any = None
    done: int = 200

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def asked(self, client: Client, **names: object) -> Any:
        options = {"content_type": "application/json"} if self.is_api and self.body else {}
        ask = getattr(client, self.method)
        return (
            ask(self.path.format(**names), self.body, **options)
            if self.body
            else ask(self.path.format(**names))
        )


SURFACES = (
    Surface("/@{handle}/", "account"),
    Surface("/@{handle}/?tab=photos", "account"),
    Surface("/@{handle}/followers/", "lists"),
    Surface("/@{handle}/followers/?order=handle", "lists"),
    Surface("/@{handle}/following/", "lists"),
    Surface("/@{handle}/following/?q=a", "lists"),
    Surface("/@{handle}/known/", "lists", closed=True),
    Surface("/follows/{id}/counts/", "account"),
    Surface("/api/v1/profiles/{handle}/", "account"),
    Surface("/api/v1/follows/{id}/", "account", closed=True),
    Surface("/api/v1/users/{id}/counts/", "account", closed=True),
    Surface("/api/v1/users/{id}/followers/", "lists", closed=True),
    Surface("/api/v1/users/{id}/following/?order=handle", "lists", closed=True),
    Surface("/api/v1/users/{id}/known-followers/", "lists", closed=True),
    Surface("/p/{post}/", "post"),
    Surface("/api/v1/posts/{post}/", "post"),
    Surface("/api/v1/posts/{post}/comments/", "post"),
    Surface("/p/{post}/likes/", "post"),
    Surface("/api/v1/posts/{post}/likes/", "post"),
)
ACTIONS = (
    Surface("/api/v1/posts/{post}/like/", "post", closed=True, method="put"),
    Surface(
        "/api/v1/posts/{post}/comments/", "post", closed=True, method="post", body={"text": "Hi."}, done=201
    ),
    Surface("/p/{post}/like/", "post", closed=True, method="post", done=302),
    Surface("/p/{post}/comments/", "post", closed=True, method="post", body={"text": "Hi."}, done=302),
)
ALSO_ALIKE = (
    Surface("/api/v1/users/{id}/posts/", "empty"),
    Surface("/api/v1/follows/{id}/", "empty", closed=True, method="put"),
    Surface("/api/v1/follows/{id}/", "empty", closed=True, method="delete"),
    Surface("/api/v1/mutes/{id}/", "empty", closed=True, method="put"),
    Surface("/api/v1/close-friends/{id}/", "empty", closed=True, method="put"),
    Surface("/api/v1/follows/{id}/settings/", "empty", closed=True),
    Surface("/follows/{id}/", "empty", closed=True, method="post"),
    Surface("/mutes/{id}/", "empty", closed=True),
    Surface("/blocks/{id}/", "empty", closed=True),
    Surface("/close-friends/{id}/", "empty", closed=True, method="post"),
    Surface("/suggestions/{id}/dismiss/", "empty", closed=True, method="post"),
    Surface("/api/v1/suggestions/{id}/", "empty", closed=True, method="delete"),
    Surface("/api/v1/suggestions/{id}/", "empty", closed=True, method="put"),
)
SUGGESTED_TO = ("stranger", "former follower")


WHAT_HAPPENED: dict[str, Callable[[UserId, UserId], object]] = {
    "former follower": lambda viewer, owner: follow_delete(follower_id=viewer, followee_id=owner),
    "muted": lambda viewer, owner: mute_create(muter_id=owner, muted_id=viewer),
    "muter": lambda viewer, owner: mute_create(muter_id=viewer, muted_id=owner),
    "blocked": lambda viewer, owner: block_create(blocker_id=owner, blocked_id=viewer),
    "blocker": lambda viewer, owner: block_create(blocker_id=viewer, blocked_id=owner),
}


@dataclass(frozen=True)
class Scene:
    client: Client
    owner: User
    fan: User
    names: dict[str, object]


def a_scene(viewer: str, state: str) -> Scene:
    """The account turns private or away after all that has happened, with everything in the caches."""
    owner, fan = a_user("owner", is_private=state == "private"), a_user("fan")
    person = owner if viewer == "owner" else a_user("viewer")
    for other in (fan, owner):
        a_user_follows(fan if other is owner else owner, other)
    post = a_post(by=owner, text=f"A secret of the #pier{owner.pk}.")
    tags_enter(post_id=post.id)
    a_comment(by=owner, on=post, text="A secret comment.")
    if viewer == "requester":
        follows(person, owner)  # of a public account this is a follow
    elif viewer not in {"stranger", "owner", *NOBODY}:
        a_user_follows(person, owner)
    if viewer in WHAT_HAPPENED:
        WHAT_HAPPENED[viewer](id_of(person), id_of(owner))
    client = Client()
    if viewer != "anonymous":
        client.force_login(person)
    for user, gone in ((owner, state == "suspended"), (person, viewer == "suspended")):
        if gone:
            user.is_active = False
            with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does
                user.save()
    return Scene(client, owner, fan, {"handle": owner.username, "id": owner.pk, "post": post.id})


def a_user_follows(follower: User, followee: User) -> None:
    if follows(follower, followee) is FollowState.REQUESTED:
        request_approve(follower_id=id_of(follower), followee_id=id_of(followee))


def expected(viewer: str, state: str, surface: Surface) -> int:
    is_nobody = viewer in NOBODY or (viewer == "owner" and state == "suspended")
    if surface.closed and is_nobody:
        return 401 if surface.is_api else 302
    if state == "suspended" or viewer in HIDDEN:
        return 404
    if state == "public" or viewer in INSIDE or surface.of == "account":
        return surface.done
    return 403 if surface.of == "lists" else 404


@pytest.mark.parametrize(("viewer", "state"), list(product(VIEWERS, STATES)))
def test_matrix(viewer: str, state: str) -> None:
    scene = a_scene(viewer, state)
    wrong = []
    for surface in (*SURFACES, *ACTIONS):
        answer = surface.asked(scene.client, **scene.names)
        wanted = expected(viewer, state, surface)
        if answer.status_code != wanted:
            wrong.append((surface.method, surface.path, answer.status_code, wanted))
        if wanted not in {200, 201} and b"secret" in answer.content:
            wrong.append((surface.method, surface.path, "tells"))
    assert wrong == []
    listed = scene.client.get(f"/api/v1/users/{scene.owner.pk}/posts/").json()["items"]
    assert bool(listed) is (expected(viewer, state, SURFACES[-2]) == 200)
    tag = f"pier{scene.owner.pk}"
    tagged = scene.client.get(f"/api/v1/tags/{tag}/posts/").json()["items"]
    told = b"secret" in scene.client.get(f"/tags/{tag}/").content
    assert (bool(tagged), told) == (bool(listed), bool(listed))


@pytest.mark.parametrize(("viewer", "state"), list(product(VIEWERS, STATES)))
def test_who_is_suggested_by_way_of_a_fan(viewer: str, state: str) -> None:
    scene = a_scene(viewer, state)
    shown = set()
    for path in ("/api/v1/suggestions/", "/suggestions/", "/home/suggestions/"):
        scene.client.post(f"/follows/{scene.fan.pk}/")
        # Whose session is over, is asked to sign in or sees nothing of it.
        page = scene.client.get(path).content.replace(b'data-viewer="%d"' % scene.owner.pk, b"")
        shown.add(b"%d" % scene.owner.pk in page)
    assert shown == {viewer in SUGGESTED_TO and state != "suspended"}


def plain(answer: Any, names: dict[str, object]) -> tuple[int, str]:
    """Status and body without what differs between any two requests."""
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": ?"[^"]+"', "TOKEN", text)
    text = re.sub(r'nonce="[^"]*"', "NONCE", text).replace(answer["X-Request-ID"], "REQUEST")
    for name, value in names.items():
        text = text.replace(str(value), name.upper())
    return answer.status_code, text


def missing() -> dict[str, object]:
    return {"handle": f"no_{next_id() % 10**9}", "id": next_id(), "post": next_id()}


def pairs(scene: Scene) -> Iterator[tuple[str, tuple[int, str], tuple[int, str]]]:
    for surface in (*SURFACES, *ACTIONS, *ALSO_ALIKE):
        never = missing()
        hidden = plain(surface.asked(scene.client, **scene.names), scene.names)
        yield f"{surface.method} {surface.path}", hidden, plain(surface.asked(scene.client, **never), never)


@pytest.mark.parametrize(
    ("viewer", "state"), [*product(HIDDEN, ("public", "private")), ("stranger", "suspended")]
)
def test_hidden_and_missing_look_the_same(viewer: str, state: str) -> None:
    different = {
        name: (hidden, never) for name, hidden, never in pairs(a_scene(viewer, state)) if hidden != never
    }
    assert different == {}


def test_going_private_hides_from_who_saw_it_a_moment_ago() -> None:
    scene = a_scene("stranger", "public")
    assert scene.client.get(f"/p/{scene.names['post']}/").status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        profile_update(user_id=id_of(scene.owner), is_private=True)
    for surface in SURFACES:
        assert surface.asked(scene.client, **scene.names).status_code == expected(
            "stranger", "private", surface
        )
