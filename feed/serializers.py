"""What the feed's API takes and gives beside posts."""

from typing import Any

from rest_framework import serializers

from config.drf import IdField
from feed.selectors import NEW_AT_MOST


class SinceQuery(serializers.Serializer[Any]):
    """From which post on."""

    since = IdField(help_text="Id of the newest post that the client has.")


class NewPostsSerializer(serializers.Serializer[Any]):
    """How much is new."""

    count = serializers.IntegerField(
        read_only=True,
        help_text=f"New posts of others, at most {NEW_AT_MOST}. A hint: some may turn out hidden.",
    )
