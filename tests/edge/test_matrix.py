"""Every address of the site, asked by everybody: what is for one person is never to be kept by others.

A new view that lets others keep its answers has to be named here too: that is what it is for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from accounts.models import User
from accounts.services import token_create
from posts.comment_entities import Comment
from posts.entities import Post
from posts.selectors import photo_card
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions

pytestmark = pytest.mark.django_db

SAID = "Out with the #tide"
PAGES = {
    "",
    "@{handle}/",
    "p/{post_id}/",
    "p/{post_id}/comments/{key}/",
    "p/{post_id}/embed/",
    "oembed/",
    "tags/{tag}/",
    "media/posts/{number}/{key}/{size}.{form}",
    "api/schema/",
    "api/v1/posts/{post_id}/",
    "api/v1/posts/{post_id}/comments/",
    "api/v1/comments/{post_id}/{key}/replies/",
    "api/v1/users/{user_id}/posts/",
    "api/v1/tags/{tag}/posts/",
    "api/v1/profiles/{handle}/",
}
"""What is the same for everybody who is signed out. To be kept as long as it is not hidden."""
FILES = {"avatars/{hue}/{letters}.svg", "media/{name}"}
"""What is the same for whoever asks, for ever."""


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every pattern, its parts by name in braces."""
    for entry in resolver.url_patterns:
        regex = before + str(entry.pattern.regex.pattern).removeprefix("^")
        if isinstance(entry, URLPattern):
            written, names = normalize(regex)[-1]
            yield written % {name: f"{{{name}}}" for name in names}
        else:
            yield from addresses(entry, regex.removesuffix(r"\Z"))


@dataclass(frozen=True)
class World:
    """An account with a post, a photo and a comment, and what stands for them in addresses."""

    owner: User
    post: Post
    comment: Comment

    def path(self, address: str) -> str:
        if address == "media/posts/{number}/{key}/{size}.{form}":
            return photo_card(self.post.id, self.post.photos[0]).files["webp"][0].url.removeprefix("/")
        comment = self.comment.ref if "comment" in address else "x"
        names = {"post_id": self.post.id, "handle": self.owner.username, "key": comment, "tag": "tide"}
        names |= {"letters": "A", "hue": 3, "name": self.owner.profile.avatar or "x"}
        spelled = address.format_map(Filled(names, self.owner.pk))
        return f"{spelled}?url=http://testserver/p/{self.post.id}/" if address == "oembed/" else spelled


class Filled(dict[str, Any]):
    """What has no name here is the owner's id."""

    def __init__(self, names: dict[str, Any], otherwise: int) -> None:
        super().__init__(names)
        self.otherwise = otherwise

    def __missing__(self, name: str) -> int:
        return self.otherwise


def a_world(*, is_private: bool) -> World:
    owner = a_user(is_private=is_private)
    post = with_renditions(a_post(by=owner, text=SAID, photo=a_photo(400, 300)))
    return World(owner, post, a_comment(by=owner, on=post))


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def asked(client: Client, path: str, **headers: str) -> Any:
    """The answer, files read to their end, for then they are closed."""
    answer: Any = client.get(f"/{path}", headers=headers)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


def is_open(answer: Any) -> bool:
    """Whether anybody but who asked may keep it: by default nobody may, so it has to be forbidden in words."""
    told = answer.headers["Cache-Control"]
    assert ("private" in told) + ("no-store" in told) + ("public" in told) >= 1, told
    return "public" in told or "s-maxage" in told or ("private" not in told and "no-store" not in told)


@pytest.fixture
def everything() -> list[str]:
    found = list(dict.fromkeys(addresses(get_resolver())))
    assert len(found) > 200
    assert set(found) >= PAGES | FILES
    # Those of the administration for who may not enter it are one and the same refusal; the stream has no end.
    return [address for address in found if not re.match(r"admin/.|live/", address)]


def test_only_what_is_for_everybody_may_be_kept(everything: list[str]) -> None:
    world, other = a_world(is_private=False), a_user("bob")
    _token, text = token_create(user_id=id_of(other), label="t")
    members: list[tuple[Client, dict[str, str], str]] = [  # who asks, and for which addresses
        (client_of(world.owner), {}, ""),
        (client_of(other), {}, "{"),
        (Client(), {"Authorization": f"Token {text}"}, "api/"),
    ]
    for address in everything:
        path = world.path(address)
        for client, headers, of in members:
            if of in address or (address in PAGES and address != "api/schema/"):
                answer = asked(client, path, **headers)
                assert not is_open(answer) or address in FILES, (address, answer.headers)
        stranger = asked(Client(), path)
        assert is_open(stranger) == (address in PAGES | FILES and stranger.status_code == 200), (
            address,
            stranger.status_code,
            stranger.headers,
        )
        if address in PAGES:
            assert stranger.status_code == 200, address
            assert not stranger.cookies
            assert "s-maxage=" in stranger.headers["Cache-Control"]
            assert "stale-while-revalidate=" in stranger.headers["Cache-Control"]
            assert stranger.headers["ETag"]
            assert {"Cookie", "Authorization", "HX-Request"} <= set(stranger.headers["Vary"].split(", "))


def test_what_is_private_is_nobodys_to_keep() -> None:
    """By any address, whoever asks: the owner, who sees it, and strangers, who don't; with what browsers kept of before."""
    world = a_world(is_private=True)
    owner, left = client_of(world.owner), Client()
    left.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32
    for address in sorted(PAGES - {"api/schema/"}):
        for client in (owner, left, Client()):
            answer = asked(client, world.path(address))
            if client not in (owner, left) and is_open(answer):  # that there is an account
                assert SAID not in answer.content.decode(), address
                continue
            assert not is_open(answer), (address, answer.headers)
