"""Drafts as the API writes and reads them. A draft may hold what could not be posted yet."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.drf import IdField
from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.drafts.entities import DraftCard
from posts.drafts.publishing import problem_text
from posts.entities import Audience
from posts.media.addresses import files_of_medium
from posts.media.limits import PHOTOS_A_POST
from posts.part_serializers import PhotoSerializer, TimeField, photo_fields
from posts.text.limits import ALT_MAX_CHARACTERS

ZONE_MAX_LENGTH = 64


class MomentField(serializers.DateTimeField):
    """A time that may come without an offset: then it is one in a zone that is told beside it."""

    def enforce_timezone(self, value: datetime) -> datetime:
        return value


class ChosenMediumSerializer(serializers.Serializer[Any]):
    """One photo of several, in their order."""

    id = IdField(help_text="Of a medium that was uploaded before.")
    alt = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text=f"What it shows, up to {ALT_MAX_CHARACTERS} characters.",
    )


class DraftSerializer(serializers.Serializer[DraftCard]):
    """A draft, for its author."""

    id = IdField(source="draft.id", read_only=True)
    version = serializers.IntegerField(
        source="draft.version", read_only=True, help_text="To be sent back with a change."
    )
    saved_at = TimeField(source="draft.saved_at_ms", read_only=True)
    text = serializers.CharField(source="draft.content.text", read_only=True)
    media = serializers.SerializerMethodField(help_text="In their order, those that are still to be had.")
    audience = serializers.ChoiceField(
        source="draft.content.audience",
        choices=[audience.value for audience in Audience],
        read_only=True,
    )
    warning = serializers.CharField(source="draft.content.details.warning", read_only=True)
    language = serializers.CharField(source="draft.content.details.language", read_only=True)
    location = serializers.CharField(source="draft.content.details.location", read_only=True)
    commenting = serializers.ChoiceField(
        source="draft.content.details.commenting",
        choices=[who.value for who in Commenting],
        read_only=True,
    )
    quote_of = IdField(source="draft.content.quote_of", read_only=True, allow_null=True)
    publish_at = TimeField(
        source="draft.timing.due_at_ms",
        read_only=True,
        allow_null=True,
        help_text="When it publishes itself; null: it does not.",
    )
    zone = serializers.CharField(
        source="draft.timing.zone",
        read_only=True,
        help_text="The time zone that the time was chosen in; empty without one.",
    )
    problem = serializers.CharField(
        source="draft.problem",
        read_only=True,
        help_text="Why it was not published when it was due, as a code; empty if nothing went wrong.",
    )
    problem_detail = serializers.SerializerMethodField(help_text="The same in words.")

    @extend_schema_field(PhotoSerializer(many=True))
    def get_media(self, card: DraftCard) -> list[dict[str, Any]]:
        return [photo_fields(medium.photo, files_of_medium(medium.id, medium.photo)) for medium in card.media]

    @extend_schema_field(serializers.CharField())
    def get_problem_detail(self, card: DraftCard) -> str:
        return problem_text(card.draft)


class DraftCreateSerializer(serializers.Serializer[Any]):
    """What is sent is kept; everything may be missing."""

    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    media = serializers.ListField(
        child=ChosenMediumSerializer(), required=False, max_length=PHOTOS_A_POST, help_text="In their order."
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
    quote_of = IdField(required=False, allow_null=True, help_text="A post to be quoted; null for none.")
    publish_at = MomentField(
        required=False,
        allow_null=True,
        help_text="Have it published by itself at that time, at most a year ahead; null: not any more. "
        "Without an offset it is a time in `zone`.",
    )
    zone = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=ZONE_MAX_LENGTH,
        help_text="As the IANA names it, such as Europe/Lisbon. UTC if not sent.",
    )


class DraftChangeSerializer(DraftCreateSerializer):
    """What is sent is changed, the rest stays."""

    version = serializers.IntegerField(
        min_value=1, help_text="Of the draft as it was read: 409 if it has moved."
    )


class DraftPublishSerializer(serializers.Serializer[Any]):
    """Which draft is meant."""

    version = serializers.IntegerField(
        min_value=1, required=False, help_text="Of the draft as it was read: 409 if it has moved."
    )
