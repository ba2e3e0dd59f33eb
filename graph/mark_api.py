"""Blocks, mutes, close friends and approvals of all under /api/v1/, and people as no block hides them."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.serializers import ProfileSerializer
from config.drf import CursorQuery, cursor_page
from config.edge import public_page
from config.entities import UserId
from config.idempotency import idempotency_key
from config.pages import signed_in_id, viewer_of
from config.rates import limited
from graph import approvals, blocks, close_friends, mutes, people
from graph.api import KeyParameter
from graph.mark_repository import Mark
from graph.serializers import ApprovalSerializer, MarkedSerializer, MuteSerializer

MarkedPage = cursor_page(MarkedSerializer)


class ProfileDetail(APIView):
    """A person by their handle."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="profile", summary="Look a person up", responses=ProfileSerializer, tags=["accounts"]
    )
    @public_page
    def get(self, request: Request, handle: str) -> Response:
        """Raises: ProfileNotFound."""
        return Response(ProfileSerializer(blocks.profile_seen_by_handle(viewer_of(request), handle)).data)


class ApprovalOfAll(APIView):
    """The approval of all of the caller's requests at once."""

    @extend_schema(operation_id="follow_requests_approval", responses=ApprovalSerializer)
    def get(self, request: Request) -> Response:
        """How far it is; done, with zeros, if there was none within a day."""
        approval = approvals.approval_of(signed_in_id(request))
        return Response(ApprovalSerializer(approval or {"approved": 0, "skipped": 0, "done": True}).data)

    @extend_schema(
        operation_id="follow_requests_approve_all", request=None, responses={202: ApprovalSerializer}
    )
    @limited("answer")
    def put(self, request: Request) -> Response:
        """Approve all requests that are there now. It is done behind the answer; sent again, it starts anew."""
        approval = approvals.requests_approve_all(owner_id=signed_in_id(request))
        return Response(ApprovalSerializer(approval).data, status=202)


class MarkedList(APIView):
    """The caller's marks of one kind."""

    mark: ClassVar[Mark]

    def page(self, request: Request) -> Response:
        """Newest first."""
        page = people.marked_page(signed_in_id(request), self.mark, **CursorQuery.of(request))
        return Response(MarkedPage(page).data)


class Blocks(MarkedList):
    """Whom the caller blocks."""

    mark = Mark.BLOCK

    @extend_schema(operation_id="blocks_list", parameters=[CursorQuery], responses=MarkedPage)
    def get(self, request: Request) -> Response:
        """Newest first. No other list shows them."""
        return self.page(request)


class Block(APIView):
    """The caller's block of one person."""

    @extend_schema(
        operation_id="block_create", parameters=[KeyParameter], request=None, responses={204: None}
    )
    @limited("block")
    def put(self, request: Request, user_id: int) -> Response:
        """Block: follows and requests between the two end, and neither sees the other. Repeating it changes nothing."""
        blocks.block_create(
            blocker_id=signed_in_id(request), blocked_id=UserId(user_id), request_id=idempotency_key(request)
        )
        return Response(status=204)

    @extend_schema(operation_id="block_delete", parameters=[KeyParameter], responses={204: None})
    @limited("block")
    def delete(self, request: Request, user_id: int) -> Response:
        """Unblock. What the block ended does not come back. Repeating it changes nothing."""
        blocks.block_delete(
            blocker_id=signed_in_id(request), blocked_id=UserId(user_id), request_id=idempotency_key(request)
        )
        return Response(status=204)


class Mutes(MarkedList):
    """Whom the caller mutes."""

    mark = Mark.MUTE

    @extend_schema(operation_id="mutes_list", parameters=[CursorQuery], responses=MarkedPage)
    def get(self, request: Request) -> Response:
        """Newest first, those that have ended left out."""
        return self.page(request)


class Mute(APIView):
    """The caller's mute of one person."""

    @extend_schema(operation_id="mute_create", request=MuteSerializer, responses={204: None})
    @limited("mark")
    def put(self, request: Request, user_id: int) -> Response:
        """Mute for some days, or for good. Sent again, the last one stands."""
        given = MuteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        days = given.validated_data["days"]
        mutes.mute_create(muter_id=signed_in_id(request), muted_id=UserId(user_id), days=days)
        return Response(status=204)

    @extend_schema(operation_id="mute_delete", responses={204: None})
    @limited("mark")
    def delete(self, request: Request, user_id: int) -> Response:
        """Unmute. Repeating it changes nothing."""
        mutes.mute_delete(muter_id=signed_in_id(request), muted_id=UserId(user_id))
        return Response(status=204)


class CloseFriends(MarkedList):
    """The caller's close friends."""

    mark = Mark.CLOSE

    @extend_schema(operation_id="close_friends_list", parameters=[CursorQuery], responses=MarkedPage)
    def get(self, request: Request) -> Response:
        """Newest first. Nobody but the caller knows of them."""
        return self.page(request)


class CloseFriend(APIView):
    """One of the caller's close friends."""

    @extend_schema(operation_id="close_friend_add", request=None, responses={204: None})
    @limited("mark")
    def put(self, request: Request, user_id: int) -> Response:
        """Put somebody on the list. They are not told. Repeating it changes nothing."""
        close_friends.close_friend_add(owner_id=signed_in_id(request), member_id=UserId(user_id))
        return Response(status=204)

    @extend_schema(operation_id="close_friend_remove", responses={204: None})
    @limited("mark")
    def delete(self, request: Request, user_id: int) -> Response:
        """Take somebody off the list. Repeating it changes nothing."""
        close_friends.close_friend_remove(owner_id=signed_in_id(request), member_id=UserId(user_id))
        return Response(status=204)
