"""Requests and answers of DynamoDB as the JSON that they are, in C and not field by field after the service's model.

botocore walks through every value with the model in hand, for protocols in general: half the time of a batch of writes, and
most of that of a page of a thousand followers. DynamoDB's JSON says of each value what it is; only binary values have
another form in Python (`bytes`) than on the wire (base64).

Everything else is botocore's: addresses, signatures, time limits, errors.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.serialize import JSONSerializer

TIMED: Final = frozenset({"Table", "TableDescription"})
"""Answers about tables have times, which botocore makes of numbers."""
BINARY: Final = (b'"B":', b'"BS":')
"""Where neither is, nothing is binary: a quotation mark within a text would have a backslash before it."""


class PlainSerializer(JSONSerializer):
    """Writes parameters down as they are."""

    def serialize_to_request(self, parameters: Mapping[str, Any], operation_model: Any) -> dict[str, Any]:
        """Address and headers by botocore, the body by us."""
        request: dict[str, Any] = super().serialize_to_request({}, operation_model)
        request["body"] = body_of(parameters)
        return request


class PlainParser(JSONParser):
    """Takes answers as they are. Errors are read by botocore."""

    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        if shape is None or not TIMED.isdisjoint(shape.members):
            return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]  # not in the stubs
        answer = orjson.loads(raw_body)
        return with_bytes(answer) if any(mark in raw_body for mark in BINARY) else answer


class PlainParsers(ResponseParserFactory):
    """One parser for all answers; botocore makes one for each."""

    def __init__(self) -> None:
        super().__init__()
        self._parser = PlainParser()

    def create_parser(self, protocol_name: str) -> PlainParser:  # noqa: ARG002  # DynamoDB has but one
        """Always the same: it keeps nothing."""
        return self._parser


def body_of(parameters: Mapping[str, Any]) -> bytes:
    """Parameters as they are sent. Raises: TypeError for what is neither JSON nor binary."""
    return orjson.dumps(parameters, default=_written)


def with_bytes(part: Any) -> Any:
    """The same answer with `bytes` where it has base64: {"B": text}, {"BS": [texts]}. An attribute of such a name holds no text."""
    match part:
        case {"B": str(text), **others} if not others:
            return {"B": b64decode(text)}
        case {"BS": [str(), *_] as texts, **others} if not others:
            return {"BS": [b64decode(text) for text in texts]}
        case dict():
            return {name: with_bytes(value) for name, value in part.items()}
        case list():
            return [with_bytes(value) for value in part]
    return part


def _written(value: Any) -> str:
    """Raises: TypeError for what is neither JSON nor binary."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(type(value).__name__)
