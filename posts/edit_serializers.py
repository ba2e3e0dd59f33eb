"""Edits and versions as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import IdField
from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.entities import Audience, MediumId, PostVersion
from posts.media.addresses import files_of_post
from posts.media.choosing import Chosen
from posts.media.limits import PHOTOS_A_POST
from posts.part_serializers import FacetSerializer, PhotoSerializer, TimeField, photo_fields
from posts.photo_edits import Kept, Wanted
from posts.text.limits import ALT_MAX_BYTES


class EditedPhotoSerializer(serializers.Serializer[Any]):
    """One photo of several: a medium, or by its place in the post as it was read, which a photo without an id needs."""

    id = IdField(required=False, help_text="Of a photo of the post, or of a medium that was uploaded since.")
    place = serializers.IntegerField(required=False, min_value=1, help_text="From 1.")
    alt = serializers.CharField(
        required=False, allow_blank=True, max_length=ALT_MAX_BYTES, help_text="Not sent, it stays as it is."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises: ValidationError unless there is one of the two."""
        if ("id" in attrs) == ("place" in attrs):
            raise serializers.ValidationError(_("Name a photo by its id or by its place."))
        return attrs


def wanted_photos(given: list[dict[str, Any]]) -> list[Wanted]:
    """What the service takes."""
    return [
        Chosen(MediumId(one["id"]), one.get("alt")) if "id" in one else Kept(one["place"] - 1, one.get("alt"))
        for one in given
    ]


class PostEditSerializer(serializers.Serializer[Any]):
    """What is sent is changed, the rest stays."""

    version = serializers.IntegerField(
        min_value=1, help_text="Of the post as it was read: 409 if it has moved."
    )
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    alts = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=ALT_MAX_BYTES),
        required=False,
        help_text="One description for each photo, in their order.",
    )
    media = serializers.ListField(
        child=EditedPhotoSerializer(),
        required=False,
        max_length=PHOTOS_A_POST,
        help_text="The photos that it is to have, in their order: those that it has and new ones; the others go.",
    )
    audience = serializers.ChoiceField(choices=[audience.value for audience in Audience], required=False)
    warning = serializers.CharField(
        required=False, allow_blank=True, help_text=f"Up to {WARNING_MAX_CHARACTERS} characters."
    )
    language = serializers.CharField(required=False, allow_blank=True, help_text="BCP 47.")
    location = serializers.CharField(
        required=False, allow_blank=True, help_text=f"Up to {LOCATION_MAX_CHARACTERS} characters."
    )
    commenting = serializers.ChoiceField(choices=[who.value for who in Commenting], required=False)


class VersionSerializer(serializers.Serializer[Any]):
    """What a post was before a change."""

    version = serializers.IntegerField(source="post.version", read_only=True)
    since = TimeField(source="post.created_at_ms", read_only=True)
    text = serializers.CharField(source="post.text", read_only=True)
    facets = FacetSerializer(source="post.shown_facets", many=True, read_only=True)
    alts = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Of its photos, in order; empty if none had one.",
    )
    photos = serializers.SerializerMethodField(help_text="As they were, as long as their files are there.")
    warning = serializers.CharField(source="post.details.warning", read_only=True)
    language = serializers.CharField(source="post.details.language", read_only=True)
    location = serializers.CharField(source="post.details.location", read_only=True)
    audience = serializers.SerializerMethodField(help_text="Told to the author alone; null for others.")

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, version: PostVersion) -> list[dict[str, Any]]:
        post = version.post
        return [photo_fields(photo, files_of_post(post.id, photo)) for photo in post.photos]

    @extend_schema_field(
        serializers.ChoiceField(choices=[audience.value for audience in Audience], allow_null=True)
    )
    def get_audience(self, version: PostVersion) -> str | None:
        own = self.context.get("viewer_id") == version.post.author_id
        return version.post.audience.value if own else None
