"""Drafts under /api/v1/drafts/, and what publishes them. Another's draft looks like none."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import profile_by_id
from config.drf import CursorQuery, cursor_page, written
from config.entities import Page, PostId
from config.idempotency import idempotency_key, key_parameter
from config.pages import signed_in_id
from config.rates import limited
from posts import selectors
from posts.drafts import services
from posts.drafts.entities import NEVER, Draft, DraftId, DraftPhoto
from posts.drafts.publishing import draft_publish
from posts.drafts.scheduling import timing_of
from posts.drafts.selectors import draft_cards, drafts_of
from posts.drafts.serializers import (
    DraftChangeSerializer,
    DraftCreateSerializer,
    DraftPublishSerializer,
    DraftSerializer,
)
from posts.entities import MediumId
from posts.serializers import PostSerializer

KeyParameter = key_parameter(
    "Any text of yours, new for each draft. The same key within a day gives the draft that it began."
)


class DraftsView(APIView):
    """The caller's drafts."""

    @extend_schema(
        operation_id="drafts_list", parameters=[CursorQuery], responses=cursor_page(DraftSerializer)
    )
    def get(self, request: Request) -> Response:
        """List drafts, the last begun first; scheduled ones too."""
        author_id = signed_in_id(request)
        page = drafts_of(author_id, **CursorQuery.of(request))
        shown = Page(draft_cards(author_id, page.items), page.next_cursor)
        return Response(written(cursor_page(DraftSerializer), shown))

    @extend_schema(
        operation_id="drafts_create",
        parameters=[KeyParameter],
        request=DraftCreateSerializer,
        responses={201: DraftSerializer},
    )
    @limited("draft")
    def post(self, request: Request) -> Response:
        """Begin a draft; up to 100 can be kept."""
        author_id = signed_in_id(request)
        said = _said(DraftCreateSerializer, request)
        said.setdefault("language", profile_by_id(author_id).language)
        draft = services.draft_create(author_id=author_id, key=idempotency_key(request), **said)
        return _answer(draft, status.HTTP_201_CREATED)


class DraftView(APIView):
    """One draft."""

    @extend_schema(operation_id="drafts_retrieve", responses=DraftSerializer)
    def get(self, request: Request, draft_id: int) -> Response:
        """Read a draft."""
        return _answer(services.own_draft(signed_in_id(request), DraftId(draft_id)))

    @extend_schema(operation_id="drafts_update", request=DraftChangeSerializer, responses=DraftSerializer)
    @limited("draft")
    def patch(self, request: Request, draft_id: int) -> Response:
        """Change a draft, or when it publishes itself. 409 with the present `version` if it has moved."""
        said = _said(DraftChangeSerializer, request)
        draft = services.draft_save(author_id=signed_in_id(request), draft_id=DraftId(draft_id), **said)
        return _answer(draft)

    @extend_schema(operation_id="drafts_delete", responses={204: None})
    def delete(self, request: Request, draft_id: int) -> Response:
        """Delete a draft; for a day it can be had back. Repeating it is harmless."""
        services.draft_delete(author_id=signed_in_id(request), draft_id=DraftId(draft_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DraftRestoreView(APIView):
    """A deleted draft."""

    @extend_schema(operation_id="drafts_restore", request=None, responses=DraftSerializer)
    @limited("draft")
    def post(self, request: Request, draft_id: int) -> Response:
        """Have a deleted draft back, within a day. Repeating it is harmless."""
        draft = services.draft_restore(author_id=signed_in_id(request), draft_id=DraftId(draft_id))
        return _answer(draft)


class DraftPublishView(APIView):
    """A draft that is ready."""

    @extend_schema(
        operation_id="drafts_publish", request=DraftPublishSerializer, responses={201: PostSerializer}
    )
    @limited("post")
    def post(self, request: Request, draft_id: int) -> Response:
        """Publish a draft now. Repeated within a day, it gives the post that the draft became."""
        author_id = signed_in_id(request)
        given = _validated(DraftPublishSerializer, request)
        made = draft_publish(author_id=author_id, draft_id=DraftId(draft_id), version=given.get("version"))
        card = selectors.post_cards(author_id, [made])[0]
        return Response(written(PostSerializer, card), status=status.HTTP_201_CREATED)


def _answer(draft: Draft, code: int = status.HTTP_200_OK) -> Response:
    return Response(DraftSerializer(draft_cards(draft.author_id, [draft])[0]).data, status=code)


def _said(kind: type[DraftCreateSerializer], request: Request) -> dict[str, Any]:
    """What the services take: photos and a time of their own kinds."""
    said = _validated(kind, request)
    if "media" in said:
        said["photos"] = [DraftPhoto(MediumId(one["id"]), one["alt"]) for one in said.pop("media")]
    if "quote_of" in said:
        said["quote_of"] = PostId(said["quote_of"] or 0)
    zone = said.pop("zone", "")
    if "publish_at" in said:
        moment = said.pop("publish_at")
        said["timing"] = NEVER if moment is None else timing_of(moment, zone)
    return said


def _validated(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
