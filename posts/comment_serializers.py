"""Comments as the API writes and reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import CursorArguments, CursorQuery, IdField
from posts.comment_address import PATTERN
from posts.comment_entities import CommentCard
from posts.part_serializers import AuthorSerializer, FacetSerializer, TimeField
from posts.standing import Standing
from posts.text.limits import COMMENT_MAX_CHARACTERS
from posts.thread_selectors import Order


class CommentSerializer(serializers.Serializer[CommentCard]):
    """A comment under a post, or a reply in its thread."""

    id = IdField(source="comment.id", read_only=True)
    key = serializers.SerializerMethodField(
        help_text="Names the comment in addresses and in `reply_to`: its id; of a reply the thread's first comment's, a "
        "hyphen, and its own."
    )
    post_id = IdField(source="comment.post_id", read_only=True)
    root_id = IdField(
        source="comment.root_id",
        read_only=True,
        allow_null=True,
        help_text="Of a reply: what the thread begins with.",
    )
    parent_id = IdField(
        source="comment.parent_id",
        read_only=True,
        allow_null=True,
        help_text="Of a reply: what it answers, at any depth.",
    )
    answers = AuthorSerializer(
        read_only=True, allow_null=True, help_text="Whom a reply answers; null if that is not for the reader."
    )
    author = AuthorSerializer(read_only=True, allow_null=True, help_text="Null of a deleted comment.")
    text = serializers.CharField(source="comment.text", read_only=True)
    facets = FacetSerializer(source="comment.shown_facets", many=True, read_only=True)
    standing = serializers.ChoiceField(
        source="comment.moderation.standing",
        choices=[standing.value for standing in Standing],
        read_only=True,
        help_text="As a post's.",
    )
    standing_reason = serializers.CharField(
        source="comment.moderation.reason",
        read_only=True,
        help_text="Of a covered one: show this instead of the text until the reader asks for it.",
    )
    created_at = TimeField(source="comment.created_at_ms", read_only=True)
    reply_count = serializers.IntegerField(
        source="comment.replies",
        read_only=True,
        help_text="Of a comment, all replies in its thread; of a reply, those that answer it. The same for everybody.",
    )
    like_count = serializers.IntegerField(source="comment.likes", read_only=True)
    liked = serializers.BooleanField(read_only=True)
    deleted = serializers.BooleanField(
        source="comment.gone",
        read_only=True,
        help_text="It is there for its replies alone, without text and author.",
    )
    hidden = serializers.BooleanField(
        source="comment.hidden",
        read_only=True,
        help_text="By the post's author: only the two of them see it, and what answers it.",
    )
    can_delete = serializers.BooleanField(read_only=True)
    can_hide = serializers.BooleanField(read_only=True)

    @extend_schema_field({"type": "string", "pattern": f"^{PATTERN}$"})
    def get_key(self, card: CommentCard) -> str:
        return str(card.comment.ref)


class CommentCreateSerializer(serializers.Serializer[Any]):
    """A new comment, or an answer to one."""

    text = serializers.CharField(
        trim_whitespace=False,
        help_text=f"Up to {COMMENT_MAX_CHARACTERS} characters as a reader counts them (grapheme clusters).",
    )
    reply_to = serializers.RegexField(
        f"^{PATTERN}$", required=False, help_text="The `key` of the comment or reply that this answers."
    )


class CommentsQuery(CursorQuery):
    """The query of a post's comments."""

    order = serializers.ChoiceField(
        choices=[order.value for order in Order], required=False, default=Order.OLDEST.value
    )

    @classmethod
    def order_of(cls, query: Any) -> tuple[CursorArguments, Order]:
        """The page and the order that were asked for.

        Raises: ValidationError, answered as 422.
        """
        read = cls(data=query)
        read.is_valid(raise_exception=True)
        said = read.validated_data
        return {"cursor": said.get("cursor"), "limit": said["limit"]}, Order(said["order"])


class HiddenSerializer(serializers.Serializer[Any]):
    """Whether a comment is hidden by the post's author."""

    hidden = serializers.BooleanField(read_only=True)


class MutedSerializer(serializers.Serializer[Any]):
    """Whether the caller wants no notifications of a post."""

    muted = serializers.BooleanField(read_only=True)
