"""The feed under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.entities import PostId
from config.pages import signed_in_id
from feed import selectors
from feed.serializers import NewPostsSerializer, SinceQuery
from posts.serializers import PostSerializer

PostPage = cursor_page(PostSerializer)


class Home(APIView):
    """The caller's Following feed."""

    @extend_schema(operation_id="feed_home_list", parameters=[CursorQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """Posts of everybody the caller follows and the caller's own, newest first."""
        page = selectors.home_page(signed_in_id(request), **CursorQuery.of(request))
        return Response(written(PostPage, page))


class NewPosts(APIView):
    """What has come since the caller looked."""

    @extend_schema(operation_id="feed_home_new", parameters=[SinceQuery], responses=NewPostsSerializer)
    def get(self, request: Request) -> Response:
        """Cheap enough to be asked every few seconds."""
        query = SinceQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        count = selectors.new_posts_count(signed_in_id(request), since=PostId(query.validated_data["since"]))
        return Response(NewPostsSerializer({"count": count}).data)
