"""Handing a post on: what is counted, and what of it the world outside gets. That is what an anonymous visitor may see.

the link     leads to whom the post is for, so anybody who sees it may copy it
the rest     embeds, oEmbed, the preview that other sites show: posts that everybody may see, asked at each request
"""

from dataclasses import dataclass
from typing import Final

import structlog

from config.entities import PostId, UserId
from posts import cache
from posts.entities import PhotoFile, Post, PostCard
from posts.repository import shares
from posts.selectors import post_cards
from posts.visibility import can_view, visible_post

logger = structlog.get_logger()
EMBED_WIDTH: Final = 550
EMBED_WIDTH_LEAST: Final = 220
WORDS_HEIGHT: Final = 230
"""Of an embed without its photo. Units: pixels."""


@dataclass(frozen=True, slots=True)
class EmbedSize:
    """How large a frame an embed asks for. Units: CSS pixels."""

    width: int
    height: int


def post_share(*, user_id: UserId, post_id: PostId) -> None:
    """Count that somebody has handed the post on.

    Idempotent: by person and post. Cost: 1 request, 4 WU, after `visible_post`. Raises: PostNotFound.
    """
    post = visible_post(user_id, post_id)
    with cache.in_doubt(post.id):
        new = shares.put_share(user_id, post.id)
    cache.forget_counts(post.id)
    logger.info("share", post_id=post.id, user_id=user_id, new=new)


def is_public(post: Post) -> bool:
    """Whether everybody may see it, signed in or not. Cost: none; the author's card is cached."""
    return can_view(None, post)


def public_card(post_id: PostId) -> PostCard:
    """A post as an anonymous visitor sees it.

    Cost: `visible_post`, `post_cards`. Raises: PostNotFound, the same for hidden and missing.
    """
    return post_cards(None, [visible_post(None, post_id)])[0]


def public_picture(card: PostCard) -> PhotoFile | None:
    """The first photo, for whoever shows a preview; none of a post that has a cover."""
    return card.photo_files[-1] if card.photo_files and not card.post.cover else None


def embed_size(card: PostCard, *, max_width: int | None = None, max_height: int | None = None) -> EmbedSize:
    """The frame that shows a post whole at its width, within what the other side allows."""
    width = max(EMBED_WIDTH_LEAST, min(EMBED_WIDTH, max_width or EMBED_WIDTH))
    photo = card.post.photo if not card.post.cover else None
    shown = min(width, round(width * photo.height / photo.width)) if photo else 0
    lines = len(card.post.text) // max(1, width // 8) if not card.post.cover else 0
    height = WORDS_HEIGHT + shown + min(lines, 12) * 24
    return EmbedSize(width, max(1, min(height, max_height or height)))
