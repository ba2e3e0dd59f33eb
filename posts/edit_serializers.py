"""Edits and versions as the API writes and reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.entities import Audience, PostVersion
from posts.part_serializers import FacetSerializer, TimeField
from posts.text.limits import ALT_MAX_BYTES


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
    warning = serializers.CharField(source="post.details.warning", read_only=True)
    language = serializers.CharField(source="post.details.language", read_only=True)
    location = serializers.CharField(source="post.details.location", read_only=True)
    audience = serializers.SerializerMethodField(help_text="Told to the author alone; null for others.")

    @extend_schema_field(
        serializers.ChoiceField(choices=[audience.value for audience in Audience], allow_null=True)
    )
    def get_audience(self, version: PostVersion) -> str | None:
        own = self.context.get("viewer_id") == version.post.author_id
        return version.post.audience.value if own else None
