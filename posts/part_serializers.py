"""What posts, comments and versions are made of in the API: times, authors, facets, photos."""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from config.drf import IdField, written
from posts.entities import Photo, PhotoFile
from posts.text.facets import FacetKind


class TimeField(serializers.DateTimeField):
    """Milliseconds since 1970 to us, ISO 8601 in UTC to clients."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(datetime.fromtimestamp(value / 1000, UTC))


class AuthorSerializer(serializers.Serializer[Any]):
    """Who wrote it."""

    id = IdField(read_only=True)
    handle = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    avatar_url = serializers.CharField(read_only=True)


class FacetSerializer(serializers.Serializer[Any]):
    """A part of a text that leads somewhere. Offsets count Unicode code points, not bytes or UTF-16 units."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in FacetKind], read_only=True)
    start = serializers.IntegerField(read_only=True, help_text="Offset of its first code point.")
    end = serializers.IntegerField(read_only=True, help_text="Offset after its last code point.")
    value = serializers.CharField(
        read_only=True,
        help_text="tag: the normalised tag; mention: the handle; link: the address, its host in ASCII.",
    )
    user_id = IdField(read_only=True, help_text="Whom a mention means; null for others, and in older texts.")


class PhotoFileSerializer(serializers.Serializer[Any]):
    """One rendition without metadata. Ask for it with the session or token that the post was asked for with."""

    url = serializers.CharField(read_only=True)
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)


class PhotoSerializer(serializers.Serializer[Any]):
    """A photo in its sizes, smallest first. Addresses run out after hours: read the post again for new ones."""

    id = IdField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(
        choices=["waiting", "ready", "failed"],
        read_only=True,
        help_text="Until it is ready there are no renditions: show the blurhash or the colour.",
    )
    alt = serializers.CharField(read_only=True)
    blurhash = serializers.CharField(read_only=True)
    colour = serializers.CharField(read_only=True, help_text="The one that most of it has, as #rrggbb.")
    animated = serializers.BooleanField(
        read_only=True, help_text="The upload moved; this is its first picture."
    )
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    renditions = PhotoFileSerializer(many=True, read_only=True, help_text="As WebP.")
    avif = PhotoFileSerializer(many=True, read_only=True, help_text="The same as AVIF; may be empty.")


def photo_fields(photo: Photo, files: dict[str, tuple[PhotoFile, ...]]) -> dict[str, Any]:
    """A photo as `PhotoSerializer` describes it."""
    return {
        "id": None if photo.id is None else str(photo.id),
        "state": "waiting" if photo.is_waiting else "failed" if photo.failed else "ready",
        "alt": photo.alt,
        "blurhash": photo.blurhash,
        "colour": photo.colour,
        "animated": photo.animated,
        "width": photo.width,
        "height": photo.height,
        "renditions": [written(PhotoFileSerializer, file) for file in files.get("webp", ())],
        "avif": [written(PhotoFileSerializer, file) for file in files.get("avif", ())],
    }
