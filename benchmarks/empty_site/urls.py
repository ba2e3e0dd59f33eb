"""One empty view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing, with the length that keep-alive needs."""
    return HttpResponse("", headers={"Content-Length": "0"})


urlpatterns = [path("", empty)]
