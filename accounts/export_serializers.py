"""Exports as JSON."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.export_models import Export, ExportState
from accounts.export_selectors import progress_of, share_of
from config.drf import IdField


class ExportPartSerializer(serializers.Serializer[Any]):
    """How far one part is."""

    name = serializers.CharField(read_only=True)
    done = serializers.IntegerField(read_only=True, help_text="Records so far.")
    total = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Records expected; null where nobody can tell."
    )


class ExportSerializer(serializers.Serializer[Any]):
    """One export of one's own."""

    id = IdField(read_only=True)
    state = serializers.ChoiceField(choices=ExportState.values, read_only=True)
    percent = serializers.SerializerMethodField(help_text="About how far it is.")
    parts = serializers.SerializerMethodField()
    size = serializers.IntegerField(read_only=True, help_text="Bytes of the file; 0 until it is ready.")
    asked_at = serializers.DateTimeField(read_only=True)
    ready_at = serializers.DateTimeField(read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    download_url = serializers.SerializerMethodField(
        help_text="Relative to this site; null unless it is ready."
    )

    def get_percent(self, export: Export) -> int:
        """From the parts that are done."""
        return share_of(export)

    @extend_schema_field(ExportPartSerializer(many=True))
    def get_parts(self, export: Export) -> Any:
        """Every part, in the order they are made."""
        return ExportPartSerializer(progress_of(export), many=True).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_download_url(self, export: Export) -> str | None:
        """Where the file is."""
        if export.state != ExportState.READY:
            return None
        return reverse("api_export_download", args=[export.pk])


class ExportListSerializer(serializers.Serializer[Any]):
    """The latest exports, newest first."""

    items = ExportSerializer(many=True, read_only=True)
