"""Who likes a post, under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.entities import PostId
from config.pages import viewer_of
from graph.serializers import PersonSerializer
from posts.likers import likers_page
from posts.visibility import visible_post


class LikersView(APIView):
    """Who likes a post."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="posts_likes_list", parameters=[CursorQuery], responses=cursor_page(PersonSerializer)
    )
    def get(self, request: Request, post_id: int) -> Response:
        """List who likes a post, newest first. Whom a block hides is counted in `like_count` and not listed."""
        viewer_id = viewer_of(request)
        shown = visible_post(viewer_id, PostId(post_id))
        page = likers_page(viewer_id, shown, **CursorQuery.of(request))
        return Response(written(cursor_page(PersonSerializer), page))
