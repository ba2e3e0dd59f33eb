"""Hashtags under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.edge import public_page
from config.entities import Page
from config.pages import viewer_of
from posts.entities import PostCard
from posts.marks_beside import MarksBeside
from posts.orders import OrderQuery
from posts.selectors import post_cards
from posts.serializers import PostSerializer
from posts.tags import visible_posts_of_tag
from posts.top import visible_top_posts_of_tag


class TagPostsView(APIView):
    """Posts with a hashtag."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="tags_posts_list",
        parameters=[CursorQuery, OrderQuery],
        responses=cursor_page(PostSerializer),
    )
    @public_page
    def get(self, request: Request, tag: str) -> Response:
        """List the posts with a hashtag, newest or most liked first: those that the reader may see.

        The tag may be written in any case and width, with or without its sign.
        """
        viewer_id = viewer_of(request)
        read = visible_top_posts_of_tag if OrderQuery.is_top(request) else visible_posts_of_tag
        marks = MarksBeside(viewer_id)
        page = read(viewer_id, tag, **CursorQuery.of(request), marks=marks)
        cards: Page[PostCard] = Page(post_cards(viewer_id, page.items, known=marks.known), page.next_cursor)
        return Response(written(cursor_page(PostSerializer), cards))
