"""Cards and the composer, put into a page from what is kept of them: what is of one request alone is filled in.

    {% post_card card %}            as `include "posts/_card.html"`
    {% blank_composer blank %}      as `include "posts/_composer.html"` with an empty form

Both see nothing of the page but whether somebody is signed in, its address and the token of its forms.
"""

import secrets
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Final

from django import template
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from config.entities import PostId
from posts.entities import PostCard
from posts.forms import BlankPost, PostForm
from posts.kept_cards import HTML, without_likes
from posts.templatetags.post_text import ago, from_ms

register = template.Library()

# Nobody can write these into a post.
TOKEN: Final = mark_safe(f"token{secrets.token_hex(16)}")  # noqa: S308  # our own
PATH: Final = mark_safe(f"path{secrets.token_hex(16)}")  # noqa: S308  # our own
WHEN: Final = mark_safe(f"when{secrets.token_hex(16)}")  # noqa: S308  # our own
LIKE: Final = mark_safe(f"like{secrets.token_hex(16)}")  # noqa: S308  # our own
KEY: Final = f"key{secrets.token_hex(16)}"
COMPOSERS_KEPT: Final = 64
LIKES_KEPT: Final = 4_096


@register.simple_tag(takes_context=True)
def post_card(
    context: Context, card: PostCard, *, is_pinned: bool = False, is_page: bool = False
) -> SafeString:
    """A card. Its only part that changes by itself is how long ago it was posted."""
    request = context["request"]
    signed_in = bool(request.user.is_authenticated)
    bare = without_likes(card)
    make = partial(_card, bare, signed_in=signed_in, is_pinned=is_pinned, is_page=is_page)
    text = HTML.of(bare, signed_in, is_pinned, is_page, make=make)
    like = _like(card.post.id, card.post.like_count, get_language(), liked=card.liked, signed_in=signed_in)
    text = text.replace(LIKE, like)
    text = text.replace(WHEN, escape(ago(from_ms(card.post.created_at_ms))))
    return _filled(text.replace(PATH, escape(request.get_full_path())), context)


@register.simple_tag(takes_context=True)
def blank_composer(context: Context, blank: BlankPost) -> SafeString:
    """The composer with nothing in it."""
    return _filled(_composer(get_language(), blank.language).replace(KEY, blank.key), context)


def _card(card: PostCard, *, signed_in: bool, is_pinned: bool, is_page: bool) -> str:
    given = {"card": card, "is_pinned": is_pinned, "is_page": is_page, "when": WHEN, "like_button": LIKE}
    return _rendered("posts/_card.html", given | _asked(signed_in=signed_in))


@lru_cache(maxsize=LIKES_KEPT)
def _like(post_id: PostId, like_count: int, _language: str, *, liked: bool, signed_in: bool) -> str:
    given = {"post_id": post_id, "like_count": like_count, "liked": liked}
    return _rendered("posts/_like.html", given | _asked(signed_in=signed_in))


def _asked(*, signed_in: bool) -> dict[str, object]:
    """The request of somebody, with what is filled in later."""
    user = SimpleNamespace(is_authenticated=signed_in)
    return {"request": SimpleNamespace(user=user, get_full_path=lambda: PATH), "csrf_token": TOKEN}


@lru_cache(maxsize=COMPOSERS_KEPT)
def _composer(_language: str, writes_in: str) -> str:
    form = PostForm(language=writes_in, initial={"key": KEY})
    return _rendered("posts/_composer.html", {"form": form, "csrf_token": TOKEN})


def _rendered(piece: str, given: dict[str, object]) -> str:
    return str(get_template(piece).template.render(Context(given)))  # type: ignore[attr-defined]  # of Django's own engine


def _filled(text: str, context: Context) -> SafeString:
    """With the page's own token: one, so that a page that is kept has one slot for it.

    Not asked for in vain: what has a token is of one browser, and no edge may keep it.
    """
    if TOKEN not in text:
        return mark_safe(text)  # noqa: S308  # rendered with escaping
    token = str(context.get("csrf_token") or get_token(context["request"]))
    return mark_safe(text.replace(TOKEN, token))  # noqa: S308  # rendered with escaping
