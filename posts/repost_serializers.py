"""Reposts and quotes as the API writes them."""

from typing import Any

from rest_framework import serializers

from config.drf import IdField, written
from posts.entities import PostCard
from posts.part_serializers import AuthorSerializer, FacetSerializer, PhotoSerializer, TimeField, photo_fields


class RepostLineSerializer(serializers.Serializer[Any]):
    """How a post came into a list: somebody repeated it."""

    id = IdField(read_only=True, help_text="Of the repost.")
    by = AuthorSerializer(read_only=True)
    created_at = TimeField(source="created_at_ms", read_only=True)


class QuotedSerializer(serializers.Serializer[Any]):
    """What a post quotes, as far as its reader may see it: if `available` is false there is nothing else."""

    available = serializers.BooleanField(read_only=True)
    id = IdField(read_only=True, required=False)
    author = AuthorSerializer(read_only=True, required=False)
    text = serializers.CharField(read_only=True, required=False)
    facets = FacetSerializer(many=True, read_only=True, required=False)
    warning = serializers.CharField(
        read_only=True, required=False, help_text="As a post's: shown instead of its text and photo."
    )
    photo = PhotoSerializer(read_only=True, required=False, allow_null=True, help_text="The first one.")
    created_at = TimeField(read_only=True, required=False)


def quoted_fields(card: PostCard) -> dict[str, Any] | None:
    """As `QuotedSerializer` describes it; None for a post without a quote."""
    quoted = card.quoted
    if quoted is None:
        return {"available": False} if card.post.quote_of is not None else None
    return {
        "available": True,
        "id": str(quoted.post.id),
        "author": written(AuthorSerializer, quoted.author),
        "text": quoted.post.text,
        "facets": [written(FacetSerializer, facet) for facet in quoted.post.shown_facets],
        "warning": quoted.post.cover,
        "photo": photo_fields(quoted.photo.photo, quoted.photo.files) if quoted.photo else None,
        "created_at": TimeField().to_representation(quoted.post.created_at_ms),
    }


class RepostSerializer(serializers.Serializer[Any]):
    """The caller's repost and everybody's."""

    reposted = serializers.BooleanField(read_only=True)
    repost_count = serializers.IntegerField(read_only=True)
