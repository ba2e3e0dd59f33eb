"""A client's own name for a request, `Idempotency-Key`: sent again with the same key it is not done again."""

from typing import Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from config.errors import Invalid

KEY_HEADER: Final = "Idempotency-Key"
KEY_MAX_CHARACTERS: Final = 255


def key_parameter(description: str) -> OpenApiParameter:
    """The header in the API's description."""
    return OpenApiParameter(KEY_HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description)


def idempotency_key(request: Request) -> str | None:
    """The key that was sent; an empty one is none.

    Raises: Invalid.
    """
    key = request.headers.get(KEY_HEADER) or None
    if key and len(key) > KEY_MAX_CHARACTERS:
        raise Invalid(errors={KEY_HEADER: [f"Up to {KEY_MAX_CHARACTERS} characters."]})
    return key
