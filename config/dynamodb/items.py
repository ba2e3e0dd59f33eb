"""Plain Python values to DynamoDB's typed values and back.

boto3's own serialiser goes through Decimal contexts for every number; hot pages hold hundreds of ids, so this one
dispatches on the type and knows only what Roost stores.

Shape: an item is a dict of str, int, float, bool, bytes, None, list, dict, set of str and set of bytes.
Raises: TypeError for any other value, so that a wrong type fails at the writer and not at a reader.
"""

from collections.abc import Mapping
from typing import Any

import orjson

Item = dict[str, Any]
Wire = dict[str, dict[str, Any]]
SETS: dict[type, str] = {str: "SS", bytes: "BS"}


def _kind_of(members: set[Any] | frozenset[Any]) -> str | None:
    """What DynamoDB calls a set of these; None for one that it does not hold."""
    kinds = (
        kind for kind, name in SETS.items() if members and all(isinstance(part, kind) for part in members)
    )
    return next((SETS[kind] for kind in kinds), None)


def marshal_value(value: Any) -> dict[str, Any]:  # noqa: PLR0911  # a return a type
    """One value as DynamoDB writes it. Floats keep Python's shortest exact form."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case float():
            return {"N": repr(value)}
        case None:
            return {"NULL": True}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": marshal(value)}
        case list() | tuple():
            return {"L": [marshal_value(part) for part in value]}
        case set() | frozenset() if kind := _kind_of(value):
            return {kind: sorted(value)}
    message = f"DynamoDB items hold no {type(value).__name__} (empty sets and sets of other than text or bytes neither)"
    raise TypeError(message)


def _short(value: Any) -> dict[str, str] | None:
    """The same of what nearly all values are, for fan-outs write thousands; None of all else."""
    kind = type(value)
    return {"N": str(value)} if kind is int else {"S": value} if kind is str else None


def unmarshal_value(wire: Mapping[str, Any]) -> Any:
    """One value as Python has it: whole numbers are int, others float."""
    ((kind, value),) = wire.items()
    match kind:
        case "S" | "BOOL" | "B":
            return value
        case "N":
            return float(value) if any(mark in value for mark in ".eE") else int(value)
        case "M":
            return unmarshal(value)
        case "L":
            return [unmarshal_value(part) for part in value]
        case "NULL":
            return None
        case "SS" | "BS":
            return set(value)
    message = f"Roost stores no DynamoDB type {kind}"
    raise TypeError(message)


def marshal(item: Mapping[str, Any]) -> Wire:
    """A whole item, or a key, as DynamoDB writes it."""
    return {name: _short(value) or marshal_value(value) for name, value in item.items()}


def unmarshal(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """A whole item as Python has it. Texts go the short way: nearly all that a fan-out reads are keys."""
    return {name: value["S"] if "S" in value else unmarshal_value(value) for name, value in wire.items()}


class PutsLike:
    """Puts of items that differ in some whole numbers only, as JSON at once: a fan-out sends thousands of one post."""

    def __init__(self, same: Item, *numbers: str) -> None:
        fixed = orjson.dumps(marshal(same))[1:-1].replace(b"%", b"%%")
        differing = [b'"%s":{"N":"%%d"}' % name.encode() for name in numbers]
        self._form = b'{"PutRequest":{"Item":{%s}}}' % b",".join([fixed, *differing])

    def put(self, *numbers: int) -> orjson.Fragment:
        """That of one item, the numbers in the order of their names."""
        return orjson.Fragment(self._form % numbers)
