"""Media as the API writes and reads them."""

from typing import Any

from rest_framework import serializers

from config.drf import IdField
from posts.media.addresses import files_of_medium
from posts.media.entities import Medium, MediumState
from posts.part_serializers import PhotoSerializer, photo_fields
from posts.text.limits import ALT_MAX_CHARACTERS

ALT_HELP = f"What it shows, for people who can't see it: up to {ALT_MAX_CHARACTERS} characters."


class MediumSerializer(serializers.Serializer[Any]):
    """An uploaded picture, until a post takes it."""

    id = IdField(read_only=True)
    state = serializers.ChoiceField(choices=[state.value for state in MediumState], read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why it failed; empty otherwise.")
    size = serializers.IntegerField(read_only=True, help_text="Bytes of the upload.")
    offset = serializers.IntegerField(
        read_only=True, help_text="Bytes that have come, of an upload in pieces."
    )
    alt = serializers.CharField(read_only=True)
    post_id = IdField(read_only=True, allow_null=True)
    photo = PhotoSerializer(read_only=True, allow_null=True, help_text="Null until it was uploaded whole.")


def medium_fields(medium: Medium) -> dict[str, Any]:
    """A medium as `MediumSerializer` describes it."""
    is_whole = medium.look is not None
    shown = files_of_medium(medium.id, medium.photo) if is_whole and medium.post_id is None else {}
    return {
        "id": str(medium.id),
        "state": medium.state.value,
        "reason": medium.reason,
        "size": medium.size,
        "offset": medium.size if is_whole else medium.offset,
        "alt": medium.alt,
        "post_id": None if medium.post_id is None else str(medium.post_id),
        "photo": photo_fields(medium.photo, shown) if is_whole else None,
    }


class MediumCreateSerializer(serializers.Serializer[Any]):
    """A picture, as multipart."""

    file = serializers.FileField(
        allow_empty_file=True, help_text="JPEG, PNG, WebP, AVIF, HEIC or GIF, up to 30 MB and 50 MP."
    )
    alt = serializers.CharField(required=False, allow_blank=True, default="", help_text=ALT_HELP)


class MediumChangeSerializer(serializers.Serializer[Any]):
    """A new description."""

    alt = serializers.CharField(allow_blank=True, help_text=ALT_HELP)


class DirectUploadSerializer(serializers.Serializer[Any]):
    """An upload that is to go straight to the bucket."""

    length = serializers.IntegerField(min_value=0, help_text="Bytes.")
    type = serializers.CharField(required=False, default="", allow_blank=True, help_text="As image/jpeg.")
    alt = serializers.CharField(required=False, allow_blank=True, default="", help_text=ALT_HELP)


class DirectFormSerializer(serializers.Serializer[Any]):
    """Where to post the file to, as multipart with these fields before it."""

    medium = MediumSerializer(read_only=True)
    url = serializers.CharField(read_only=True)
    fields_ = serializers.DictField(child=serializers.CharField(), read_only=True, source="fields")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The last one is called `fields`, which is a name of the serializer's own."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        found["fields"].source = None
        return found
