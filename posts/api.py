"""Posts under /api/v1/. Whoever may not see a post gets the answer that it is not there."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import profile_by_id
from config.drf import CursorQuery, cursor_page, written
from config.edge import public_page
from config.entities import Page, PostId, UserId
from config.idempotency import idempotency_key, key_parameter
from config.pages import signed_in_id, viewer_of
from config.rates import limited
from posts import editing, selectors, services
from posts.batch import IdsQuery, visible_posts_by_ids
from posts.edit_serializers import PostEditSerializer, VersionSerializer, wanted_photos
from posts.entities import MediumId, PostCard
from posts.media.choosing import Chosen
from posts.orders import OrderQuery
from posts.serializers import LikeSerializer, PostCreateSerializer, PostSerializer
from posts.top import visible_top_posts_of_author
from posts.visibility import visible_post, visible_posts, visible_posts_of_author

KeyParameter = key_parameter(
    "Any text of yours, new for each post. The same key within a day gives the post that it made."
)


class PostsView(APIView):
    """Publishing, and reading many at once."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(operation_id="posts_list", parameters=[IdsQuery], responses=PostSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Read up to 50 posts by their ids: those that the reader may see, in the order asked for."""
        viewer_id = viewer_of(request)
        found = visible_posts_by_ids(viewer_id, IdsQuery.of(request))
        return Response([written(PostSerializer, card) for card in selectors.post_cards(viewer_id, found)])

    @extend_schema(
        operation_id="posts_create",
        parameters=[KeyParameter],
        request=PostCreateSerializer,
        responses={201: PostSerializer},
    )
    @limited("post")
    def post(self, request: Request) -> Response:
        """Publish a text, up to 20 photos or both."""
        content = _validated(PostCreateSerializer, request)
        author_id = signed_in_id(request)
        content.setdefault("language", profile_by_id(author_id).language)
        photos = [Chosen(MediumId(medium_id)) for medium_id in content.pop("media_ids", ())]
        made = services.post_create(
            author_id=author_id, photos=photos, idempotency_key=idempotency_key(request), **content
        )
        card = selectors.post_cards(author_id, visible_posts(author_id, [made]))[0]
        return Response(written(PostSerializer, card), status=status.HTTP_201_CREATED)


class PostView(APIView):
    """One post."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(operation_id="posts_retrieve", responses=PostSerializer)
    @public_page
    def get(self, request: Request, post_id: int) -> Response:
        """Read a post."""
        viewer_id = viewer_of(request)
        shown = visible_post(viewer_id, PostId(post_id))
        return Response(written(PostSerializer, selectors.post_cards(viewer_id, [shown])[0]))

    @extend_schema(operation_id="posts_update", request=PostEditSerializer, responses=PostSerializer)
    @limited("edit")
    def patch(self, request: Request, post_id: int) -> Response:
        """Change a post of one's own. What it said before stays to be read by whom it was for."""
        author_id = signed_in_id(request)
        changes = _validated(PostEditSerializer, request)
        if "media" in changes:
            changes["photos"] = wanted_photos(changes.pop("media"))
        edited = editing.post_edit(user_id=author_id, post_id=PostId(post_id), **changes)
        return Response(
            PostSerializer(selectors.post_cards(author_id, visible_posts(author_id, [edited]))[0]).data
        )

    @extend_schema(operation_id="posts_delete", responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Delete a post of one's own. Repeating it is harmless."""
        services.post_delete(user_id=signed_in_id(request), post_id=PostId(post_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PostVersionsView(APIView):
    """What a post said before."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(operation_id="posts_versions_list", responses=VersionSerializer(many=True))
    def get(self, request: Request, post_id: int) -> Response:
        """List the versions before the present one that were for the reader, newest first; the last 50 are kept."""
        viewer_id = viewer_of(request)
        found = editing.versions_seen(viewer_id, visible_post(viewer_id, PostId(post_id)))
        return Response(VersionSerializer(found, many=True, context={"viewer_id": viewer_id}).data)


class PostLikeView(APIView):
    """The reader's like on a post."""

    @extend_schema(operation_id="posts_like", request=None, responses=LikeSerializer)
    @limited("like")
    def put(self, request: Request, post_id: int) -> Response:
        """Like a post. Repeating it is harmless."""
        shard = services.like_create(user_id=signed_in_id(request), post_id=PostId(post_id))
        return _like(selectors.shown_id(PostId(post_id)), shard, liked=True)

    @extend_schema(operation_id="posts_unlike", responses=LikeSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take the like back. Repeating it is harmless."""
        target_id = selectors.shown_id(PostId(post_id))
        shard = services.like_delete(user_id=signed_in_id(request), post_id=target_id)
        visible_post(signed_in_id(request), PostId(post_id))
        return _like(target_id, shard, liked=False)


class AuthorPostsView(APIView):
    """What an account has posted."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="users_posts_list",
        parameters=[CursorQuery, OrderQuery],
        responses=cursor_page(PostSerializer),
    )
    @public_page
    def get(self, request: Request, user_id: int) -> Response:
        """List an account's posts, newest or most liked first: those that the reader may see."""
        viewer_id = viewer_of(request)
        read = visible_top_posts_of_author if OrderQuery.is_top(request) else visible_posts_of_author
        page = read(viewer_id, UserId(user_id), **CursorQuery.of(request))
        cards: Page[PostCard] = Page(selectors.post_cards(viewer_id, page.items), page.next_cursor)
        return Response(written(cursor_page(PostSerializer), cards))


def _validated(serializer_class: type[Any], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _like(post_id: PostId, shard: int | None, *, liked: bool) -> Response:
    counts = selectors.post_counts(post_id, shard=shard)
    return Response(LikeSerializer({"liked": liked, "like_count": counts.likes}).data)
