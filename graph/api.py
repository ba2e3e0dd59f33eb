"""The graph under /api/v1/: follows, lists of people, counts, requests."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page
from config.entities import UserId
from config.idempotency import idempotency_key, key_parameter
from config.pages import signed_in_id
from config.rates import limited
from graph import people, selectors, services
from graph.archive_views import list_fetching
from graph.blocks import profile_seen
from graph.entities import Relationship, Side
from graph.errors import ListIncomplete
from graph.limits import limited_follow, limited_unfollow
from graph.serializers import (
    CountsSerializer,
    FollowSerializer,
    ListFetchingSerializer,
    ListQuery,
    PersonSerializer,
    RelationshipSerializer,
)

PeoplePage = cursor_page(PersonSerializer)
PEOPLE_RESPONSES = {200: PeoplePage, 202: ListFetchingSerializer}
FETCHING_SECONDS = 2
KeyParameter = key_parameter(
    "Any text of yours, new for each thing to be done. Sent again with the same key within a day, nothing is done again, "
    "whatever has happened since."
)


class Follow(APIView):
    """The caller's follow of one person."""

    @extend_schema(operation_id="follow_retrieve", responses=RelationshipSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        """How the caller stands to this person."""
        other = profile_seen(signed_in_id(request), UserId(user_id))
        known = selectors.relationships(signed_in_id(request), [other.id], consistent=True)
        return Response(RelationshipSerializer(known.get(other.id, Relationship())).data)

    @extend_schema(
        operation_id="follow_create",
        parameters=[KeyParameter],
        request=None,
        responses=FollowSerializer,
    )
    @limited_follow
    def put(self, request: Request, user_id: int) -> Response:
        """Follow, or ask to where the account is private. Repeating it changes nothing."""
        state = services.follow_create(
            follower_id=signed_in_id(request),
            followee_id=UserId(user_id),
            request_id=idempotency_key(request),
        )
        return Response(FollowSerializer({"user_id": user_id, "state": state}).data)

    @extend_schema(operation_id="follow_delete", parameters=[KeyParameter], responses={204: None})
    @limited_unfollow
    def delete(self, request: Request, user_id: int) -> Response:
        """Stop following, or asking to. Repeating it changes nothing."""
        services.follow_delete(
            follower_id=signed_in_id(request),
            followee_id=UserId(user_id),
            request_id=idempotency_key(request),
        )
        return Response(status=204)


class Followers(APIView):
    """Who follows a person."""

    @extend_schema(operation_id="followers_list", parameters=[ListQuery], responses=PEOPLE_RESPONSES)
    def get(self, request: Request, user_id: int) -> Response:
        """Newest first, or by handle. Private accounts show it to their followers only."""
        return people_response(request, UserId(user_id), Side.FOLLOWER)


class Following(APIView):
    """Whom a person follows."""

    @extend_schema(operation_id="following_list", parameters=[ListQuery], responses=PEOPLE_RESPONSES)
    def get(self, request: Request, user_id: int) -> Response:
        """Newest first, or by handle. Private accounts show it to their followers only."""
        return people_response(request, UserId(user_id), Side.FOLLOWING)


class CountsOf(APIView):
    """A person's counts."""

    @extend_schema(operation_id="counts_retrieve", responses=CountsSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        """Followers and following: shown even of private accounts."""
        owner = profile_seen(signed_in_id(request), UserId(user_id))
        return Response(CountsSerializer(selectors.counts(owner.id)).data)


class RequestsIn(APIView):
    """Requests that the caller has received."""

    @extend_schema(operation_id="follow_requests_list", parameters=[CursorQuery], responses=PeoplePage)
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = people.requests_page(signed_in_id(request), Side.REQUEST_IN, **CursorQuery.of(request))
        return Response(PeoplePage(page).data)


class RequestIn(APIView):
    """One request that the caller has received; the id is that of who asks."""

    @extend_schema(operation_id="follow_request_decline", parameters=[KeyParameter], responses={204: None})
    @limited("answer")
    def delete(self, request: Request, user_id: int) -> Response:
        """Decline. Who asked is not told."""
        services.request_decline(
            follower_id=UserId(user_id),
            followee_id=signed_in_id(request),
            request_id=idempotency_key(request),
        )
        return Response(status=204)


class RequestApproval(APIView):
    """The approval of one request; the id is that of who asks."""

    @extend_schema(
        operation_id="follow_request_approve",
        parameters=[KeyParameter],
        request=None,
        responses={204: None},
    )
    @limited("answer")
    def put(self, request: Request, user_id: int) -> Response:
        """Approve. Repeating it changes nothing; 404 if the request was withdrawn."""
        services.request_approve(
            follower_id=UserId(user_id),
            followee_id=signed_in_id(request),
            request_id=idempotency_key(request),
        )
        return Response(status=204)


class RequestsOut(APIView):
    """Requests that the caller has sent."""

    @extend_schema(operation_id="follow_requests_sent_list", parameters=[CursorQuery], responses=PeoplePage)
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = people.requests_page(signed_in_id(request), Side.REQUEST_OUT, **CursorQuery.of(request))
        return Response(PeoplePage(page).data)


class RequestOut(APIView):
    """One request that the caller has sent; the id is that of who was asked."""

    @extend_schema(operation_id="follow_request_cancel", parameters=[KeyParameter], responses={204: None})
    @limited_unfollow
    def delete(self, request: Request, user_id: int) -> Response:
        """Take it back."""
        services.request_cancel(
            follower_id=signed_in_id(request),
            followee_id=UserId(user_id),
            request_id=idempotency_key(request),
        )
        return Response(status=204)


def people_response(request: Request, owner_id: UserId, side: Side) -> Response:
    """One page of people as the caller may see them."""
    owner = profile_seen(signed_in_id(request), owner_id)
    fetching = list_fetching(signed_in_id(request), owner)
    if fetching is not None and fetching.lost:
        raise ListIncomplete
    if fetching is not None:
        body = ListFetchingSerializer({"items": [], "next": None, "fetching": fetching}).data
        return Response(body, status=202, headers={"Retry-After": str(FETCHING_SECONDS)})
    page = people.people_page(
        signed_in_id(request), owner, side, by_handle=ListQuery.by_handle(request), **CursorQuery.of(request)
    )
    return Response(PeoplePage(page).data)
