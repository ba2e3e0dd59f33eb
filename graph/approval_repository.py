"""How far the approval of all of an account's requests has come, in DynamoDB: one item an account, kept for a day.

The item is also the order to begin: the stream carries it to the worker, so that it is not lost with a broker away.
"""

import time
from dataclasses import dataclass
from typing import Any, Final

from config.dynamodb import ConditionFailed, Item, Update, attr, get_item, put_item, trace, update_item
from config.entities import UserId
from graph.tables import GRAPH

KEPT_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Approval:
    """One run. `id` is time-ordered: requests made after it are not of the run, unless the account has become public.

    `skipped` counts those who can't follow: withdrawn meanwhile, accounts that are gone, who follows too many.
    """

    owner_id: UserId
    id: int
    of_public: bool = False
    approved: int = 0
    skipped: int = 0
    cursor: str | None = None
    done: bool = False


def approval_key(owner_id: UserId) -> Item:
    """Where it is."""
    return {"pk": f"USER#{owner_id}", "sk": "APPROVAL"}


def approval_put(approval: Approval) -> None:
    """Begin a run; one that was going on stops at its next step.

    Cost: 1 round trip, 1 write unit.
    """
    put_item(
        GRAPH,
        approval_key(approval.owner_id)
        | {
            "run": approval.id,
            "of_public": approval.of_public,
            "approved": 0,
            "skipped": 0,
            "done": False,
            "ttl": time.time_ns() // 1_000_000_000 + KEPT_SECONDS,
        }
        | trace(),
    )


def approval_get(owner_id: UserId) -> Approval | None:
    """The last run of within a day.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    item = get_item(GRAPH, approval_key(owner_id), consistent=True)
    if item is None or item["ttl"] <= time.time():
        return None
    return Approval(
        owner_id,
        item["run"],
        item["of_public"],
        item["approved"],
        item["skipped"],
        item.get("cursor"),
        item["done"],
    )


def approval_step(before: Approval, after: Approval) -> bool:
    """Keep how far a run has come; False if another worker has gone on from the same place, or another run has begun.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by run and position.
    """
    same_place = attr("cursor") == before.cursor if before.cursor else attr("cursor").missing()
    changes: dict[str, Any] = {"approved": after.approved, "skipped": after.skipped, "done": after.done}
    if after.cursor:
        changes["cursor"] = after.cursor
    try:
        update_item(
            GRAPH,
            approval_key(before.owner_id),
            Update(set=changes),
            condition=(attr("run") == before.id) & (attr("done") == False) & same_place,  # noqa: E712  # a condition
        )
    except ConditionFailed:
        return False
    return True
