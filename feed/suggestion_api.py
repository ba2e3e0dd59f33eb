"""Suggestions under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page
from config.entities import UserId
from config.pages import signed_in_id
from config.rates import limited
from feed.serializers import SuggestionSerializer
from feed.suggestions import suggestions_page
from graph.dismissals import suggestion_dismiss, suggestion_restore

SuggestionPage = cursor_page(SuggestionSerializer)


class Suggestions(APIView):
    """Whom the caller may like to follow."""

    @extend_schema(operation_id="suggestions_list", parameters=[CursorQuery], responses=SuggestionPage)
    def get(self, request: Request) -> Response:
        """The best first, each with its reason.

        People who are followed by those the caller follows, authors of topics that the caller and they post about, then
        the popular and the new ones. Nobody whom the caller follows, has asked to follow, mutes, blocks or has dismissed, or who
        blocks the caller.
        """
        page = suggestions_page(signed_in_id(request), **CursorQuery.of(request))
        return Response(SuggestionPage(page).data)


class SuggestionOf(APIView):
    """One suggestion to the caller."""

    @extend_schema(operation_id="suggestion_dismiss", responses={204: None})
    @limited("mark")
    def delete(self, request: Request, user_id: int) -> Response:
        """Suggest this person no more, for 180 days. They are not told. Repeating it begins the time anew."""
        suggestion_dismiss(reader_id=signed_in_id(request), user_id=UserId(user_id))
        return Response(status=204)

    @extend_schema(operation_id="suggestion_restore", request=None, responses={204: None})
    @limited("mark")
    def put(self, request: Request, user_id: int) -> Response:
        """Undo a dismissal: this person may be suggested again. Repeating it changes nothing."""
        suggestion_restore(reader_id=signed_in_id(request), user_id=UserId(user_id))
        return Response(status=204)
