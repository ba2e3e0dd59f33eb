"""Posts and comments as the API writes and reads them. Limits of content are the services' to hold."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import IdField
from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.entities import Audience, PostCard
from posts.kept_cards import FIELDS, without_likes
from posts.media.limits import PHOTOS_A_POST
from posts.part_serializers import AuthorSerializer, FacetSerializer, PhotoSerializer, TimeField, photo_fields
from posts.repost_serializers import QuotedSerializer, RepostLineSerializer, quoted_fields
from posts.standing import Standing
from posts.text.limits import ALT_MAX_CHARACTERS, POST_MAX_CHARACTERS


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
    cover = serializers.CharField(
        source="post.cover",
        read_only=True,
        help_text="As warning, or what moderation says where the author says nothing: show this one.",
    )
    standing = serializers.ChoiceField(
        source="post.moderation.standing",
        choices=[standing.value for standing in Standing],
        read_only=True,
        help_text="What is waiting, held or rejected only its author sees; what is covered has a cover.",
    )
    standing_reason = serializers.CharField(source="post.moderation.reason", read_only=True)
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
    repost_count = serializers.IntegerField(source="post.repost_count", read_only=True)
    quote_count = serializers.IntegerField(source="post.quote_count", read_only=True)
    share_count = serializers.IntegerField(
        source="post.share_count", read_only=True, help_text="How many people shared it."
    )
    repost = RepostLineSerializer(
        read_only=True,
        allow_null=True,
        help_text="Who repeated it, if that is why it is here; null otherwise. All else is of the post itself.",
    )
    quoted = serializers.SerializerMethodField(help_text="What it quotes; null if it quotes nothing.")
    reposted = serializers.BooleanField(read_only=True, help_text="By the caller.")
    saved = serializers.BooleanField(read_only=True, help_text="By the caller; nobody else learns of it.")
    can_repost = serializers.BooleanField(
        read_only=True, help_text="Whether the caller may repost and quote it."
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

    def to_representation(self, instance: PostCard) -> dict[str, Any]:
        """Written once for all who are shown the same card; the parts are not to be changed."""
        write, bare = super().to_representation, without_likes(instance)
        fields = FIELDS.of(bare, make=lambda: write(bare))
        return {**fields, "like_count": instance.post.like_count, "liked": instance.liked}

    @extend_schema_field(serializers.BooleanField())
    def get_archived(self, card: PostCard) -> bool:
        return card.post.archived_at_ms is not None

    @extend_schema_field(QuotedSerializer(allow_null=True))
    def get_quoted(self, card: PostCard) -> dict[str, Any] | None:
        return quoted_fields(card)

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
    quote_of = IdField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A post that this one quotes: one for everyone, or the caller's own for no more people than it is for.",
    )


class LikeSerializer(serializers.Serializer[Any]):
    """The reader's like and everybody's."""

    liked = serializers.BooleanField(read_only=True)
    like_count = serializers.IntegerField(read_only=True)
