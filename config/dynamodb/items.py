"""Plain Python values to DynamoDB's typed values and back.

boto3's own serialiser goes through Decimal contexts for every number; hot pages hold hundreds of ids, so this one
dispatches on the type and knows only what Roost stores.

Shape: an item is a dict of str, int, float, bool, bytes, None, list, dict and set of str.
Raises: TypeError for any other value, so that a wrong type fails at the writer and not at a reader.
"""

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]
Wire = dict[str, dict[str, Any]]


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
        case set() | frozenset() if value and all(isinstance(part, str) for part in value):
            return {"SS": sorted(value)}
    message = (
        f"DynamoDB items hold no {type(value).__name__} (empty sets and sets of other than text neither)"
    )
    raise TypeError(message)


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
        case "SS":
            return set(value)
    message = f"Roost stores no DynamoDB type {kind}"
    raise TypeError(message)


def marshal(item: Mapping[str, Any]) -> Wire:
    """A whole item, or a key, as DynamoDB writes it."""
    return {name: marshal_value(value) for name, value in item.items()}


def unmarshal(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """A whole item as Python has it."""
    return {name: unmarshal_value(value) for name, value in wire.items()}
