"""A person with everything one can have here, and what is left of it in all tables: built twice, the same each time.

`gone` is who leaves. Everybody else has a name too, so that two worlds can be compared: ids and handles are replaced by
names, times and other numbers by "#".
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage

from accounts.departure_models import Departure
from accounts.departure_services import account_delete
from accounts.models import User
from accounts.services import profile_update
from config.dynamodb import Table
from config.dynamodb.scans import scan_page
from config.entities import PostId, UserId
from config.ids import next_id
from feed import pulls
from feed import repository as inboxes
from feed.entities import InboxItem
from feed.fingerprints import fingerprint
from feed.notifications.repository import GONE_SECONDS
from feed.notifications.tables import ENTRY_PREFIX, NOTIFICATIONS
from feed.tables import FEED, FOLLOWS, INBOX
from graph import (
    block_repository,
    blocks,
    close_friends,
    heat_repository,
    mutes,
    repository,
    request_repository,
    suggestion_repository,
)
from graph.entities import Edge, Heat
from graph.mark_repository import Marked
from graph.services import follow_update
from graph.tables import GRAPH
from posts.entities import Post
from posts.media.names import rendition_names
from posts.repository import likes, posts
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_photo, a_post
from tests.posts.factory import likes as likes_it

TABLES: Final = (GRAPH, POSTS, INBOX, FEED, NOTIFICATIONS)
NAMES: Final = ("gone", "bob", "eve", "kim", "max", "star", "shy", "asker", "cat", "dan")
HOT: Final = Heat(shards=2, write_shards=2, version=1)
CHUNK: Final = f"{FOLLOWS}#"
_NUMBER: Final = re.compile(r"\d{9,}")
_SCANNED: Final = re.compile(r"(SCANNED#\d{8})#\d")  # the shard is by id, so not the same for a twin
_OF_THE_MOMENT: Final = {"rid", "gsk", "nsk", "version", "shard", "photos"} | {
    "posts_per_day",
    "reactions_per_day",  # of a sample
    "reactions_at_ms",
    "change",
}


@dataclass
class World:
    """Who and what there is, by name."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def gone_id(self) -> UserId:
        """Who leaves."""
        return id_of(self.people["gone"])

    def stranger(self, name: str) -> UserId:
        """Somebody without an account, under a name."""
        user_id = UserId(next_id())
        self.ids[user_id] = name
        return user_id


def a_world(*, crowd: int = 8) -> World:
    """Everything once, and of what comes in pages so many; more than a hundred are more than a page."""
    world = World()
    for name in NAMES:
        user = world.people[name] = a_user(name, is_private=name == "shy")
        world.ids[user.pk] = name
        world.handles[user.username] = name
    _follows(world, crowd)
    _relations(world)
    _posts(world)
    _reactions(world, crowd)
    _feeds(world, crowd)
    session = SessionStore()
    session["_auth_user_id"] = str(world.gone_id)
    session.save()
    return world


def leave(world: World) -> None:
    """`gone` asks to be deleted, with a request under way and an edge still pushed whose reader follows no more."""
    pictured = posts.get_post(world.posts["pictured"].id)
    world.files += rendition_names(pictured.photos[0]) if pictured else []  # a worker has made them by now
    assert len(world.files) > 1
    assert all(default_storage.exists(name) for name in world.files)
    inboxes.push_edge_put(world.gone_id, id_of(world.people["cat"]))
    account_delete(user_id=world.gone_id, absolute=lambda path: f"http://testserver{path}")
    assert Departure.objects.get(pk=world.gone_id).state == "waiting"
    asker, gone = world.people["asker"], world.people["gone"]
    late = Edge(id_of(asker), world.gone_id, next_id(), asker.username, gone.username)
    request_repository.request_put(late)


def left_in_tables(world: World) -> list[str]:
    """Every item that is about anybody or anything of the world, in words that are the same for its twin."""
    told = (_told(world, table, item) for table, item in _items() if _is_of(world, item))
    return sorted(line for line in told if line is not None)


def others_in_tables(world: World) -> list[str]:
    """The same without what lies with `gone`, spread over shards by the hash of ids, and without names of files."""
    left_out = ('"pk": "USER#gone', '"pk": "MEDIA#')
    return [item for item in left_in_tables(world) if not any(key in item for key in left_out)]


def _follows(world: World, crowd: int) -> None:
    gone, handle = world.gone_id, world.people["gone"].username
    for number in range(crowd):
        fan, star = world.stranger(f"fan{number:03}"), world.stranger(f"star{number:03}")
        if number == crowd // 2:
            heat_repository.heat_put(gone, HOT)
        heat = HOT if number >= crowd // 2 else Heat()
        repository.edge_put(Edge(fan, gone, next_id(), f"fan{number:03}", handle), heat=heat)
        repository.edge_put(Edge(gone, star, next_id(), handle, f"star{number:03}"))
    people = world.people
    for follower, followee in (
        ("gone", "bob"),
        ("bob", "gone"),
        ("dan", "gone"),
        ("gone", "star"),
        ("bob", "star"),
    ):
        follows(people[follower], people[followee])
    follows(people["gone"], people["shy"])  # asks
    follow_update(follower_id=id_of(people["bob"]), followee_id=gone, notify=True)


def _relations(world: World) -> None:
    ids = {name: id_of(user) for name, user in world.people.items()}
    blocks.block_create(blocker_id=ids["gone"], blocked_id=ids["eve"])
    blocks.block_create(blocker_id=ids["kim"], blocked_id=ids["gone"])
    for one, other in (("gone", "max"), ("max", "gone")):
        _block(ids[one], ids[other])
    for one, other in (("gone", "bob"), ("bob", "gone"), ("cat", "gone"), ("bob", "star")):
        mutes.mute_create(muter_id=ids[one], muted_id=ids[other])
    for one, other in (("gone", "bob"), ("dan", "gone"), ("cat", "gone"), ("dan", "star")):
        close_friends.close_friend_add(owner_id=ids[one], member_id=ids[other])


def _block(one: UserId, other: UserId) -> None:
    """As two who block each other in the same moment."""
    from_one = Marked(one, other, next_id())
    block_repository.block_put(from_one, handles={one: "", other: ""})


def _posts(world: World) -> None:
    people = world.people
    for number in range(3):
        world.posts[f"theirs{number}"] = a_post(by=people["gone"], text=f"number {number}")
        world.posts[f"bobs{number}"] = a_post(by=people["bob"], text=f"number {number}")
    world.posts["pictured"] = a_post(by=people["gone"], photo=a_photo(64, 48))
    profile_update(user_id=world.gone_id, avatar=_picture())
    world.files.append(f"{User.objects.get(pk=world.gone_id).profile.avatar}/128.webp")
    world.ids |= {post.id: name for name, post in world.posts.items()}


def _picture() -> BytesIO:
    return a_photo(64, 64)


def _reactions(world: World, crowd: int) -> None:
    people, posts = world.people, world.posts
    for name in ("theirs0", "bobs0"):
        likes_it(people["bob"], posts[name])
        a_comment(by=people["bob"], on=posts[name])
    likes_it(people["gone"], posts["bobs0"])
    for name in ("theirs0", "bobs0", "bobs1"):
        a_comment(by=people["gone"], on=posts[name], text="mine")
    for number in range(crowd):
        liker, post = world.stranger(f"liker{number:03}"), PostId(next_id())
        world.ids[post] = f"liked{number:03}"
        likes.put_like(posts["theirs0"].id, liker, author_id=world.gone_id)
        likes.put_like(post, world.gone_id, author_id=id_of(people["star"]))


def _feeds(world: World, crowd: int) -> None:
    bob, gone = id_of(world.people["bob"]), world.gone_id
    inboxes.inbox_put([gone], [InboxItem(PostId(next_id()), bob) for _ in range(crowd)])
    pulls.author_register(gone)
    for reader, author in ((bob, gone), (gone, bob), (bob, id_of(world.people["star"]))):
        inboxes.pulls_add(reader, [author])
    suggestion_repository.dismissed_put(gone, bob)


def _items() -> Iterator[tuple[Table, dict[str, Any]]]:
    for table in TABLES:
        position = None
        while True:
            rows = scan_page(table, limit=1000, start_after=position, consistent=True)
            yield from ((table, item) for item in rows.items)
            position = rows.last_key
            if position is None:
                break


def _is_of(world: World, item: dict[str, Any]) -> bool:
    return any(int(number) in world.ids for number in _NUMBER.findall(repr(item)))


def _told(world: World, table: Table, item: dict[str, Any]) -> str | None:
    if table == NOTIFICATIONS and str(item["sk"]).startswith(ENTRY_PREFIX) and "gone" in item:
        assert item["ttl"] - time.time() <= GONE_SECONDS
        return None  # that something is over is remembered until no record of its beginning can come
    if str(item.get("sk")).startswith(CHUNK):
        # Chunks are by the hash of ids, so not the same for a twin; one that has been emptied tells nothing.
        item = {
            "pk": item["pk"],
            "sk": CHUNK,
            "f": item.get("f", set()) & {fingerprint(UserId(world.gone_id))},
        }
        if not item["f"]:
            return None
    kept = {name: value for name, value in item.items() if name not in _OF_THE_MOMENT}
    return f"{table.name} {json.dumps(_named(world, kept), sort_keys=True)}"


def _named(world: World, value: Any) -> Any:
    if isinstance(value, dict):
        return {str(_named(world, key)): _named(world, inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_named(world, inner) for inner in value)
    if isinstance(value, list):
        return [_named(world, inner) for inner in value]
    if isinstance(value, bytes):
        marks = {fingerprint(UserId(number)): name for number, name in world.ids.items()}
        return marks.get(value, "#")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    text = str(value)
    for handle, name in world.handles.items():
        text = text.replace(handle, name)
    text = _SCANNED.sub(r"\1", text)
    return _NUMBER.sub(lambda found: world.ids.get(int(found.group()), "#"), text)
