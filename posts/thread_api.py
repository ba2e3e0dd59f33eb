"""Comments and their threads under /api/v1/. Whoever may not see one gets the answer that it is not there."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page, written
from config.edge import public_page
from config.entities import Page, PostId, UserId
from config.pages import signed_in_id, viewer_of
from config.rates import limited
from posts import muting, threads
from posts.comment_address import ref_of
from posts.comment_entities import Comment, CommentCard
from posts.comment_serializers import (
    CommentCreateSerializer,
    CommentSerializer,
    CommentsQuery,
    HiddenSerializer,
    MutedSerializer,
)
from posts.entities import Post
from posts.selectors import shown_id
from posts.serializers import LikeSerializer
from posts.thread_selectors import comment_card, comment_cards, comments_of_post, replies_of_comment
from posts.visibility import visible_comments, visible_post, visible_thread


class CommentsView(APIView):
    """Comments of a post."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="posts_comments_list",
        parameters=[CommentsQuery],
        responses=cursor_page(CommentSerializer),
    )
    @public_page
    def get(self, request: Request, post_id: int) -> Response:
        """List what threads under a post begin with, oldest first unless asked otherwise. Replies are asked for by it."""
        viewer_id = viewer_of(request)
        shown = visible_post(viewer_id, PostId(post_id))
        asked, order = CommentsQuery.order_of(request.query_params)
        return _page(viewer_id, shown, comments_of_post(shown.id, **asked, order=order, spread=shown.spread))

    @extend_schema(
        operation_id="posts_comments_create",
        request=CommentCreateSerializer,
        responses={201: CommentSerializer},
    )
    @limited("comment")
    def post(self, request: Request, post_id: int) -> Response:
        """Comment on a post, or answer a comment under it."""
        author_id = signed_in_id(request)
        content = CommentCreateSerializer(data=request.data)
        content.is_valid(raise_exception=True)
        reply_to = content.validated_data.get("reply_to")
        made = threads.comment_create(
            author_id=author_id,
            post_id=PostId(post_id),
            text=content.validated_data["text"],
            reply_to=ref_of(post_id, reply_to) if reply_to else None,
        )
        card = comment_card(author_id, visible_post(author_id, PostId(post_id)), made)
        return Response(written(CommentSerializer, card), status=status.HTTP_201_CREATED)


class CommentView(APIView):
    """One comment or reply."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(operation_id="comments_retrieve", responses=CommentSerializer)
    def get(self, request: Request, post_id: int, key: str) -> Response:
        """Read a comment or a reply."""
        viewer_id = viewer_of(request)
        shown = visible_post(viewer_id, PostId(post_id))
        found, _root = visible_thread(viewer_id, shown, ref_of(post_id, key))
        return Response(written(CommentSerializer, comment_card(viewer_id, shown, found)))

    @extend_schema(operation_id="comments_delete", responses={204: None})
    def delete(self, request: Request, post_id: int, key: str) -> Response:
        """Delete a comment: one's own, or one under a post of one's own. Replies to it stay."""
        threads.comment_delete(user_id=signed_in_id(request), ref=ref_of(post_id, key))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RepliesView(APIView):
    """The thread of a comment."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="comments_replies_list",
        parameters=[CursorQuery],
        responses=cursor_page(CommentSerializer),
    )
    @public_page
    def get(self, request: Request, post_id: int, key: str) -> Response:
        """List a thread's replies of all depths, oldest first. By the key of a reply: of the thread that it is in."""
        viewer_id = viewer_of(request)
        shown = visible_post(viewer_id, PostId(post_id))
        _found, root = visible_thread(viewer_id, shown, ref_of(post_id, key))
        return _page(viewer_id, shown, replies_of_comment(root, **CursorQuery.of(request)))


class CommentHiddenView(APIView):
    """Hiding of comments under one's posts."""

    @extend_schema(operation_id="comments_hide", request=None, responses=HiddenSerializer)
    @limited("mark")
    def put(self, request: Request, post_id: int, key: str) -> Response:
        """Hide somebody's comment under a post of one's own from all others, with its thread."""
        return _hide(request, post_id, key, hidden=True)

    @extend_schema(operation_id="comments_unhide", responses=HiddenSerializer)
    @limited("mark")
    def delete(self, request: Request, post_id: int, key: str) -> Response:
        """Show it to everyone again."""
        return _hide(request, post_id, key, hidden=False)


class CommentLikeView(APIView):
    """The caller's like on a comment or reply."""

    @extend_schema(operation_id="comments_like", request=None, responses=LikeSerializer)
    @limited("like")
    def put(self, request: Request, post_id: int, key: str) -> Response:
        """Like a comment. Repeating it is harmless."""
        threads.comment_like(user_id=signed_in_id(request), ref=ref_of(post_id, key))
        return _like(request, post_id, key, liked=True)

    @extend_schema(operation_id="comments_unlike", responses=LikeSerializer)
    def delete(self, request: Request, post_id: int, key: str) -> Response:
        """Take the like back. Repeating it is harmless."""
        ref = ref_of(shown_id(PostId(post_id)), key)
        threads.comment_unlike(user_id=signed_in_id(request), ref=ref)
        return _like(request, post_id, key, liked=False)


class PostMuteView(APIView):
    """Notifications of one post."""

    @extend_schema(operation_id="posts_mute", request=None, responses=MutedSerializer)
    @limited("mark")
    def put(self, request: Request, post_id: int) -> Response:
        """Turn notifications of a post off. Repeating it is harmless."""
        muting.post_mute(user_id=signed_in_id(request), post_id=PostId(post_id))
        return Response(MutedSerializer({"muted": True}).data)

    @extend_schema(operation_id="posts_unmute", responses=MutedSerializer)
    @limited("mark")
    def delete(self, request: Request, post_id: int) -> Response:
        """Turn them on again. Repeating it is harmless."""
        muting.post_unmute(user_id=signed_in_id(request), post_id=shown_id(PostId(post_id)))
        return Response(MutedSerializer({"muted": False}).data)


def _like(request: Request, post_id: int, key: str, *, liked: bool) -> Response:
    viewer_id, ref = signed_in_id(request), ref_of(post_id, key)
    found, _root = visible_thread(viewer_id, visible_post(viewer_id, ref.post_id), ref)
    return Response(LikeSerializer({"liked": liked, "like_count": found.likes}).data)


def _hide(request: Request, post_id: int, key: str, *, hidden: bool) -> Response:
    threads.comment_hide(user_id=signed_in_id(request), ref=ref_of(post_id, key), hidden=hidden)
    return Response(HiddenSerializer({"hidden": hidden}).data)


def _cards(viewer_id: UserId | None, shown: Post, comments: Sequence[Comment]) -> list[CommentCard]:
    return comment_cards(viewer_id, shown, visible_comments(viewer_id, shown, comments))


def _page(viewer_id: UserId | None, shown: Post, page: Page[Comment]) -> Response:
    cards = Page(_cards(viewer_id, shown, page.items), page.next_cursor)
    return Response(written(cursor_page(CommentSerializer), cards))
