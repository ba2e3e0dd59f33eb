"""One record of a stream in Roost's words: what an item was and what it became."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from config.dynamodb import Table
from config.dynamodb.items import Item, unmarshal

Kind = Literal["INSERT", "MODIFY", "REMOVE"]
# Who deletes items whose time to live has passed, as the stream names it.
TTL_PRINCIPAL = "dynamodb.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one item. `event_id` is the same at every delivery, so it can make a handler idempotent.

    Units: `at_ms` is rounded down to the second by DynamoDB, to the minute by DynamoDB Local.
    """

    event_id: str
    table: Table
    kind: Kind
    keys: Item
    old: Item | None
    new: Item | None
    sequence: str
    at_ms: int
    request_id: str | None = None
    expired: bool = False

    @property
    def age_seconds(self) -> float:
        """How long ago the item changed."""
        return max(0.0, time.time() - self.at_ms / 1000)


def change_of(table: Table, record: Mapping[str, Any]) -> Change:
    """The change that a stream record tells of, from GetRecords or from Lambda's event."""
    detail = record["dynamodb"]
    old = unmarshal(detail["OldImage"]) if detail.get("OldImage") else None
    new = unmarshal(detail["NewImage"]) if detail.get("NewImage") else None
    identity = record.get("userIdentity") or {}
    return Change(
        event_id=record["eventID"],
        table=table,
        kind=record["eventName"],
        keys=unmarshal(detail["Keys"]),
        old=old,
        new=new,
        sequence=detail["SequenceNumber"],
        at_ms=_ms(detail.get("ApproximateCreationDateTime")),
        request_id=_request_id(new or old),
        expired=_is_ttl(identity),
    )


def _is_ttl(identity: Mapping[str, Any]) -> bool:
    # botocore writes the names of this one structure with a capital, the wire and Lambda with a small letter.
    return TTL_PRINCIPAL in {identity.get("PrincipalId"), identity.get("principalId")}


def _request_id(image: Item | None) -> str | None:
    rid = (image or {}).get("rid")
    return rid if isinstance(rid, str) else None


def _ms(moment: datetime | float | None) -> int:
    if moment is None:
        return int(time.time() * 1000)
    seconds = moment.timestamp() if isinstance(moment, datetime) else float(moment)
    return int(seconds * 1000)
