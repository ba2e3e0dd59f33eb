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
from posts.selectors import author_cursor
from posts.tags import CURSOR as TAG_CURSOR
from tests.flows.visibility_scene import (
    KINDS,
    SOME,
    STATES,
    VIEWERS,
    WITHOUT_MUTES,
    Scene,
    a_scene,
    answered,
    sees,
)
from tests.flows.visibility_surfaces import ACTING, DOING_AS_THE_AUTHOR, LISTS, READING, Surface
from tests.graph.factory import id_of

pytestmark = pytest.mark.django_db
Wrong = Iterator[tuple[object, ...]]


def names_of_lists(scene: Scene) -> dict[str, object]:
    owner, latest = scene.owner, PostId(next_id())
    return {
        "handle": owner.username,
        "id": owner.pk,
        "tag": scene.tag,
        "ids": urlencode({"ids": [post.id for post in scene.posts.values()]}, doseq=True),
        "authors": author_cursor(id_of(owner), latest),
        "tagged": encode(f"{TAG_CURSOR}.{scene.tag}", latest),
        "home": encode(HOME_CURSOR, latest),
    }


def shown_in(content: bytes) -> set[str]:
    return {kind.decode() for kind in re.findall(rb"secret (\w+)", content)}


def told_wrongly(viewer: str, state: str, kind: str, content: bytes) -> bool:
    """Others' answers, and refusals, tell nothing; and what the post once said for its author alone nobody else reads."""
    tells = bool(shown_in(content)) and not sees(viewer, state, kind)
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
            if told_wrongly(viewer, scene.state, kind, answer.content):
                yield *where, "tells"
            if surface in READING and wanted == 200 and not surface.is_api and not is_kept_alone(answer):
                yield *where, "is kept for others"


def is_kept_alone(answer: Any) -> bool:
    """No cache that many share may give a page that was made for one to another."""
    return bool(answer["Cache-Control"] == "private" and "Cookie" in answer["Vary"])


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
def test_everybody_sees_on_every_surface_what_is_for_them(state: str, settle: Callable[[], None]) -> None:
    scene = a_scene(state, settle)
    assert {len(addresses) for addresses in scene.addresses.values()} == {4}  # two sizes, two formats
    everybody, most = (SOME, SOME) if state == "suspended" else (VIEWERS, WITHOUT_MUTES)
    wrong = [
        *of_posts(scene, most, (*READING, *ACTING)),
        *of_lists(scene, everybody),
        *of_pictures(scene, most),
        *of_posts(scene, SOME[1:], () if state == "suspended" else DOING_AS_THE_AUTHOR),
    ]
    assert not wrong, "\n".join(sorted({str(each) for each in wrong}))
