"""Home as JSON, for who is signed in."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.orm_feed.pages import page


class Home(APIView):
    """The caller's feed, one way or the other."""

    way = "push"

    def get(self, request: Request) -> Response:
        """A page of 20."""
        return Response(page(request.user.pk, self.way))
