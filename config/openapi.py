"""What drf-spectacular can't see: every operation may be answered with problem details instead (`config.problems`).

And what readers of the API need not see: the labels of our docstrings ("Cost:", "Raises:").
"""

import re
from typing import Any

from config.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable and for programs, `title` and `detail` are for people.",
    "properties": {
        "type": {"type": "string", "format": "uri", "example": "urn:roost:problem:not_found"},
        "title": {"type": "string", "example": "Not Found"},
        "status": {"type": "integer", "example": 404},
        "detail": {"type": "string", "example": "We could not find that."},
        "code": {"type": "string", "example": "not_found"},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "request_id": {
            "type": "string",
            "nullable": True,
            "description": "Also in the header X-Request-ID: names this request in our logs.",
        },
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "With 422: messages by the path of the field.",
        },
        "retry_after_seconds": {"type": "number", "description": "With 429 and 503: when to try again."},
    },
    "required": ["type", "title", "status", "detail", "code", "instance", "request_id"],
}
LABELS = re.compile(r"^(?:Shape|Units|Cost|Consistency|Idempotent|Raises|Source):", re.MULTILINE)
DESCRIPTIONS = {
    "401": "Not signed in",
    "404": "Not there, or not for you to see",
    "422": "The values make no sense",
    "429": "Too fast",
    "default": "Any other refusal",
}

LIMIT_HEADERS = {
    name: {"description": description, "schema": {"type": kind}}
    for name, kind, description in (
        ("Retry-After", "integer", "Seconds until another try is worth it."),
        (
            "RateLimit-Policy",
            "string",
            "The buckets that were asked; on every answer of a limited operation.",
        ),
        ("RateLimit", "string", "What is left in each, and the seconds until it is full again."),
    )
}


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: the Problem component, and in each operation the statuses that it can be answered with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for operation in operations.values():
            if shown := _without_labels(operation.pop("description", "")):
                operation["description"] = shown
            for status in _statuses(path, operation):
                operation["responses"].setdefault(status, _response(status))
    return result


def _without_labels(description: str) -> str:
    """A label's lines go up to the next empty line."""
    paragraphs = description.split("\n\n")
    kept = (re.split(LABELS, paragraph, maxsplit=1)[0].strip() for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in kept if paragraph)


def _statuses(path: str, operation: dict[str, Any]) -> list[str]:
    possible = {
        "401": {} not in operation.get("security", [{}]),  # {} says that nobody has to sign in
        "404": "{" in path,
        "422": "requestBody" in operation or any(p["in"] == "query" for p in operation.get("parameters", [])),
        "429": True,
        "default": True,
    }
    return [status for status, may_be in possible.items() if may_be]


def _response(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    response = {"description": DESCRIPTIONS[status], "content": {CONTENT_TYPE: {"schema": schema}}}
    return response | {"headers": LIMIT_HEADERS} if status == "429" else response
