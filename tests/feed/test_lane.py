"""The first page of home as it is kept: whatever changes, the next request shows it, by the API and as a page, in every process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
import redis
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import User
from accounts.services import profile_update
from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import PostId
from feed.first_pages import PAGES
from graph.blocks import block_create, block_delete
from graph.close_friends import close_friend_add, close_friend_remove
from graph.mutes import mute_create, mute_delete
from graph.services import follow_create, follow_delete
from posts.editing import post_edit
from posts.entities import Audience
from posts.reposting import repost_create, repost_delete
from posts.saves.services import post_save, post_unsave
from posts.selectors import post_by_id
from posts.services import like_create, like_delete, post_delete
from posts.shelving import post_archive
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "commits_at_once")]
Settle = Callable[[], None]
API, PAGE = "/api/v1/feed/home/", "/"


@pytest.fixture
def commits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is a transaction that is never committed."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, **_: work())


@contextmanager
def redis_rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which commands go to Redis, each a round trip."""
    sent: list[str] = []
    execute = redis.Redis.execute_command

    def counted(self: Any, *command: Any, **options: Any) -> Any:
        sent.append(str(command[0]))
        return execute(self, *command, **options)  # type: ignore[no-untyped-call]  # redis-py's

    with monkeypatch.context() as patch:
        patch.setattr(redis.Redis, "execute_command", counted)
        yield sent


class Reader:
    """Somebody at home, looking through two processes in turns, by the API and at the page."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        for path in (API, PAGE, API, PAGE):
            assert self.client.get(path).status_code == 200

    def items(self) -> list[dict[str, Any]]:
        found = orjson.loads(self.client.get(API).content)["items"]
        PAGES.forget_here()  # as another process
        assert orjson.loads(self.client.get(API).content)["items"] == found
        return list(found)

    def sees(self, post_id: PostId) -> bool:
        in_page = f'id="post-{post_id}"' in self.client.get(PAGE).content.decode()
        assert in_page == (str(post_id) in {item["id"] for item in self.items()})
        return in_page


def test_every_change_is_in_the_next_answer(settle: Settle) -> None:
    ana, bob, eve = (a_person(name) for name in ("ana", "bob", "eve"))
    follows(ana, bob)
    follows(bob, eve)
    text, other = posted(by=bob, text="first"), posted(by=bob)
    close = posted(by=bob, audience=Audience.CLOSE_FRIENDS)
    of_eve = posted(by=eve)
    settle()
    reader = Reader(ana)
    settle()
    reader = Reader(ana)
    me, them = id_of(ana), id_of(bob)
    assert (reader.sees(text), reader.sees(close)) == (True, False)

    like_create(user_id=me, post_id=text)
    assert [item["liked"] for item in reader.items()] == [False, True]
    assert [item["like_count"] for item in reader.items()] == [0, 1]
    like_delete(user_id=me, post_id=text)
    post_save(user_id=me, post_id=text)
    assert [(item["liked"], item["saved"]) for item in reader.items()] == [(False, False), (False, True)]
    post_unsave(user_id=me, post_id=text)
    assert not any(item["saved"] for item in reader.items())

    post_edit(user_id=them, post_id=text, version=post_by_id(text).version, text="second")
    assert [item["text"] for item in reader.items()] == ["hello", "second"]
    assert "second" in reader.client.get(PAGE).content.decode()
    profile_update(user_id=them, name="Robert")
    assert {item["author"]["name"] for item in reader.items()} == {"Robert"}
    assert "Robert" in reader.client.get(PAGE).content.decode()

    close_friend_add(owner_id=them, member_id=me)
    assert reader.sees(close)
    close_friend_remove(owner_id=them, member_id=me)
    assert not reader.sees(close)
    mute_create(muter_id=me, muted_id=them)
    assert not reader.sees(text)
    mute_delete(muter_id=me, muted_id=them)
    assert reader.sees(text)
    post_archive(user_id=them, post_id=text, archived=True)
    assert not reader.sees(text)
    post_archive(user_id=them, post_id=text, archived=False)
    settle()
    assert reader.sees(text)
    post_delete(user_id=them, post_id=other)
    assert not reader.sees(other)

    repost = repost_create(user_id=them, post_id=of_eve)
    settle()
    assert reader.sees(of_eve)
    block_create(blocker_id=id_of(eve), blocked_id=me)
    assert not reader.sees(of_eve), "of somebody whom they don't follow"
    block_delete(blocker_id=id_of(eve), blocked_id=me)
    assert reader.sees(of_eve)
    profile_update(user_id=id_of(eve), is_private=True)
    assert not reader.sees(of_eve)
    profile_update(user_id=id_of(eve), is_private=False)
    assert reader.sees(of_eve)
    assert repost is not None
    repost_delete(user_id=them, post_id=of_eve)
    assert not reader.sees(of_eve)

    own = posted(by=ana)
    assert reader.sees(own), "before the stream has told of it"
    follow_delete(follower_id=me, followee_id=them)
    assert not reader.sees(text)
    follow_create(follower_id=me, followee_id=them)
    settle()
    assert reader.sees(text)
    new = posted(by=bob)
    settle()
    assert reader.sees(new)
    User.objects.get(pk=them).delete()
    assert not reader.sees(new)


def test_a_warm_answer_is_one_round_trip(settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(ana, bob)
    posted(by=bob)
    settle()
    Reader(ana)
    settle()
    reader = Reader(ana)
    for path in (API, PAGE):
        for _ in range(3):  # the session is known, too
            assert reader.client.get(path).status_code == 200
        with redis_rounds(monkeypatch) as sent, assert_dynamodb_calls(0):
            warm = reader.client.get(path)
        assert sent == ["EVAL"], path
        monkeypatch.setattr("feed.lane.HomeLane._asked", lambda *_: None)
        long = reader.client.get(path)
        monkeypatch.undo()
        assert warm.headers.keys() == long.headers.keys()
        fixed = {name for name in warm.headers if name not in {"X-Request-ID", "Content-Length"}}
        assert {name: warm[name] for name in fixed} == {name: long[name] for name in fixed}
        if path == API:
            assert warm.content == long.content


def test_a_kept_page_has_a_token_and_a_key_of_each_request(settle: Settle) -> None:
    ana = a_person("ana")
    post = posted(by=ana)
    settle()
    reader = Reader(ana)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = reader.client.cookies
    pages = [strict.get(PAGE).content.decode() for _ in range(2)]
    assert "\x00" not in pages[0]
    tokens = [page.split('name="csrfmiddlewaretoken" value="')[1][:64] for page in pages]
    keys = [page.split('name="key" value="')[1].split('"')[0] for page in pages]
    assert len(set(tokens)) == len(set(keys)) == 2
    sent = {"csrfmiddlewaretoken": tokens[1], "next": "/"}
    assert strict.post(f"/p/{post}/like/", sent).status_code == 302
    assert reader.items()[0]["liked"]


def test_who_is_signed_out_or_switched_off_is_so_in_the_next_request(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    for user in (ana, bob):
        posted(by=user)
    settle()
    first, second, other = Reader(ana), Reader(ana), Reader(bob)
    second.client.logout()
    first.client.cookies, kept = second.client.cookies, first.client.cookies
    assert first.client.get(API).status_code == 401
    first.client.cookies = kept
    assert first.client.get(API).status_code == 200
    ana.refresh_from_db()
    ana.set_password("another one entirely")
    ana.save()
    assert first.client.get(API).status_code == 401
    get_user_model().objects.get(pk=bob.pk).save()
    assert other.client.get(API).status_code == 200
    bob.refresh_from_db()
    bob.is_active = False
    bob.save()
    assert other.client.get(API).status_code == 401
    assert "landing" in {name.split(".")[0] for name in _templates(other.client.get(PAGE))}


def _templates(response: Any) -> set[str]:
    return {template.name for template in response.templates}
