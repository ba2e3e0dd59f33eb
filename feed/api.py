"""The feed under /api/v1/."""

from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.entities import PostId, UserId
from config.pages import signed_in_id
from feed import selectors
from feed.first_pages import first_page
from feed.serializers import NewPostsSerializer, SinceQuery
from posts.serializers import PostSerializer

PostPage = cursor_page(PostSerializer)


_json: Final = JSONRenderer()


def home_as_json(reader_id: UserId, *, limit: int = selectors.PAGE_SIZE) -> bytes:
    """The first page as it is sent. Cost, Consistency: as `first_page`."""
    parts = first_page(reader_id, "json", lambda page: [_json.render(written(PostPage, page))], limit=limit)
    return b"".join(parts or ())


class Home(APIView):
    """The caller's Following feed."""

    @extend_schema(operation_id="feed_home_list", parameters=[CursorQuery], responses=PostPage)
    def get(self, request: Request) -> HttpResponseBase:
        """Posts of everybody the caller follows and the caller's own, newest first."""
        asked, reader_id = CursorQuery.of(request), signed_in_id(request)
        if asked["cursor"]:
            return Response(written(PostPage, selectors.home_page(reader_id, **asked)))
        return HttpResponse(home_as_json(reader_id, limit=asked["limit"]), content_type="application/json")


class NewPosts(APIView):
    """What has come since the caller looked."""

    @extend_schema(operation_id="feed_home_new", parameters=[SinceQuery], responses=NewPostsSerializer)
    def get(self, request: Request) -> Response:
        """Cheap enough to be asked every few seconds."""
        query = SinceQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        count = selectors.new_posts_count(signed_in_id(request), since=PostId(query.validated_data["since"]))
        return Response(NewPostsSerializer({"count": count}).data)
