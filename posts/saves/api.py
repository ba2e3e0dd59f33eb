"""Saves and collections under /api/v1/: the caller's own alone."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import written
from config.entities import PostId, UserId
from config.pages import signed_in_id
from config.rates import limited
from posts.saves import selectors, services
from posts.saves.entities import Collection, CollectionId, Save
from posts.saves.serializers import (
    CollectionNameSerializer,
    CollectionSerializer,
    SavedPageSerializer,
    SavedQuery,
    SaveSerializer,
)
from posts.selectors import post_cards, shown_id


class PostSaveView(APIView):
    """Whether the caller keeps a post. Nobody else learns of it."""

    @extend_schema(operation_id="posts_save", request=None, responses=SaveSerializer)
    @limited("mark")
    def put(self, request: Request, post_id: int) -> Response:
        """Save a post. Repeating it is harmless."""
        return _save(services.post_save(user_id=signed_in_id(request), post_id=PostId(post_id)))

    @extend_schema(operation_id="posts_unsave", responses=SaveSerializer)
    @limited("mark")
    def delete(self, request: Request, post_id: int) -> Response:
        """Let go of it, in all collections. Repeating it is harmless."""
        services.post_unsave(user_id=signed_in_id(request), post_id=shown_id(PostId(post_id)))
        return _save(None)


class SavedView(APIView):
    """What the caller keeps."""

    @extend_schema(operation_id="me_saved_list", parameters=[SavedQuery], responses=SavedPageSerializer)
    def get(self, request: Request) -> Response:
        """List saved posts, the last saved first: those that the caller may see now."""
        user_id = signed_in_id(request)
        query = SavedQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data.get("collection")
        collection_id = None if wanted is None else CollectionId(wanted)
        if collection_id is not None:
            selectors.collection_by_id(user_id, collection_id)
        arguments = SavedQuery.of(request)
        page = selectors.saved_page(user_id, collection_id=collection_id, **arguments)
        body = {
            "items": post_cards(user_id, page.posts),
            "hidden": page.hidden,
            "next_cursor": page.next_cursor,
        }
        return Response(written(SavedPageSerializer, body))


class CollectionsView(APIView):
    """The caller's collections."""

    @extend_schema(operation_id="me_collections_list", responses=CollectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List one's collections by name; there are at most 200."""
        user_id = signed_in_id(request)
        cards = selectors.collection_cards(user_id, selectors.collections_of(user_id))
        return Response(CollectionSerializer(cards, many=True).data)

    @extend_schema(
        operation_id="me_collections_create",
        request=CollectionNameSerializer,
        responses={201: CollectionSerializer},
    )
    @limited("mark")
    def post(self, request: Request) -> Response:
        """Make a collection: 409 `too_many_collections` beyond 200."""
        user_id = signed_in_id(request)
        made = services.collection_create(user_id=user_id, name=_name(request))
        return Response(_collection(user_id, made), status=status.HTTP_201_CREATED)


class CollectionView(APIView):
    """One of the caller's collections."""

    @extend_schema(operation_id="me_collections_retrieve", responses=CollectionSerializer)
    def get(self, request: Request, collection_id: int) -> Response:
        """Read a collection; its posts are in /me/saved/?collection=."""
        user_id = signed_in_id(request)
        found = selectors.collection_by_id(user_id, CollectionId(collection_id))
        return Response(_collection(user_id, found))

    @extend_schema(
        operation_id="me_collections_update",
        request=CollectionNameSerializer,
        responses=CollectionSerializer,
    )
    @limited("mark")
    def patch(self, request: Request, collection_id: int) -> Response:
        """Rename a collection."""
        user_id, wanted = signed_in_id(request), CollectionId(collection_id)
        services.collection_rename(user_id=user_id, collection_id=wanted, name=_name(request))
        return Response(_collection(user_id, selectors.collection_by_id(user_id, wanted)))

    @extend_schema(operation_id="me_collections_delete", responses={204: None})
    @limited("mark")
    def delete(self, request: Request, collection_id: int) -> Response:
        """Delete a collection; its posts stay saved. Repeating it is harmless."""
        services.collection_delete(user_id=signed_in_id(request), collection_id=CollectionId(collection_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectionPostView(APIView):
    """Whether a post is in one of the caller's collections."""

    @extend_schema(operation_id="me_collections_posts_put", request=None, responses=SaveSerializer)
    @limited("mark")
    def put(self, request: Request, collection_id: int, post_id: int) -> Response:
        """Put a post into a collection, which saves it. Repeating it is harmless."""
        return _save(
            services.collection_add(
                user_id=signed_in_id(request),
                collection_id=CollectionId(collection_id),
                post_id=PostId(post_id),
            )
        )

    @extend_schema(operation_id="me_collections_posts_delete", responses={204: None})
    @limited("mark")
    def delete(self, request: Request, collection_id: int, post_id: int) -> Response:
        """Take a post out of a collection; it stays saved. Repeating it is harmless."""
        services.collection_take(
            user_id=signed_in_id(request),
            collection_id=CollectionId(collection_id),
            post_id=shown_id(PostId(post_id)),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _save(save: Save | None) -> Response:
    body = {"saved": save is not None, "collections": save.collections if save else ()}
    return Response(SaveSerializer(body).data)


def _collection(user_id: UserId, collection: Collection) -> object:
    return CollectionSerializer(selectors.collection_cards(user_id, [collection])[0]).data


def _name(request: Request) -> str:
    serializer = CollectionNameSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return str(serializer.validated_data["name"])
