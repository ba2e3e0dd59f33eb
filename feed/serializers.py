"""What the feed's API takes and gives beside posts."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ProfileSerializer
from config.drf import IdField
from feed.selectors import NEW_AT_MOST
from graph.suggestion_entities import NAMED_AT_MOST, Source


class SinceQuery(serializers.Serializer[Any]):
    """From which post on."""

    since = IdField(help_text="Id of the newest post that the client has.")


class NewPostsSerializer(serializers.Serializer[Any]):
    """How much is new."""

    count = serializers.IntegerField(
        read_only=True,
        help_text=f"New posts of others, at most {NEW_AT_MOST}. A hint: some may turn out hidden.",
    )


class SuggestionSerializer(serializers.Serializer[Any]):
    """Somebody whom the caller may like to follow, and why."""

    profile = ProfileSerializer(source="person.profile", read_only=True)
    follows_you = serializers.BooleanField(source="person.relationship.followed_by", read_only=True)
    kind = serializers.ChoiceField(
        source="source",
        choices=[source.value for source in Source],
        read_only=True,
        help_text="Followed by people the caller follows, popular in a topic, popular on this site, or new.",
    )
    reason = serializers.CharField(read_only=True, help_text="The same in words, in the caller's language.")
    people = ProfileSerializer(
        many=True,
        read_only=True,
        help_text=f"Up to {NAMED_AT_MOST} of those the caller follows who follow this person.",
    )
    count = serializers.IntegerField(
        read_only=True, help_text="How many of them there are, as far as was looked; 0 for the other kinds."
    )
    topic = serializers.CharField(read_only=True, help_text="Without #; empty for the other kinds.")
