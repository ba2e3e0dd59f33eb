"""Shares under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.entities import PostId
from config.pages import signed_in_id
from config.rates import limited
from posts import selectors, sharing
from posts.visibility import visible_post


class ShareSerializer(serializers.Serializer[dict[str, int]]):
    """How many people have handed a post on."""

    share_count = serializers.IntegerField(read_only=True)


class PostShareView(APIView):
    """The caller's having handed a post on."""

    @extend_schema(operation_id="posts_share", request=None, responses=ShareSerializer)
    @limited("like")
    def put(self, request: Request, post_id: int) -> Response:
        """Count a share. A person counts once a post, so repeating it is harmless."""
        user_id = signed_in_id(request)
        sharing.post_share(user_id=user_id, post_id=PostId(post_id))
        counts = selectors.post_counts(visible_post(user_id, PostId(post_id)).id)
        return Response(ShareSerializer({"share_count": counts.shares}).data)
