"""The API's shared parts: problem details for whatever is raised, ids as strings, pages by cursor."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config import errors
from config.drf import CursorQuery, IdField, cursor_page
from config.entities import Page
from config.logs import bound_request_id

MEMBERS = {"type", "title", "status", "detail", "code", "instance", "request_id"}


def answer_to(error: Exception) -> tuple[Response, dict[str, Any]]:
    """What a client reads when an API view raises `error`."""

    class Raising(APIView):
        permission_classes = (AllowAny,)

        def get(self, request: Request) -> Response:
            raise error

    with bound_request_id("test-request"):
        response = Raising.as_view()(APIRequestFactory().get("/api/v1/things/7/"))
        response.render()
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.NotFound(), 404, "not_found"),
        (errors.Conflict(), 409, "conflict"),
        (errors.Invalid(), 422, "invalid"),
        (errors.InvalidCursor(), 422, "invalid_cursor"),
        (errors.Forbidden(), 403, "forbidden"),
        (errors.Unavailable(), 503, "unavailable"),
        (errors.TooFast(), 429, "too_fast"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.ValidationError({"name": ["Too long."]}), 422, "invalid"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "unsupported_media_type"),
        (exceptions.Throttled(), 429, "too_fast"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_whatever_is_raised_becomes_problem_details(error: Exception, status: int, code: str) -> None:
    response, problem = answer_to(error)
    assert response.status_code == problem["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["type"] == f"urn:roost:problem:{code}"
    assert problem["instance"] == "/api/v1/things/7/"
    assert problem["request_id"] == "test-request"
    assert set(problem) >= MEMBERS
    assert all(problem[name] for name in MEMBERS)


def test_an_unforeseen_error_tells_nothing_but_the_requests_id(caplog: pytest.LogCaptureFixture) -> None:
    response, problem = answer_to(RuntimeError("password=hunter2"))
    assert response.status_code == 500
    assert problem["request_id"] == "test-request"
    assert "hunter2" not in response.content.decode()
    assert "hunter2" in caplog.text


def test_a_wait_is_told_in_the_header_and_in_the_problem() -> None:
    response, problem = answer_to(errors.TooFast(retry_after_seconds=2.2))
    assert response.headers["Retry-After"] == "3"
    assert problem["retry_after_seconds"] == 2.2
    response, problem = answer_to(exceptions.Throttled(wait=6.5))
    assert (response.headers["Retry-After"], problem["retry_after_seconds"]) == ("7", 7)


def test_facts_that_are_ours_alone_are_not_shown() -> None:
    _, problem = answer_to(errors.Conflict(table="graph", key="USER#1"))
    assert set(problem) == MEMBERS


def test_messages_are_told_by_the_path_of_their_field() -> None:
    detail = {
        "photo": {"alt": ["Too long."]},
        "tags": [{}, {"name": ["Empty."]}],
        "non_field_errors": ["No."],
    }
    _, problem = answer_to(exceptions.ValidationError(detail))
    assert problem["errors"] == {
        "photo.alt": ["Too long."],
        "tags.1.name": ["Empty."],
        "non_field_errors": ["No."],
    }
    _, problem = answer_to(exceptions.ValidationError("No."))
    assert problem["errors"] == {"non_field_errors": ["No."]}


def test_an_address_that_is_not_there_is_a_problem_too(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing/")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_nobody_in_particular_is_asked_to_sign_in() -> None:
    class ForMembers(APIView):
        permission_classes = (IsAuthenticated,)

        def get(self, request: Request) -> Response:
            return Response()

    response = ForMembers.as_view()(APIRequestFactory().get("/api/v1/"))
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Token")
    assert response.data["code"] == "not_signed_in"


class ThingSerializer(serializers.Serializer[Any]):
    id = IdField()


def test_an_id_is_a_decimal_string_outside_and_a_number_inside() -> None:
    largest = 2**63 - 1
    assert ThingSerializer({"id": largest}).data == {"id": str(largest)}
    read = ThingSerializer(data={"id": str(largest)})
    assert read.is_valid()
    assert read.validated_data == {"id": largest}


@pytest.mark.parametrize(
    "junk", ["", "0", "-1", "+1", "1.0", "1e3", " 1", "1_0", "٣", str(2**63), "9" * 40, True, None]
)
def test_what_is_no_id_is_refused(junk: Any) -> None:
    assert not ThingSerializer(data={"id": junk}).is_valid()


def test_a_page_is_written_with_its_cursor() -> None:
    pages = cursor_page(ThingSerializer)
    assert pages(Page([{"id": 5}, {"id": 6}], "abc")).data == {
        "items": [{"id": "5"}, {"id": "6"}],
        "next": "abc",
    }
    assert pages(Page([])).data == {"items": [], "next": None}


def test_pages_of_the_same_items_are_one_component() -> None:
    assert cursor_page(ThingSerializer) is cursor_page(ThingSerializer)
    assert cursor_page(ThingSerializer).__name__ == "ThingPageSerializer"


def query(address: str) -> Request:
    return APIView().initialize_request(APIRequestFactory().get(address))


def test_the_query_of_a_list_has_defaults() -> None:
    assert CursorQuery.of(query("/")) == {"cursor": None, "limit": 20}
    assert CursorQuery.of(query("/?cursor=&limit=")) == {"cursor": None, "limit": 20}
    assert CursorQuery.of(query("/?cursor=abc&limit=100")) == {"cursor": "abc", "limit": 100}


@pytest.mark.parametrize("junk", ["limit=0", "limit=101", "limit=x", f"cursor={'x' * 2001}"])
def test_a_query_out_of_bounds_is_refused(junk: str) -> None:
    with pytest.raises(exceptions.ValidationError):
        CursorQuery.of(query(f"/?{junk}"))
