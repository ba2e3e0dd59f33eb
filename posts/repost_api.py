"""Reposts and quotes under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.entities import Page, PostId
from config.pages import signed_in_id, viewer_of
from config.rates import limited
from posts import reposting, selectors
from posts.entities import PostCard, RepostLine
from posts.repost_serializers import RepostLineSerializer, RepostSerializer
from posts.serializers import PostSerializer
from posts.visibility import visible_post


class PostRepostView(APIView):
    """The caller's repost of a post."""

    @extend_schema(operation_id="posts_repost", request=None, responses=RepostSerializer)
    @limited("post")
    def put(self, request: Request, post_id: int) -> Response:
        """Repost a post that is for everyone, or one of one's own: 403 `not_shareable`. Repeating it is harmless."""
        user_id = signed_in_id(request)
        reposting.repost_create(user_id=user_id, post_id=PostId(post_id))
        return _answer(visible_post(user_id, PostId(post_id)).id, reposted=True)

    @extend_schema(operation_id="posts_unrepost", responses=RepostSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take the repost back. Repeating it is harmless."""
        user_id = signed_in_id(request)
        target_id = selectors.shown_id(PostId(post_id))
        reposting.repost_delete(user_id=user_id, post_id=target_id)
        return _answer(visible_post(user_id, target_id).id, reposted=False)


class PostRepostsView(APIView):
    """Who reposted a post."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="posts_reposts_list",
        parameters=[CursorQuery],
        responses=cursor_page(RepostLineSerializer),
    )
    def get(self, request: Request, post_id: int) -> Response:
        """List a post's reposts, newest first: those that the reader may see."""
        viewer_id = viewer_of(request)
        target = visible_post(viewer_id, PostId(post_id))
        page = reposting.visible_reposts(viewer_id, target, **CursorQuery.of(request))
        lines: Page[RepostLine] = Page(
            [card.repost for card in selectors.post_cards(viewer_id, page.items) if card.repost],
            page.next_cursor,
        )
        return Response(written(cursor_page(RepostLineSerializer), lines))


class PostQuotesView(APIView):
    """Which posts quote a post."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="posts_quotes_list", parameters=[CursorQuery], responses=cursor_page(PostSerializer)
    )
    def get(self, request: Request, post_id: int) -> Response:
        """List the posts that quote a post, newest first: those that the reader may see."""
        viewer_id = viewer_of(request)
        target = visible_post(viewer_id, PostId(post_id))
        page = reposting.visible_quotes(viewer_id, target, **CursorQuery.of(request))
        cards: Page[PostCard] = Page(selectors.post_cards(viewer_id, page.items), page.next_cursor)
        return Response(written(cursor_page(PostSerializer), cards))


def _answer(post_id: PostId, *, reposted: bool) -> Response:
    counts = selectors.post_counts(post_id)
    return Response(RepostSerializer({"reposted": reposted, "repost_count": counts.reposts}).data)
