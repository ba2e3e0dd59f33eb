"""Printed pieces are to the letter what an include gives, rendered once a kind."""

import re
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from accounts.models import User
from config.templatetags.printed import _parts

POST = {"post_id": 382932858753932501}
NEXT = {"next_url": "/tags/tide/?order=top&cursor=a<b"}
AUTHOR = {"post_url": "/p/7/", "author_id": 12, "author_url": "/@ana/", "handle": "ana<script>"}
LIKES = {"likes": "Gefällt mir", "shown": "1,234"}
REPOSTS = {"shown": "3", "reposts": "2 reposts", "quotes": "1 quote"}
CASES = (
    ("posts/_card_menu.html", POST | AUTHOR, ("muted", "can_delete")),
    ("posts/_like_form.html", POST | LIKES | {"like_count": 1234}, ("liked",)),
    ("posts/_like_form.html", POST | LIKES | {"like_count": 0}, ("liked",)),
    ("posts/_repost_menu.html", POST | REPOSTS, ("reposted", "can_repost")),
    ("posts/saves/_save.html", POST, ("saved",)),
)


def asked(*, signed_in: bool) -> HttpRequest:
    request = RequestFactory().get("/tags/tide/?a=1&b=2")
    request.user = User(pk=3) if signed_in else AnonymousUser()
    return request


def printed(piece: str, values: dict[str, Any], request: HttpRequest) -> str:
    given = " ".join(f"{name}={name}" for name in values)
    return engines["django"].from_string(f'{{% printed "{piece}" {given} %}}').render(values, request)


def without_token(text: str) -> str:
    """Every rendering masks it anew."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}"', r"\1token", text)


@pytest.mark.parametrize(("piece", "values", "switches"), CASES)
def test_it_is_what_an_include_gives(piece: str, values: dict[str, Any], switches: tuple[str, ...]) -> None:
    for signed_in, language, more, *set_so in product(
        (False, True), ("en", "de"), ({}, NEXT), *((False, True),) * len(switches)
    ):
        given = values | more | dict(zip(switches, set_so, strict=True))
        with override(language):
            request = asked(signed_in=signed_in)
            assert without_token(printed(piece, given, request)) == without_token(
                render_to_string(piece, given, request)
            )


def test_other_values_are_filled_in_without_rendering() -> None:
    _parts.cache_clear()
    piece, request = "posts/saves/_save.html", asked(signed_in=True)
    first = printed(piece, {"post_id": 11, "saved": False}, request)
    rendered = _parts.cache_info().misses
    second = printed(piece, {"post_id": 12, "saved": False}, request)
    assert _parts.cache_info().misses == rendered
    assert without_token(second) == without_token(first).replace("11", "12")
    assert printed(piece, {"post_id": 12, "saved": True}, request) != second
    assert _parts.cache_info().misses == rendered + 1, "another kind"


def test_what_is_no_word_is_refused() -> None:
    with pytest.raises(TypeError):
        printed("posts/saves/_save.html", {"post_id": 11, "saved": [True]}, asked(signed_in=True))
