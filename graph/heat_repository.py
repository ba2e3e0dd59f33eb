"""How hot accounts are spread, in DynamoDB. Quiet accounts, which is nearly all of them, have no item."""

from collections.abc import Iterator

from config.dynamodb import (
    Change,
    Item,
    Put,
    TransactionCancelled,
    Update,
    attr,
    get_item,
    query_all,
    transact,
)
from config.entities import UserId
from graph.entities import QUIET, Heat
from graph.keys import counts_key, heat_key
from graph.tables import GRAPH

HOT_ACCOUNTS = "HEAT"


def heat_get(user_id: UserId, *, consistent: bool = False) -> Heat:
    """How an account is spread; `QUIET` without an item.

    Cost: 1 round trip, 0.5 read units (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    item = get_item(GRAPH, heat_key(user_id), consistent=consistent)
    return _heat_of(item) if item else QUIET


def heat_put(user_id: UserId, heat: Heat) -> bool:
    """Store the version after the one that is there; False if somebody else has stored one meanwhile.

    The counters learn of it in the same transaction: a counter without `followers_elsewhere` belongs to a quiet account,
    which is then known from a read of the counter alone.

    Cost: 1 round trip, 5 write units.
    Consistency: transaction.
    Idempotent: by version.
    """
    item = heat_key(user_id) | {
        "gpk": HOT_ACCOUNTS,
        "gsk": user_id,
        "shards": heat.shards,
        "write_shards": heat.write_shards,
        "epochs": [list(epoch) for epoch in heat.epochs],
        "version": heat.version,
        "calm_since_ms": heat.calm_since_ms,
    }
    is_next = attr("version") == heat.version - 1 if heat.version > 1 else attr("pk").missing()
    marked = Update(default={"followers": 0, "following": 0, "followers_elsewhere": 0})
    try:
        transact([Put(GRAPH, item, is_next), Change(GRAPH, counts_key(user_id), marked)])
    except TransactionCancelled as cancelled:
        if not cancelled.reasons[0].failed:
            raise
        return False
    return True


def hot_accounts() -> Iterator[tuple[UserId, Heat]]:
    """Every account that is or was hot.

    Cost: 1 round trip and 8 read units a 1,000, and 0.5 an account.
    Consistency: eventual.
    """
    for row in query_all(GRAPH, HOT_ACCOUNTS, index="by_time"):
        user_id = UserId(row["gsk"])
        yield user_id, heat_get(user_id)


def _heat_of(item: Item) -> Heat:
    return Heat(
        shards=item["shards"],
        write_shards=item["write_shards"],
        epochs=tuple((first_id, width) for first_id, width in item["epochs"]),
        version=item["version"],
        calm_since_ms=item["calm_since_ms"],
    )
