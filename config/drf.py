"""What the API's views share: errors as problem details, ids as strings, lists that page by cursor.

    class PostList(APIView):
        @extend_schema(parameters=[CursorQuery], responses=cursor_page(PostSerializer))
        def get(self, request, user_id):
            page = posts_of_author(user_id, **CursorQuery.of(request))
            return Response(written(cursor_page(PostSerializer), page))

Values that make no sense are 422, from a serializer as from a service; 400 is a body that can't be read at all.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, ClassVar, TypedDict

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.errors import AppError
from config.problems import CONTENT_TYPE, problem, problem_of

LARGEST_ID = 2**63 - 1

logger = structlog.get_logger()


# --- Errors -----------------------------------------------------------------------------------------------------------
def problem_details(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: whatever was raised in an API view, as RFC 9457 problem details.

    An error that nobody foresaw is logged with its traceback and answered with nothing but the request's id.
    """
    path = context["request"].path
    headers: dict[str, str] = {}
    if isinstance(error, AppError):
        body = problem_of(error, path)
    elif isinstance(error, exceptions.APIException):
        body, headers = _of_drf(error, path)
    elif isinstance(error, Http404):
        body = problem(status=404, detail=_("We could not find that."), path=path)
    elif isinstance(error, PermissionDenied):
        body = problem(status=403, detail=_("You are not allowed to do that."), path=path)
    else:
        logger.error("request_failed", path=path, exc_info=error)
        body = problem(status=500, detail=_("Something went wrong on our side."), path=path)
    if "retry_after_seconds" in body:
        headers["Retry-After"] = str(math.ceil(body["retry_after_seconds"]))
    set_rollback()
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _of_drf(error: exceptions.APIException, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """DRF's own refusals. Values that were read but make no sense are 422, as in our own tree; a broken body is 400."""
    if isinstance(error, exceptions.ValidationError):
        detail = _("Some of the values can't be used as they are.")
        return problem(status=422, detail=detail, path=path, errors=_by_field(error.detail)), {}
    body = problem(status=error.status_code, detail=str(error.detail), path=path)
    challenge = getattr(error, "auth_header", None)
    wait_seconds = getattr(error, "wait", None)
    if wait_seconds is not None:
        body["retry_after_seconds"] = math.ceil(wait_seconds)
    return body, {"WWW-Authenticate": challenge} if challenge else {}


def _by_field(detail: Any) -> dict[str, list[str]]:
    """DRF's nested messages as lists by the path of the field; what is about no field is under "non_field_errors"."""
    flat: dict[str, list[str]] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for name, inner in node.items():
                walk(inner, f"{path}.{name}" if path else str(name))
        elif isinstance(node, list) and any(isinstance(inner, dict | list) for inner in node):
            for position, inner in enumerate(node):
                walk(inner, f"{path}.{position}" if path else str(position))
        else:
            messages = node if isinstance(node, list) else [node]
            flat.setdefault(path or "non_field_errors", []).extend(str(message) for message in messages)

    walk(detail, "")
    return flat


# --- Ids --------------------------------------------------------------------------------------------------------------
@extend_schema_field(
    {
        "type": "string",
        "format": "int64",
        "pattern": r"^[1-9]\d{0,18}$",
        "description": "A 64-bit id as a decimal string, for JavaScript's numbers can't hold it.",
        "example": "382624626185553234",
    }
)
class IdField(serializers.Field[int, str, str, Any]):
    """A 64-bit id: an int to us, a decimal string to clients."""

    default_error_messages: ClassVar = {
        "invalid": gettext_lazy("An id is a decimal number of at most 19 digits, as a string.")
    }

    def to_internal_value(self, data: Any) -> int:
        text = str(data)
        # Only ASCII digits: int() would also take signs, spaces, underscores and other scripts' digits.
        is_decimal = not isinstance(data, bool) and text.isascii() and text.isdecimal() and len(text) <= 19
        if not is_decimal or not 0 < int(text) <= LARGEST_ID:
            self.fail("invalid")
        return int(text)

    def to_representation(self, value: int) -> str:
        return str(value)


# --- Answers ----------------------------------------------------------------------------------------------------------
@functools.cache
def _writer(kind: Callable[[], serializers.BaseSerializer[Any]]) -> serializers.BaseSerializer[Any]:
    return kind()


def written(kind: Callable[[], serializers.BaseSerializer[Any]], shown: Any) -> Any:
    """What is shown as a serializer without context writes it; `kind(shown).data` copies all of its fields each time."""
    return _writer(kind).to_representation(shown)


# --- Pages ------------------------------------------------------------------------------------------------------------
class CursorArguments(TypedDict):
    """What a selector takes to read one page."""

    cursor: str | None
    limit: int


class CursorQuery(serializers.Serializer[Any]):
    """The query of a list that pages by cursor."""

    cursor = serializers.CharField(
        required=False, max_length=2000, help_text="`next` of the page before. Absent: the first page."
    )
    limit = serializers.IntegerField(
        required=False, default=20, min_value=1, max_value=100, help_text="Items a page, at most."
    )

    @classmethod
    def of(cls, request: Request) -> CursorArguments:
        """The request's cursor and limit.

        Raises: ValidationError, answered as 422.
        """
        query = cls(data=request.query_params)
        query.is_valid(raise_exception=True)
        return {"cursor": query.validated_data.get("cursor"), "limit": query.validated_data["limit"]}


@extend_schema_serializer(many=False)
class CursorPageSerializer(serializers.Serializer[Any]):
    """Writes a `Page`. Subclasses add `items`; `cursor_page` makes one for each kind of item."""

    next = serializers.CharField(
        source="next_cursor",
        allow_null=True,
        read_only=True,
        help_text="Hand it back as `cursor` for the next page. Null: the end.",
    )


@functools.cache
def cursor_page(item: type[serializers.BaseSerializer[Any]]) -> type[CursorPageSerializer]:
    """The serializer of a page of these items: `{"items": [...], "next": "..." | null}`.

    Shape: named after the item (`PostSerializer` gives the component `PostPage`), always the same class for an item.
    """
    name = f"{item.__name__.removesuffix('Serializer')}PageSerializer"
    members = {"items": item(many=True, read_only=True), "__module__": item.__module__}
    return type(name, (CursorPageSerializer,), members)
