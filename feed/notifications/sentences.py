"""What a notification says, in the reader's language: as plain text for programs, with names marked up for pages."""

from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.entities import ProfileCard
from feed.notifications.entities import Kind, Notice
from posts.entities import Post

# Of one, of two, and of one and so many others.
_SENTENCES: Final[dict[Kind, tuple[Promise, Promise, Promise]]] = {
    Kind.FOLLOW: (
        _("{first} follows you"),
        _("{first} and {second} follow you"),
        ngettext_lazy("{first} and {n} other follow you", "{first} and {n} others follow you", "n"),
    ),
    Kind.REQUEST: (
        _("{first} asks to follow you"),
        _("{first} and {second} ask to follow you"),
        ngettext_lazy(
            "{first} and {n} other ask to follow you", "{first} and {n} others ask to follow you", "n"
        ),
    ),
    Kind.APPROVED: (
        _("{first} approved your request to follow"),
        _("{first} and {second} approved your requests to follow"),
        ngettext_lazy(
            "{first} and {n} other approved your requests to follow",
            "{first} and {n} others approved your requests to follow",
            "n",
        ),
    ),
    Kind.LIKE: (
        _("{first} likes your post"),
        _("{first} and {second} like your post"),
        ngettext_lazy("{first} and {n} other like your post", "{first} and {n} others like your post", "n"),
    ),
    Kind.COMMENT: (
        _("{first} commented on your post"),
        _("{first} and {second} commented on your post"),
        ngettext_lazy(
            "{first} and {n} other commented on your post",
            "{first} and {n} others commented on your post",
            "n",
        ),
    ),
    Kind.REPLY: (
        _("{first} answered your comment"),
        _("{first} and {second} answered your comment"),
        ngettext_lazy(
            "{first} and {n} other answered your comment", "{first} and {n} others answered your comment", "n"
        ),
    ),
    Kind.COMMENT_LIKE: (
        _("{first} likes your comment"),
        _("{first} and {second} like your comment"),
        ngettext_lazy(
            "{first} and {n} other like your comment", "{first} and {n} others like your comment", "n"
        ),
    ),
    Kind.MENTION: (
        _("{first} mentioned you"),
        _("{first} and {second} mentioned you"),
        ngettext_lazy("{first} and {n} other mentioned you", "{first} and {n} others mentioned you", "n"),
    ),
    Kind.REPOST: (
        _("{first} reposted your post"),
        _("{first} and {second} reposted your post"),
        ngettext_lazy(
            "{first} and {n} other reposted your post", "{first} and {n} others reposted your post", "n"
        ),
    ),
    Kind.QUOTE: (
        _("{first} quoted your post"),
        _("{first} and {second} quoted your post"),
        ngettext_lazy(
            "{first} and {n} other quoted your post", "{first} and {n} others quoted your post", "n"
        ),
    ),
    # A line has one author's posts.
    Kind.POST: (
        _("{first} posted"),
        _("{first} and {second} posted"),
        ngettext_lazy("{first} and {n} other posted", "{first} and {n} others posted", "n"),
    ),
}
EXCERPT_CHARACTERS: Final = 140
_MORE_THAN: Final = _("more than {n}")

if missing := set(Kind) ^ set(_SENTENCES):
    message = f"kinds and their sentences differ: {missing}"
    raise ValueError(message)


def text_of(notice: Notice) -> str:
    """The sentence as plain text."""
    pattern, others = _pattern(notice)
    names = {name: card.display_name for name, card in _named(notice).items()}
    return pattern.format(**names, n=others)


def html_of(notice: Notice) -> SafeString:
    """The sentence with its names as links."""
    pattern, others = _pattern(notice)
    names = {
        name: format_html(
            '<a class="post-name" href="{}" dir="auto">{}</a>',
            reverse("feed:profile", args=[card.handle]),
            card.display_name,
        )
        for name, card in _named(notice).items()
    }
    return format_html(pattern, **names, n=others)


def excerpt_of(notice: Notice) -> str:
    """What was said, or what was liked, repeated or quoted; empty of photos alone and behind a warning."""
    if notice.comment is not None:
        return _cut(notice.comment.text)
    post = _shown(notice)
    return "" if post is None or post.cover else _cut(post.text)


def address_of(notice: Notice) -> str:
    """The page that shows it."""
    post, comment = _shown(notice), notice.comment
    if notice.line.kind is Kind.REQUEST:
        return reverse("graph:requests")
    if post is None:
        return reverse("feed:profile", args=[notice.people[0].handle])
    if comment is not None:
        return reverse("posts:thread", args=[post.id, str(comment.ref)])
    return reverse("posts:post", args=[post.id])


def _shown(notice: Notice) -> Post | None:
    """The post that a line leads to: of quotes and new posts the last of them, else what it is about."""
    return notice.last if notice.line.kind in {Kind.QUOTE, Kind.POST} else notice.post


def _cut(text: str) -> str:
    return Truncator(text).chars(EXCERPT_CHARACTERS)


def _pattern(notice: Notice) -> tuple[str, str]:
    one, two, many = _SENTENCES[notice.line.kind]
    others = len(notice.people) - 1 + notice.others
    if others == 0:
        return str(one), ""
    if others == 1 and len(notice.people) > 1:
        return str(two), ""
    number = str(_MORE_THAN).format(n=others) if notice.is_more else str(others)
    return str(many % {"n": others}), number


def _named(notice: Notice) -> dict[str, ProfileCard]:
    return dict(zip(("first", "second"), notice.people, strict=False))
