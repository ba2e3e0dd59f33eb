"""What a limit says to programs, people and htmx: the whole way through Django and REST framework."""

import math
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.ids import next_id
from config.rates import LimitReached, limited
from config.rates.asking import address_of
from config.rates.errors import waiting_time
from config.urls import urlpatterns as real_patterns


class ProbeView(APIView):
    """An API view that is limited."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @limited("follow")
    def put(self, request: Request) -> Response:
        """Count."""
        return Response({"address": address_of(request)})


@limited("follow")
def probe(request: HttpRequest) -> HttpResponse:
    """A page that is limited."""
    return JsonResponse({"address": address_of(request)})


urlpatterns = [path("api/probe/", ProbeView.as_view()), path("probe/", probe), *real_patterns]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db, pytest.mark.usefixtures("quick_limits")]


@pytest.fixture
def client() -> Client:
    """A browser at an address of its own."""
    number = next_id()
    return Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")


def until_refused(client: Client, send: Any) -> list[HttpResponse]:
    answers = [send() for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 8 + [429]
    return answers


def test_a_program_gets_problem_details_and_honest_headers(client: Client) -> None:
    answers = until_refused(client, lambda: client.put("/api/probe/"))
    assert answers[0]["RateLimit-Policy"] == '"follow-address";q=8;w=4'
    assert answers[0]["RateLimit"] == '"follow-address";r=7;t=1'
    assert answers[7]["RateLimit"] == '"follow-address";r=0;t=4'
    refused = answers[-1]
    problem = refused.json()
    assert refused["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"], problem["retry_after_seconds"]) == (429, "too_fast", 1)
    assert refused["Retry-After"] == "1"
    assert refused["RateLimit"] == '"follow-address";r=0;t=4'


def test_a_person_gets_a_page_that_tells_when(client: Client) -> None:
    refused = until_refused(client, lambda: client.post("/probe/"))[-1]
    html = refused.content.decode()
    assert "<html" in html
    assert "Try again in 1 second." in html
    assert (refused["Retry-After"], refused["RateLimit"]) == ("1", '"follow-address";r=0;t=4')


def test_htmx_gets_a_toast_that_tells_when(client: Client) -> None:
    refused = until_refused(client, lambda: client.post("/probe/", headers={"HX-Request": "true"}))[-1]
    assert refused["HX-Retarget"] == "#toasts"
    assert "Try again in 1 second." in refused.content.decode()
    assert "<html" not in refused.content.decode()


def test_what_takes_nothing_says_nothing(client: Client) -> None:
    assert "RateLimit" not in client.get("/healthz").headers


def test_an_address_is_the_peers_or_what_the_trusted_proxy_saw(settings: Any) -> None:
    def of(peer: str, forwarded: str = "") -> str:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return address_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))

    assert of("192.0.2.7", "203.0.113.9") == "192.0.2.7"
    assert of("2001:db8:1:2:3:4:5:6") == of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert of("::ffff:192.0.2.7") == "192.0.2.7"
    assert of("") == ""
    settings.TRUSTED_PROXIES = 1
    assert of("192.0.2.7", "made up, 203.0.113.9") == "203.0.113.9"
    assert of("192.0.2.7") == "192.0.2.7"


def test_a_wait_in_words_is_never_too_short() -> None:
    assert waiting_time(1) == "1 second"
    assert waiting_time(89) == "89 seconds"
    for seconds in (90, 119, 3_599, 5_400, 80_000):
        number, unit = waiting_time(seconds).split()
        assert int(number) * {"minutes": 60, "hours": 3_600}[unit] >= seconds
        assert math.isclose(int(number) * {"minutes": 60, "hours": 3_600}[unit], seconds, rel_tol=0.5)


def test_a_view_is_told_apart_from_a_method() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="")
    request.user = AnonymousUser()
    assert probe(request).status_code == 200  # neither an account nor an address: nothing to count for
    assert issubclass(LimitReached, Exception)
