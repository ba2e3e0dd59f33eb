"""Posts and comments as the API writes and reads them. Limits of content are the services' to hold."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import IdField
from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.entities import Audience, Photo, PhotoFile, PostCard
from posts.media.limits import PHOTOS_A_POST
from posts.text.facets import Facet, FacetKind
from posts.text.limits import ALT_MAX_CHARACTERS, POST_MAX_CHARACTERS


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


class FacetSerializer(serializers.Serializer[Facet]):
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
        "renditions": PhotoFileSerializer(files.get("webp", ()), many=True).data,
        "avif": PhotoFileSerializer(files.get("avif", ()), many=True).data,
    }


class PreviewSerializer(serializers.Serializer[Any]):
    """What the page of a post's first link says of itself."""

    url = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    site = serializers.CharField(read_only=True)
    picture_url = serializers.CharField(read_only=True, help_text="Empty without a picture.")
    picture_width = serializers.IntegerField(read_only=True)
    picture_height = serializers.IntegerField(read_only=True)


class PostSerializer(serializers.Serializer[PostCard]):
    """A post as its reader may see it."""

    id = IdField(source="post.id", read_only=True)
    author = AuthorSerializer(read_only=True)
    text = serializers.CharField(source="post.text", read_only=True)
    facets = FacetSerializer(source="post.shown_facets", many=True, read_only=True)
    warning = serializers.CharField(
        source="post.details.warning",
        read_only=True,
        help_text="If there is one, show it instead of text and photos until the reader asks for them.",
    )
    language = serializers.CharField(
        source="post.details.language", read_only=True, help_text="Of the text, as BCP 47; empty if not said."
    )
    location = serializers.CharField(source="post.details.location", read_only=True)
    photos = serializers.SerializerMethodField(help_text="In the author's order.")
    photo = serializers.SerializerMethodField(help_text="The first of them.")
    audience = serializers.ChoiceField(
        choices=[audience.value for audience in Audience],
        read_only=True,
        help_text="Of posts to close friends only their author is told so; to others it says followers.",
    )
    created_at = TimeField(source="post.created_at_ms", read_only=True)
    like_count = serializers.IntegerField(source="post.like_count", read_only=True)
    comment_count = serializers.IntegerField(
        source="post.comment_count",
        read_only=True,
        help_text="All comments, the same for everybody: also those that a block hides from the caller.",
    )
    commenting = serializers.ChoiceField(
        source="post.details.commenting",
        choices=[who.value for who in Commenting],
        read_only=True,
        help_text="Who may comment, of those who may see the post.",
    )
    can_comment = serializers.BooleanField(read_only=True, help_text="Whether the caller may.")
    version = serializers.IntegerField(
        source="post.version", read_only=True, help_text="To be sent back with a change of the post."
    )
    edited_at = TimeField(
        source="post.edited_at_ms",
        read_only=True,
        allow_null=True,
        help_text="When what it says was last changed; null if never.",
    )
    archived = serializers.SerializerMethodField(
        help_text="In its author's archive, for whom alone it is then."
    )
    liked = serializers.BooleanField(read_only=True)
    can_delete = serializers.BooleanField(read_only=True)
    preview = PreviewSerializer(
        read_only=True, allow_null=True, help_text="Of the first link; null until it has been fetched."
    )

    @extend_schema_field(serializers.BooleanField())
    def get_archived(self, card: PostCard) -> bool:
        return card.post.archived_at_ms is not None

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, card: PostCard) -> list[dict[str, Any]]:
        return [photo_fields(photo.photo, photo.files) for photo in card.photos]

    @extend_schema_field(PhotoSerializer(allow_null=True))
    def get_photo(self, card: PostCard) -> dict[str, Any] | None:
        return photo_fields(card.photos[0].photo, card.photos[0].files) if card.photos else None


class PostCreateSerializer(serializers.Serializer[Any]):
    """A text, a photo (as multipart), or both."""

    text = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text=f"Up to {POST_MAX_CHARACTERS} characters as a reader counts them (grapheme clusters).",
    )
    photo = serializers.FileField(
        required=False, help_text="JPEG, PNG, WebP, AVIF, HEIC or GIF, up to 30 MB and 50 MP."
    )
    alt = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text=f"What the photo shows, up to {ALT_MAX_CHARACTERS} characters.",
    )
    media_ids = serializers.ListField(
        child=IdField(),
        required=False,
        max_length=PHOTOS_A_POST,
        help_text="Photos that were uploaded to /media/ before, in their order; up to 20.",
    )
    audience = serializers.ChoiceField(
        choices=[audience.value for audience in Audience], default=Audience.EVERYONE.value
    )
    warning = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text=f"What the reader is warned of, up to {WARNING_MAX_CHARACTERS} characters.",
    )
    language = serializers.CharField(
        required=False, allow_blank=True, help_text="BCP 47; if not sent, the one in the author's settings."
    )
    location = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text=f"A place in words, up to {LOCATION_MAX_CHARACTERS} characters.",
    )
    commenting = serializers.ChoiceField(
        choices=[who.value for who in Commenting], default=Commenting.EVERYONE.value
    )


class LikeSerializer(serializers.Serializer[Any]):
    """The reader's like and everybody's."""

    liked = serializers.BooleanField(read_only=True)
    like_count = serializers.IntegerField(read_only=True)
