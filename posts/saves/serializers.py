"""Saves and collections as the API writes and reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import CursorQuery, IdField
from posts.part_serializers import PhotoSerializer, photo_fields
from posts.saves.entities import CollectionCard
from posts.serializers import PostSerializer


class SaveSerializer(serializers.Serializer[Any]):
    """Whether the caller keeps a post, and in which collections."""

    saved = serializers.BooleanField(read_only=True)
    collections = serializers.ListField(child=IdField(), read_only=True)


class SavedQuery(CursorQuery):
    """Which of the saved posts."""

    collection = IdField(required=False, help_text="Those in one collection. Absent: all.")


class SavedPageSerializer(serializers.Serializer[Any]):
    """A page of saved posts."""

    items = PostSerializer(many=True, read_only=True)
    hidden = serializers.IntegerField(
        read_only=True, help_text="How many saved posts at this stretch are not available at present."
    )
    next = serializers.CharField(
        source="next_cursor",
        allow_null=True,
        read_only=True,
        help_text="Hand it back as `cursor` for the next page. Null: the end.",
    )


class CollectionSerializer(serializers.Serializer[Any]):
    """Saved posts under a name."""

    id = IdField(source="collection.id", read_only=True)
    name = serializers.CharField(source="collection.name", read_only=True)
    post_count = serializers.IntegerField(
        source="collection.posts", read_only=True, help_text="All that are in it, hidden ones too."
    )
    cover = serializers.SerializerMethodField(
        help_text="The first photo of a post in it; null if there is none."
    )

    @extend_schema_field(PhotoSerializer(allow_null=True))
    def get_cover(self, card: CollectionCard) -> dict[str, Any] | None:
        return photo_fields(card.cover.photo, card.cover.files) if card.cover else None


class CollectionNameSerializer(serializers.Serializer[Any]):
    """A collection's name."""

    name = serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=1_000, help_text="1 to 50 characters."
    )
