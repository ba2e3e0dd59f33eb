"""Who sees which post where: every kind of viewer, every kind of post, every surface of pages, pieces, API and media.

The author asks first wherever the others ask then, so that whatever can be kept is there to be given out wrongly.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest

from config.cursors import encode
from config.entities import PostId
from config.ids import next_id
from feed.selectors import HOME_CURSOR
from posts.entities import Post
from posts.selectors import author_cursor
from posts.tags import CURSOR as TAG_CURSOR
from tests.flows.visibility_scene import (
    ACTORS,
    EACH,
    KINDS,
    LOOKERS,
    SOME,
    STATES,
    VIEWERS,
    Scene,
    a_scene,
    answered,
    sees,
)
from tests.flows.visibility_surfaces import ACTING, AS_OTHERS, LISTS, READING, Surface
from tests.graph.factory import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
LOOKING = {"public": LOOKERS, "private": EACH, "suspended": SOME}
ACTING_IN = {"public": ACTORS, "private": SOME, "suspended": ("owner", "friend")}
Wrong = Iterator[tuple[object, ...]]


def names_of_lists(scene: Scene) -> dict[str, object]:
    owner, latest = scene.owner, PostId(next_id())
    return {
        "handle": owner.username,
        "id": owner.pk,
        "tag": scene.tag,
        "fan": scene.fan.username,
        "fan_id": scene.fan.pk,
        "ids": ids_of(scene.posts),
        "quotes": ids_of(scene.quotes),
        "reposts": ids_of(scene.reposts),
        "authors": author_cursor(id_of(owner), latest),
        "tagged": encode(f"{TAG_CURSOR}.{scene.tag}", latest),
        "home": encode(HOME_CURSOR, latest),
    }


def ids_of(posts: dict[str, Post]) -> str:
    return urlencode({"ids": [post.id for post in posts.values()]}, doseq=True)


def shown_in(content: bytes) -> set[str]:
    return {kind.decode() for kind in re.findall(rb"secret (\w+)", content)}


def told_wrongly(viewer: str, status: int, content: bytes) -> bool:
    """Refusals tell nothing; and what the post once said for its author alone nobody else reads."""
    tells = bool(shown_in(content)) and status not in {200, 201}
    return tells or (b"hush" in content and viewer != "owner")


def of_posts(scene: Scene, viewers: Iterable[str], surfaces: Iterable[Surface]) -> Wrong:
    for kind, surface in product(KINDS, surfaces):
        path = surface.path.format(**scene.names_of(kind))
        for viewer in viewers:
            answer = answered(scene.clients[viewer], surface.method, path, surface.body, piece=surface.piece)
            wanted = surface.expected(viewer, scene.state, kind)
            where = viewer, kind, surface.method, surface.path, surface.piece
            if answer.status_code != wanted:
                yield *where, answer.status_code, wanted
            if told_wrongly(viewer, wanted, answer.content):
                yield *where, "tells"
            if (
                surface in READING
                and wanted == 200
                and viewer != "anonymous"  # what a stranger is shown may be kept: tests/edge
                and not (surface.is_api or surface.public)
                and not is_kept_alone(answer)
            ):
                yield *where, "is kept for others"


def is_kept_alone(answer: Any) -> bool:
    """No cache that many share may give a page that was made for one to another."""
    if answer["Cache-Control"] == "private":
        return "Cookie" in answer["Vary"]
    return "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]


def of_lists(scene: Scene, viewers: Iterable[str]) -> Wrong:
    names = names_of_lists(scene)
    for surface, viewer in product(LISTS, viewers):
        answer = answered(scene.clients[viewer], "get", surface.path.format(**names), piece=surface.piece)
        wanted = {kind for kind in KINDS if surface.expected(viewer, scene.state, kind)}
        if shown_in(answer.content) != wanted or b"hush" in answer.content:
            yield viewer, surface.path, surface.piece, answer.status_code, shown_in(answer.content) ^ wanted


def of_pictures(scene: Scene, viewers: Iterable[str]) -> Wrong:
    """All files of one post, and one of each other."""
    for kind, addresses in scene.addresses.items():
        for address, viewer in product(addresses if kind == "followers" else addresses[-1:], viewers):
            status = answered(scene.clients[viewer], "get", address).status_code
            wanted = 200 if sees(viewer, scene.state, kind) else 404
            if status != wanted:
                yield viewer, kind, address, status, wanted


@pytest.mark.parametrize("state", STATES)
def test_everybody_sees_on_every_surface_what_is_for_them(
    state: str, settle: Callable[[], None], settings: Any
) -> None:
    settings.SCANNERS = ["posts.moderation.scanners.rules.RuleScanner"]  # fast
    scene = a_scene(state, settle)
    assert {len(addresses) for addresses in scene.addresses.values()} == {4}  # two sizes, two formats
    wrong = [
        *of_lists(scene, SOME if state == "suspended" else VIEWERS),
        *of_pictures(scene, LOOKING[state]),
        *of_posts(scene, LOOKING[state], READING),
        *of_posts(scene, ACTING_IN[state], ACTING),
        *of_posts(scene, SOME[1:] if state == "public" else (), AS_OTHERS),
    ]
    assert not wrong, "\n".join(sorted({str(each) for each in wrong}))
