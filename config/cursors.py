"""Cursors: where a list goes on, written so that a client can only hand it back.

A cursor is signed, not secret: it holds keys of what was on the page, never anything the reader may not know. The kind
(`"graph.followers"`) salts the signature, so that a cursor of one list is refused by another.

Shape: base64(JSON) "." base64(HMAC-SHA256), all of it safe in a URL.
"""

from typing import Any

import orjson
from django.core.signing import BadSignature, Signer

from config.errors import InvalidCursor

LONGEST_CHARACTERS = 2_000


class _CompactJson:
    """Django's serialiser interface over orjson: no spaces, bytes out."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value)

    def loads(self, data: bytes) -> Any:
        return orjson.loads(data)


def encode(kind: str, value: Any) -> str:
    """The cursor of a list of this kind that goes on after `value` (any JSON; integers up to 64 bits)."""
    return _signer(kind).sign_object(value, serializer=_CompactJson)


def decode(kind: str, cursor: str) -> Any:
    """What was encoded.

    Raises: InvalidCursor for another kind, an altered cursor, or one of another signing key.
    """
    if len(cursor) > LONGEST_CHARACTERS:
        raise InvalidCursor
    try:
        return _signer(kind).unsign_object(cursor, serializer=_CompactJson)
    except BadSignature as cause:
        raise InvalidCursor from cause


def _signer(kind: str) -> Signer:
    # Made anew each time: Django's settings may rotate the key, and this costs microseconds.
    return Signer(salt=f"roost.cursor.{kind}", sep=".")
