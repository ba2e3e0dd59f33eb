"""Table declarations: the one place from which creation, documentation and keys of queries come."""

from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings

from config.dynamodb.items import Item
from config.stamps import Stamped

KeyType = Literal["S", "N", "B"]
Projection = Literal["ALL", "KEYS_ONLY"] | tuple[str, ...]
ALL: Literal["ALL"] = "ALL"
KEYS_ONLY: Literal["KEYS_ONLY"] = "KEYS_ONLY"


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One attribute of a key and its type: S text, N number, B bytes."""

    name: str
    type: KeyType


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index: eventually consistent, one more write unit a started KB of what it projects."""

    name: str
    partition_key: KeyPart
    sort_key: KeyPart | None = None
    projection: Projection = ALL


@dataclass(frozen=True, slots=True)
class AccessPattern:
    """One row of a table's access-pattern table, as `docs/data-model.md` prints it."""

    question: str
    index: str
    key_condition: str
    cost: str
    consistency: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table, on demand, with new and old images on its stream. Making one registers it."""

    name: str
    purpose: str
    partition_key: KeyPart
    sort_key: KeyPart | None = None
    indexes: tuple[Index, ...] = ()
    ttl_attribute: str | None = None
    stream: bool = False
    patterns: tuple[AccessPattern, ...] = field(default=(), hash=False)
    kept: tuple[str, ...] = ()
    """How the partitions begin of which reads are kept until somebody writes there (`config.kept`)."""
    stamped: tuple[Stamped, ...] = ()
    """Which writes besides those make kept answers old (`config.stamps`)."""

    def __post_init__(self) -> None:
        if self.name in registry:
            message = f"two tables are called {self.name}"
            raise ValueError(message)
        registry[self.name] = self

    @property
    def physical_name(self) -> str:
        """The name in DynamoDB: with the prefix of this installation, read at each use so that tests can set it."""
        return f"{settings.TABLE_PREFIX}{self.name}"

    @property
    def key_names(self) -> tuple[str, ...]:
        """The attributes of the primary key."""
        return tuple(part.name for part in (self.partition_key, self.sort_key) if part)

    def key_of(self, item: Item) -> Item:
        """The primary key of an item."""
        return {name: item[name] for name in self.key_names}

    def index(self, name: str) -> Index:
        """The declared index of that name."""
        return next(index for index in self.indexes if index.name == name)


registry: dict[str, Table] = {}


def table_of(physical_name: str) -> Table:
    """The declaration behind a name in DynamoDB."""
    return registry[physical_name.removeprefix(settings.TABLE_PREFIX)]


def key_schema(partition_key: KeyPart, sort_key: KeyPart | None) -> list[dict[str, str]]:
    """The KeySchema of a table or an index."""
    schema = [{"AttributeName": partition_key.name, "KeyType": "HASH"}]
    if sort_key:
        schema.append({"AttributeName": sort_key.name, "KeyType": "RANGE"})
    return schema


def index_request(index: Index) -> dict[str, Any]:
    """One index in a request that makes it."""
    projection: dict[str, Any] = {"ProjectionType": index.projection}
    if isinstance(index.projection, tuple):
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.projection)}
    schema = key_schema(index.partition_key, index.sort_key)
    return {"IndexName": index.name, "KeySchema": schema, "Projection": projection}


def creation_request(table: Table) -> dict[str, Any]:
    """The CreateTable request of a declaration: also what a CloudFormation template is made from."""
    parts = {part.name: part.type for part in (table.partition_key, table.sort_key) if part}
    request: dict[str, Any] = {
        "TableName": table.physical_name,
        "KeySchema": key_schema(table.partition_key, table.sort_key),
        "BillingMode": "PAY_PER_REQUEST",
    }
    indexes = []
    for index in table.indexes:
        parts |= {part.name: part.type for part in (index.partition_key, index.sort_key) if part}
        indexes.append(index_request(index))
    if indexes:
        request["GlobalSecondaryIndexes"] = indexes
    if table.stream:
        request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    request["AttributeDefinitions"] = [{"AttributeName": n, "AttributeType": t} for n, t in parts.items()]
    return request
