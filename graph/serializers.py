"""What the graph's API writes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from config.drf import CursorQuery, IdField
from graph.entities import FollowKind, FollowState, Person


class RelationshipSerializer(serializers.Serializer[Any]):
    """How the caller stands to one person."""

    following = serializers.BooleanField(read_only=True)
    followed_by = serializers.BooleanField(read_only=True)
    requested = serializers.BooleanField(read_only=True)


class FollowSerializer(serializers.Serializer[Any]):
    """The answer to a follow: it stands, or it waits for approval."""

    user_id = IdField(read_only=True)
    state = serializers.ChoiceField(choices=[state.value for state in FollowState], read_only=True)


class CountsSerializer(serializers.Serializer[Any]):
    """How many follow, and how many are followed."""

    followers = serializers.IntegerField(read_only=True)
    following = serializers.IntegerField(read_only=True)


class ListQuery(CursorQuery):
    """The query of a list of people."""

    order = serializers.ChoiceField(
        choices=["newest", "handle"],
        required=False,
        default="newest",
        help_text="Newest first, or by handle.",
    )
    q = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        help_text="Only handles that begin so; the order is then by handle.",
    )

    @classmethod
    def by_handle(cls, request: Request) -> str | None:
        """As `people_page` takes it.

        Raises: ValidationError.
        """
        query = cls(data=request.query_params)
        query.is_valid(raise_exception=True)
        prefix = str(query.validated_data["q"]).removeprefix("@").lower()
        return prefix if prefix or query.validated_data["order"] == "handle" else None


class FollowSettingsSerializer(serializers.Serializer[Any]):
    """What the caller has chosen for one follow."""

    notify = serializers.BooleanField(required=False, help_text="Whether to hear of new posts.")
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in FollowKind], required=False, help_text="For the caller alone."
    )


class ApprovalSerializer(serializers.Serializer[Any]):
    """How far the approval of all requests is. What can't be approved, as of accounts that are gone, is skipped."""

    approved = serializers.IntegerField(read_only=True)
    skipped = serializers.IntegerField(read_only=True)
    done = serializers.BooleanField(read_only=True)


class MuteSerializer(serializers.Serializer[Any]):
    """For how long to mute."""

    days = serializers.IntegerField(
        min_value=1,
        max_value=365,
        allow_null=True,
        required=False,
        default=None,
        help_text="From now on; null, or nothing, is for good.",
    )


class MarkedSerializer(serializers.Serializer[Any]):
    """Somebody whom the caller blocks, mutes, or has among the close friends."""

    id = IdField(source="profile.id", read_only=True)
    handle = serializers.CharField(source="profile.handle", read_only=True)
    name = serializers.CharField(source="profile.name", read_only=True)
    avatar_url = serializers.CharField(source="profile.avatar_url", read_only=True)
    since_ms = serializers.IntegerField(
        source="marked.since_ms", read_only=True, help_text="Milliseconds since 1970."
    )
    until_ms = serializers.IntegerField(
        source="marked.until_ms",
        read_only=True,
        allow_null=True,
        help_text="When a mute ends; null for good, and of what is no mute.",
    )


class PersonSerializer(serializers.Serializer[Any]):
    """One row of a list of people. `relationship` is null on the caller's own row."""

    id = IdField(source="profile.id", read_only=True)
    handle = serializers.CharField(source="profile.handle", read_only=True)
    name = serializers.CharField(source="profile.name", read_only=True)
    avatar_url = serializers.CharField(source="profile.avatar_url", read_only=True)
    is_private = serializers.BooleanField(source="profile.is_private", read_only=True)
    since_ms = serializers.IntegerField(read_only=True, help_text="Milliseconds since 1970.")
    relationship = serializers.SerializerMethodField()

    @extend_schema_field(RelationshipSerializer(allow_null=True))
    def get_relationship(self, person: Person) -> Any:
        """Nested and nullable."""
        return RelationshipSerializer(person.relationship).data if person.relationship else None


class KnownSerializer(serializers.Serializer[Any]):
    """Who of those that the caller follows follows a person."""

    items = PersonSerializer(source="people", many=True, read_only=True)
    complete = serializers.BooleanField(
        read_only=True, help_text="These are all. Else the caller follows many, and these are at least."
    )


class FetchingSerializer(serializers.Serializer[Any]):
    """How far a list is on its way back from the archive."""

    back = serializers.IntegerField(read_only=True, help_text="Edges seen to, of both lists.")
    rows = serializers.IntegerField(read_only=True)


class ListFetchingSerializer(serializers.Serializer[Any]):
    """In place of a page (202): the list is being fetched from the archive; ask again after `Retry-After` seconds."""

    items = serializers.ListField(child=PersonSerializer(), read_only=True, help_text="Empty.")
    next = serializers.CharField(allow_null=True, read_only=True, help_text="Null.")
    fetching = FetchingSerializer(read_only=True)
