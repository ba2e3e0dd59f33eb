"""Many posts by their ids, for programs that keep ids and ask what they are now."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from config.drf import IdField
from config.entities import PostId, UserId
from posts.entities import Post
from posts.selectors import posts_by_ids
from posts.visibility import visible_posts

IDS_AT_MOST = 50


class IdsQuery(serializers.Serializer[Any]):
    """The query of a batch."""

    ids = serializers.ListField(
        child=IdField(),
        min_length=1,
        max_length=IDS_AT_MOST,
        help_text=f"Of posts, each as a parameter of its own: `ids=1&ids=2`; at most {IDS_AT_MOST}.",
    )

    @classmethod
    def of(cls, request: Request) -> list[PostId]:
        """The ids that were asked for, each once.

        Raises: ValidationError, answered as 422.
        """
        query = cls(data=request.query_params)
        query.is_valid(raise_exception=True)
        return [PostId(post_id) for post_id in dict.fromkeys(query.validated_data["ids"])]


def visible_posts_by_ids(viewer_id: UserId | None, post_ids: Sequence[PostId]) -> list[Post]:
    """Those of the posts that the viewer may see, in the order of the ids; hidden and missing ones are absent alike.

    Cost: `posts_by_ids` and `visible_posts`.
    """
    found = posts_by_ids(post_ids)
    return visible_posts(viewer_id, [found[post_id] for post_id in post_ids if post_id in found])
