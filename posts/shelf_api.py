"""Deleted, archived and pinned posts under /api/v1/."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.entities import Page, PostId, UserId
from config.pages import signed_in_id, viewer_of
from posts import removal, selectors, shelving
from posts.entities import Post, PostCard
from posts.serializers import PostSerializer
from posts.visibility import visible_posts


class DeletedPostsView(APIView):
    """What the caller has deleted."""

    @extend_schema(
        operation_id="me_deleted_posts_list", parameters=[CursorQuery], responses=cursor_page(PostSerializer)
    )
    def get(self, request: Request) -> Response:
        """List one's posts deleted within 30 days, newest first. Addresses of their photos are closed meanwhile."""
        author_id = signed_in_id(request)
        return _page(author_id, removal.deleted_posts(author_id, **CursorQuery.of(request)))


class ArchivedPostsView(APIView):
    """What the caller has archived."""

    @extend_schema(
        operation_id="me_archived_posts_list", parameters=[CursorQuery], responses=cursor_page(PostSerializer)
    )
    def get(self, request: Request) -> Response:
        """List one's archived posts, newest first."""
        author_id = signed_in_id(request)
        page = shelving.archived_posts(author_id, **CursorQuery.of(request))
        return _page(author_id, Page(visible_posts(author_id, page.items), page.next_cursor))


class PinnedPostsView(APIView):
    """What an account has pinned."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(operation_id="users_pinned_list", responses=PostSerializer(many=True))
    def get(self, request: Request, user_id: int) -> Response:
        """List an account's pinned posts, at most three: those that the reader may see."""
        viewer_id = viewer_of(request)
        return Response(_cards(viewer_id, shelving.pinned_posts(viewer_id, UserId(user_id))))


class PostRestoreView(APIView):
    """A deletion taken back."""

    @extend_schema(operation_id="posts_restore", request=None, responses=PostSerializer)
    def post(self, request: Request, post_id: int) -> Response:
        """Bring back a post of one's own that was deleted within 30 days. Repeating it is harmless."""
        author_id = signed_in_id(request)
        back = removal.post_restore(user_id=author_id, post_id=PostId(post_id))
        return Response(_cards(author_id, visible_posts(author_id, [back]))[0])


class PostArchiveView(APIView):
    """Whether a post is in its author's archive."""

    @extend_schema(operation_id="posts_archive", request=None, responses=PostSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """Archive a post of one's own: nobody else sees it. Repeating it is harmless."""
        return _archived(signed_in_id(request), PostId(post_id), archived=True)

    @extend_schema(operation_id="posts_unarchive", responses=PostSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Put a post back from the archive. Repeating it is harmless."""
        return _archived(signed_in_id(request), PostId(post_id), archived=False)


class PostPinView(APIView):
    """Whether a post is pinned to its author's profile."""

    @extend_schema(operation_id="posts_pin", request=None, responses={204: None})
    def put(self, request: Request, post_id: int) -> Response:
        """Pin a post of one's own: 409 `too_many_pins` if three are. Repeating it is harmless."""
        shelving.post_pin(user_id=signed_in_id(request), post_id=PostId(post_id))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="posts_unpin", responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Unpin a post. Repeating it is harmless."""
        shelving.post_unpin(user_id=signed_in_id(request), post_id=PostId(post_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _archived(author_id: UserId, post_id: PostId, *, archived: bool) -> Response:
    post = shelving.post_archive(user_id=author_id, post_id=post_id, archived=archived)
    return Response(_cards(author_id, visible_posts(author_id, [post]))[0])


def _cards(viewer_id: UserId | None, posts: Sequence[Post]) -> list[object]:
    return [written(PostSerializer, card) for card in selectors.post_cards(viewer_id, posts)]


def _page(viewer_id: UserId, page: Page[Post]) -> Response:
    cards: Page[PostCard] = Page(selectors.post_cards(viewer_id, page.items), page.next_cursor)
    return Response(written(cursor_page(PostSerializer), cards))
