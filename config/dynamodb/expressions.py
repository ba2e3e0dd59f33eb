"""Conditions, updates and key ranges, and their DynamoDB expressions.

Conditions are boto3's, behind names that read as sentences: `attr("pk").missing() & (attr("version") == 3)`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder, Key

from config.dynamodb.items import marshal_value

Condition = ConditionBase


class attr:  # noqa: N801  # reads as a word of the condition language
    """A condition on one attribute of the stored item; `&`, `|` and `~` combine them."""

    __slots__ = ("_attr",)
    __hash__ = None  # type: ignore[assignment]  # comparing makes a condition, so it can't be a key

    def __init__(self, name: str) -> None:
        self._attr = Attr(name)

    def missing(self) -> Condition:
        """The item lacks the attribute; asked of a key attribute: there is no such item."""
        return self._attr.not_exists()

    def exists(self) -> Condition:
        """The item has the attribute; asked of a key attribute: there is such an item."""
        return self._attr.exists()

    def is_in(self, values: list[Any]) -> Condition:
        """The value is one of these (at most 100)."""
        return self._attr.is_in(values)

    def contains(self, part: Any) -> Condition:
        """The text, list or set has this part."""
        return self._attr.contains(part)

    def begins_with(self, prefix: str) -> Condition:
        """The text begins so."""
        return self._attr.begins_with(prefix)

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]  # a condition, not a truth
        return self._attr.eq(value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]  # a condition, not a truth
        return self._attr.ne(value)

    def __lt__(self, value: Any) -> Condition:
        return self._attr.lt(value)

    def __le__(self, value: Any) -> Condition:
        return self._attr.lte(value)

    def __gt__(self, value: Any) -> Condition:
        return self._attr.gt(value)

    def __ge__(self, value: Any) -> Condition:
        return self._attr.gte(value)


@dataclass(frozen=True, slots=True)
class Update:
    """What an update does to an item: `set` values, `add` to numbers or sets, `remove` attributes, `default` where unset."""

    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int | float | AbstractSet[str] | AbstractSet[bytes]] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    default: Mapping[str, Any] = field(default_factory=dict)
    take: Mapping[str, AbstractSet[str] | AbstractSet[bytes]] = field(
        default_factory=dict
    )  # members taken out of sets


@dataclass(frozen=True, slots=True)
class SortBeginsWith:
    """Sort keys that begin with a prefix."""

    prefix: str


@dataclass(frozen=True, slots=True)
class SortBetween:
    """Sort keys from `first` to `last`, both included."""

    first: Any
    last: Any


@dataclass(frozen=True, slots=True)
class SortBelow:
    """Sort keys strictly below a value."""

    value: Any


@dataclass(frozen=True, slots=True)
class SortAbove:
    """Sort keys strictly above a value."""

    value: Any


SortRange = SortBeginsWith | SortBetween | SortBelow | SortAbove


class Expressions:
    """Collects the expressions of one request with their shared names and values."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.builder = ConditionExpressionBuilder()
        self.count = 0

    def condition(self, condition: Condition, *, of_key: bool = False) -> str:
        """The text of a condition; its placeholders are kept."""
        built = self.builder.build_expression(condition, is_key_condition=of_key)
        self.names |= built.attribute_name_placeholders
        self.values |= {
            name: marshal_value(value) for name, value in built.attribute_value_placeholders.items()
        }
        return str(built.condition_expression)

    def name(self, attribute: str) -> str:
        """A placeholder for an attribute's name."""
        placeholder = f"#u{self.count}"
        self.count += 1
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Any) -> str:
        """A placeholder for a value."""
        placeholder = f":u{self.count}"
        self.count += 1
        self.values[placeholder] = marshal_value(value)
        return placeholder

    def update(self, update: Update) -> str:
        """The text of an update."""
        clauses = []
        sets = [f"{self.name(n)} = {self.value(v)}" for n, v in update.set.items()]
        for attribute, value in update.default.items():
            name = self.name(attribute)
            sets.append(f"{name} = if_not_exists({name}, {self.value(value)})")
        if sets:
            clauses.append("SET " + ", ".join(sets))
        if update.add:
            clauses.append(
                "ADD " + ", ".join(f"{self.name(n)} {self.value(v)}" for n, v in update.add.items())
            )
        if update.remove:
            clauses.append("REMOVE " + ", ".join(self.name(n) for n in update.remove))
        if update.take:
            clauses.append(
                "DELETE " + ", ".join(f"{self.name(n)} {self.value(v)}" for n, v in update.take.items())
            )
        return " ".join(clauses)

    def projection(self, attributes: tuple[str, ...]) -> str:
        """The text of a projection."""
        return ", ".join(self.name(attribute) for attribute in attributes)

    def parameters(self) -> dict[str, Any]:
        """Names and values, for the request."""
        found: dict[str, Any] = {}
        if self.names:
            found["ExpressionAttributeNames"] = self.names
        if self.values:
            found["ExpressionAttributeValues"] = self.values
        return found


def key_condition(
    partition_name: str, partition: Any, sort_name: str | None, sort: SortRange | None
) -> Condition:
    """The key condition of a query."""
    condition: Condition = Key(partition_name).eq(partition)
    if sort is None or sort_name is None:
        return condition
    key = Key(sort_name)
    match sort:
        case SortBeginsWith(prefix):
            return condition & key.begins_with(prefix)
        case SortBetween(first, last):
            return condition & key.between(first, last)
        case SortBelow(value):
            return condition & key.lt(value)
        case SortAbove(value):
            return condition & key.gt(value)
