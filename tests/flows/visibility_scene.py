"""One author with a post of every kind, and everybody who may look at them: the scene of `test_posts_visibility`.

What each post is now it was not always: they were delivered, entered under their tag, pinned and looked at while more
of them were for everyone. What is said here of who sees what is the truth that all surfaces are held against.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.test import Client, TestCase

from accounts.models import User
from accounts.services import profile_update
from config.entities import PostId
from feed.selectors import home_page
from graph.blocks import block_create
from graph.close_friends import close_friend_add
from graph.mutes import mute_create
from graph.services import follow_delete
from posts import cache
from posts.editing import post_edit
from posts.entities import Post
from posts.moderation.repository import put_ruling
from posts.moderation.subjects import post_subject
from posts.previews.entities import Preview
from posts.previews.repository import put_preview
from posts.reposting import repost_create
from posts.saves.services import post_save
from posts.selectors import photo_card, post_by_id
from posts.services import like_create, post_create, post_delete
from posts.shelving import post_archive, post_pin
from posts.standing import Moderation, Standing
from posts.thread_selectors import comments_of_post
from posts.threads import comment_create
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_photo, bury_body

FIRST_AUDIENCE = {
    "everyone": "only_me",
    "followers": "everyone",
    "closefriends": "close_friends",
    "onlyme": "only_me",
    "archived": "everyone",
    "deleted": "everyone",
    "held": "everyone",
}
"""What each kind of post was before it became what its name says."""
KINDS = tuple(FIRST_AUDIENCE)
PINNED = ("closefriends", "followers", "archived")
RANKED = ("closefriends", "followers", "held")
"""What is listed by its likes: the other ones were for nobody else when these were heard of, or are listed no more."""
REPEATED = tuple(kind for kind, audience in FIRST_AUDIENCE.items() if audience == "everyone")
"""What somebody else has reposted and quoted, and followers have saved, while it was for everyone."""
STATES = ("public", "private", "suspended")

NOBODY = ("anonymous", "suspended")  # a suspended viewer's session is over
MUTES = ("muted", "muter")
FOLLOWING = ("friend", "follower", *MUTES)
PARTED = ("former follower", "blocked", "blocker")
VIEWERS = ("owner", *FOLLOWING, "listed", "requester", *PARTED, "stranger", *NOBODY)
"""A friend is on the list of close friends and follows; who is listed does not follow."""
LOOKERS = tuple(viewer for viewer in VIEWERS if viewer not in {*MUTES, "suspended"})
ACTORS = ("owner", "friend", "listed", "blocked", "stranger", "anonymous")
EACH = ("owner", "friend", "follower", "listed", "requester", "blocked", "stranger", "anonymous")
SOME = ("owner", "friend", "blocked", "stranger", "anonymous")


def sees(viewer: str, state: str, kind: str) -> bool:
    """Whether the post is there for the viewer."""
    if state == "suspended" or kind == "deleted" or viewer in {"blocked", "blocker"}:
        return False
    if viewer == "owner":
        return True
    if kind == "closefriends":
        return viewer in {"friend", "listed"}
    if kind in {"onlyme", "archived", "held"}:
        return False
    return viewer in FOLLOWING or (state == "public" and kind == "everyone")


def lists(viewer: str, state: str, kind: str) -> bool:
    """Whether the viewer finds it in lists of what the author has posted."""
    return sees(viewer, state, kind) and kind != "archived"


def has_saved(viewer: str, state: str, kind: str) -> bool:
    """Whoever once followed has saved what was for everyone, and keeps what is still there for them."""
    return viewer in {*FOLLOWING, *PARTED} and kind in REPEATED and sees(viewer, state, kind)


def has_at_home(viewer: str, state: str, kind: str) -> bool:
    """A mute keeps posts out of the feed alone."""
    return lists(viewer, state, kind) and viewer in {*FOLLOWING, "owner"} - {"muter"}


@dataclass
class Scene:
    """Who looks at what. `addresses`: of every rendition of a post's photo in every format, as its author was given."""

    state: str
    owner: User
    fan: User
    people: dict[str, User | None]
    posts: dict[str, Post]
    addresses: dict[str, list[str]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    quotes: dict[str, Post] = field(default_factory=dict)
    reposts: dict[str, Post] = field(default_factory=dict)

    def names_of(self, kind: str) -> dict[str, object]:
        post = self.posts[kind]
        comments = comments_of_post(post.id, limit=1)
        return {
            "post": post.id,
            "comment": comments.items[0].ref,
            "cursor": comments.next_cursor,
            "address": quote(f"http://testserver/p/{post.id}/"),
        }

    @property
    def tag(self) -> str:
        return f"pier{self.owner.pk}"


def a_scene(state: str, settle: Callable[[], None]) -> Scene:
    """Everything that was, heard by everybody; and then what has changed since, a moment ago."""
    owner = a_user("owner")
    people = {name: None if name == "anonymous" else a_user("viewer") for name in VIEWERS}
    people["owner"] = owner
    for name in (*FOLLOWING, *PARTED):
        follows(_person(people, name), owner)
    for name in ("friend", "listed", "blocked"):
        close_friend_add(owner_id=id_of(owner), member_id=id_of(_person(people, name)))
    scene = Scene(state, owner, a_user("fan"), people, {kind: _posted(owner, kind) for kind in KINDS})
    _repeat(scene)
    settle()
    for person in filter(None, people.values()):
        home_page(
            id_of(person)
        )  # so that their pages lean on what is kept of them, which is a stream hop behind
    settle()
    for kind, post in scene.posts.items():
        bury_body(post)  # as it forgets by itself what was waiting for its photo
        scene.posts[kind] = post_by_id(post.id)
        scene.addresses[kind] = _addresses(scene.posts[kind])
    for name, person in people.items():
        scene.clients[name] = Client()
        if person is not None:
            scene.clients[name].force_login(person)
    _part(owner, people)
    _change(scene)
    _turn(scene)
    return scene


def _person(people: dict[str, User | None], name: str) -> User:
    person = people[name]
    assert person is not None
    return person


def _posted(owner: User, kind: str) -> Post:
    word, link = ("hush" if kind == "everyone" else "secret"), f"https://stranger.org/{kind}/{owner.pk}"
    post = post_create(
        author_id=id_of(owner),
        text=f"A {word} {kind} of the #pier{owner.pk} {link}",
        photo=a_photo(400, 300),
        alt=f"A secret {kind} picture",
        audience=FIRST_AUDIENCE[kind],
    )
    put_preview(Preview(link, title=f"A secret {kind} page", fetched_at_ms=time.time_ns() // 10**6))
    for text in (f"A secret {kind} comment", f"Another secret {kind} comment"):
        comment_create(author_id=id_of(owner), post_id=post.id, text=text)
    like_create(user_id=id_of(owner), post_id=post.id)
    return post


def _repeat(scene: Scene) -> None:
    """What spreads as long as it may: quotes, reposts and saves by others."""
    fan = id_of(scene.fan)
    for kind in REPEATED:
        post_id = scene.posts[kind].id
        scene.quotes[kind] = post_create(author_id=fan, text="Look at this one.", quote_of=post_id)
        scene.reposts[kind] = repost_create(user_id=fan, post_id=post_id)
        for name in (*FOLLOWING, *PARTED):
            post_save(user_id=id_of(_person(scene.people, name)), post_id=post_id)


def _addresses(post: Post) -> list[str]:
    return [
        file.url
        for photo in post.photos
        for files in photo_card(post.id, photo).files.values()
        for file in files
    ]


def _part(owner: User, people: dict[str, User | None]) -> None:
    """Who follows no more, and between whom there is something now."""
    owner_id, ids = id_of(owner), {name: id_of(person) for name, person in people.items() if person}
    follow_delete(follower_id=ids["former follower"], followee_id=owner_id)
    mute_create(muter_id=owner_id, muted_id=ids["muted"])
    mute_create(muter_id=ids["muter"], muted_id=owner_id)
    block_create(blocker_id=owner_id, blocked_id=ids["blocked"])
    block_create(blocker_id=ids["blocker"], blocked_id=owner_id)


def _change(scene: Scene) -> None:
    owner_id, posts = id_of(scene.owner), scene.posts
    for kind in PINNED:
        post_pin(user_id=owner_id, post_id=posts[kind].id)
    post_archive(user_id=owner_id, post_id=posts["archived"].id, archived=True)
    post_delete(user_id=owner_id, post_id=posts["deleted"].id)
    _hold(posts["held"].id)
    for audience in ("followers", "everyone"):
        post = posts[audience]
        text = (
            f"A secret {audience} again of the #{scene.tag} https://stranger.org/{audience}/{scene.owner.pk}"
        )
        posts[audience] = post_edit(
            user_id=owner_id, post_id=post.id, version=post.version, text=text, audience=audience
        )


def _hold(post_id: PostId) -> None:
    """As a moderator does."""
    subject = post_subject(post_id)
    assert subject is not None
    assert put_ruling(subject, Moderation(Standing.HELD, ruling=Standing.HELD, ruled_version=subject.version))
    cache.mark_changed(post_id)


def _turn(scene: Scene) -> None:
    """The account is what it will be looked at as; who asks to follow asks after that."""
    with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does
        if scene.state == "private":
            profile_update(user_id=id_of(scene.owner), is_private=True)
        gone = [_person(scene.people, "suspended")] + [scene.owner] * (scene.state == "suspended")
        for user in gone:
            user.is_active = False
            user.save()
    if scene.state == "private":
        follows(_person(scene.people, "requester"), scene.owner)


def answered(client: Client, method: str, path: str, body: Any = None, *, piece: bool = False) -> Any:
    """The answer, read to its end: that is when the file of a picture is closed."""
    options: dict[str, Any] = {"headers": {"HX-Request": "true"}} if piece else {}
    if body is not None:
        options["data"] = body
        if path.startswith("/api/"):
            options["content_type"] = "application/json"
    answer = getattr(client, method)(path, **options)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer
