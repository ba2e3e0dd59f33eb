"""Notifications as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import ProfileSerializer
from config.drf import IdField
from feed.notifications import sentences
from feed.notifications.entities import Kind, Notice
from feed.notifications.selectors import UNREAD_AT_MOST

KINDS = [kind.value for kind in Kind]


class NotificationSerializer(serializers.Serializer[Notice]):
    """One line: what one or several people did."""

    id = IdField(
        source="noted_id",
        read_only=True,
        help_text="When it was last added to: it changes with that. Hand it to `notifications_read` as `up_to`.",
    )
    kind = serializers.ChoiceField(source="line.kind", choices=KINDS, read_only=True)
    text = serializers.SerializerMethodField(help_text="A sentence in the caller's language.")
    excerpt = serializers.SerializerMethodField(help_text="What was said or liked, cut; it may be empty.")
    people = ProfileSerializer(many=True, read_only=True, help_text="The last who did it, at most three.")
    others = serializers.IntegerField(read_only=True, help_text="How many more did.")
    is_more = serializers.BooleanField(
        read_only=True, help_text="There are still others, who are not counted."
    )
    is_unread = serializers.BooleanField(read_only=True)
    at_ms = serializers.IntegerField(read_only=True, help_text="Milliseconds since 1970.")
    post_id = serializers.SerializerMethodField(help_text="What it is about; null for people.")
    comment = serializers.SerializerMethodField(
        help_text="The comment that was written or is liked, as under `comments`; null for all else."
    )
    url = serializers.SerializerMethodField(help_text="The page that shows it, relative to this site.")

    def get_text(self, notice: Notice) -> str:
        """In words."""
        return sentences.text_of(notice)

    def get_excerpt(self, notice: Notice) -> str:
        """Of the text."""
        return sentences.excerpt_of(notice)

    @extend_schema_field(IdField(allow_null=True))
    def get_post_id(self, notice: Notice) -> str | None:
        """Of new posts the last."""
        post = notice.post or notice.last
        return None if post is None else str(post.id)

    def get_comment(self, notice: Notice) -> str | None:
        """Its name."""
        return None if notice.comment is None else str(notice.comment.ref)

    def get_url(self, notice: Notice) -> str:
        """Where to look."""
        return sentences.address_of(notice)


class UnreadSerializer(serializers.Serializer[Any]):
    """How much is to be read."""

    count = serializers.IntegerField(
        read_only=True, help_text=f"Unread lines, at most {UNREAD_AT_MOST}: that many or more."
    )


class ReadSerializer(serializers.Serializer[Any]):
    """Up to where the caller has read."""

    up_to = IdField(help_text="`id` of the newest notification that was shown.")


class NotificationSettingsSerializer(serializers.Serializer[Any]):
    """What the caller wants to be told."""

    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS),
        help_text="Of these kinds. What was told of another kind before stays.",
    )
