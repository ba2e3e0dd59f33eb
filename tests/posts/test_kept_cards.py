"""A card and a composer out of what is kept are to the letter what the page would have written itself."""

import re
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from accounts.entities import ProfileCard
from accounts.models import User
from config.cache.local import TIER
from config.entities import PostId, UserId
from config.ids import next_id
from config.metrics import CACHE_MISSES
from posts.details import Details
from posts.entities import Audience, Photo, PhotoCard, PhotoFile, Post, PostCard, QuotedCard, RepostLine
from posts.forms import BlankPost, PostForm
from posts.kept_cards import words_of
from posts.serializers import PostSerializer
from posts.standing import Moderation, Standing
from posts.templatetags import post_text
from posts.templatetags.post_text import from_ms

ANA = ProfileCard(UserId(7), "ana", "Ana <b>", "", "/a.svg", is_private=False, is_active=True)
BEN = replace(ANA, id=UserId(8), handle="ben", name="")
POST = Post(PostId(71), ANA.id, "Ahoy #sea <script> @ben", (), Audience.EVERYONE, 1_700_000_000_000)
PHOTO = Photo({480: "a.webp"}, 480, 320, "L5H2EC=PM+yV0g-mq.wG9c010J}I", alt="a 'quay'")
FILES = {"webp": (PhotoFile("/media/a.webp?s=1&t=2", 480, 320),)}
PLAIN = PostCard(POST, ANA, liked=False, photos=(), can_delete=False)
CARDS = (
    PLAIN,
    replace(PLAIN, liked=True, saved=True, muted=True, reposted=True, can_comment=True, can_repost=True),
    replace(PLAIN, can_delete=True, post=replace(POST, audience=Audience.CLOSE_FRIENDS, like_count=1234)),
    replace(PLAIN, post=replace(POST, photos=(PHOTO,)), photos=(PhotoCard(PHOTO, FILES, "data:x"),)),
    replace(PLAIN, post=replace(POST, details=Details(warning="Wet"), edited_at_ms=1_700_000_000_500)),
    replace(PLAIN, post=replace(POST, moderation=Moderation(Standing.COVERED))),
    replace(PLAIN, repost=RepostLine(PostId(72), BEN, 1_700_000_100_000)),
    replace(PLAIN, quoted=QuotedCard(replace(POST, id=PostId(9), text="below"), BEN, None)),
)
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")([A-Za-z0-9]{64})"')


def asked(*, signed_in: bool, path: str = "/@ana/?tab=top&a=b") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = User(pk=3) if signed_in else AnonymousUser()
    return request


def rendered(source: str, values: dict[str, object], request: HttpRequest) -> str:
    text: str = engines["django"].from_string("{% load post_cards %}" + source).render(values, request)
    assert len({token for _before, token in TOKEN.findall(text)}) <= 1, "a page that is kept has one slot"
    return TOKEN.sub(r"\1token", text).strip()


@pytest.mark.parametrize("card", CARDS)
def test_a_card_is_what_an_include_gives(card: PostCard) -> None:
    for signed_in in (False, True):
        for language in ("en", "de"):
            for more in ({}, {"is_pinned": True}, {"is_page": True}):
                values: dict[str, object] = {"card": card, **more}
                how = " ".join(f"{name}=True" for name in more)
                with override(language):
                    request = asked(signed_in=signed_in)
                    expected = rendered('{% include "posts/_card.html" %}', values, request)
                    for _again in range(2):
                        assert rendered(f"{{% post_card card {how} %}}", values, request) == expected


def test_a_like_is_put_into_what_was_written_before_it() -> None:
    first = replace(PLAIN, post=replace(POST, id=PostId(next_id())))
    liked = replace(first, liked=True, post=replace(first.post, like_count=5, folded_at_ms=1_700_000_000_900))
    misses = [CACHE_MISSES.labels(TIER, kind)._value for kind in ("card_html", "card_fields")]
    request = asked(signed_in=True)
    rendered("{% post_card card %}", {"card": first}, request)
    PostSerializer().to_representation(first)
    before = [count.get() for count in misses]
    text = rendered("{% post_card card %}", {"card": liked}, request)
    said = PostSerializer().to_representation(liked)
    assert [count.get() for count in misses] == before
    assert ('aria-pressed="true"' in text, '<span class="count">5</span>' in text) == (True, True)
    assert (said["liked"], said["like_count"]) == (True, 5)


def test_each_page_has_its_own_address_in_it() -> None:
    values: dict[str, object] = {"card": PLAIN}
    for path in ("/", "/@ana/?a=1&b=2"):
        text = rendered("{% post_card card %}", values, asked(signed_in=True, path=path))
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in text


def test_how_long_ago_it_was_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    posted_at, request = from_ms(POST.created_at_ms), asked(signed_in=True)
    for minutes in (2, 3):
        monkeypatch.setattr(post_text, "now", lambda minutes=minutes: posted_at + timedelta(minutes=minutes))
        assert f">{minutes} min</time>" in rendered("{% post_card card %}", {"card": PLAIN}, request)


def test_cards_that_differ_in_anything_are_told_apart() -> None:
    assert len({words_of(card) for card in CARDS}) == len(CARDS)


@pytest.mark.parametrize("card", CARDS)
def test_the_api_says_the_same_the_second_time(card: PostCard) -> None:
    first, second = (PostSerializer().to_representation(card) for _time in range(2))
    assert first is not second
    assert orjson.dumps(first, default=str) == orjson.dumps(second, default=str)
    assert first["liked"] is card.liked
    assert first["id"] == str(card.post.id)


def test_a_blank_composer_is_what_an_include_gives() -> None:
    for language in ("", "de"):
        blank = BlankPost("k" * 32, language)
        form = PostForm(language=language, initial={"key": blank.key})
        values: dict[str, object] = {"blank": blank, "form": form}
        request = asked(signed_in=True)
        expected = rendered('{% include "posts/_composer.html" %}', values, request)
        assert rendered("{% blank_composer blank %}", values, request) == expected
        assert f'value="{blank.key}"' in expected
