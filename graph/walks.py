"""Work that goes through all accounts and may be broken off: where it has come to lies in the table that it is about."""

from collections.abc import Iterator
from typing import Final

from accounts.selectors import user_ids_after
from config.dynamodb import Item, Table, delete_item, get_item, put_item
from config.entities import UserId

POSITION_KEY: Final[Item] = {"pk": "RECONCILE", "sk": "POSITION"}


def steps_of_accounts(table: Table, *, restart: bool, step: int) -> Iterator[list[UserId]]:
    """All accounts in the order of their ids, or those behind where a walk was broken off.

    Whoever walks notes each step by `position_put` when it is done; the end is noted here.

    Cost: one SQL query a step.
    """
    after = UserId(0) if restart else position_get(table)
    while user_ids := user_ids_after(after, limit=step):
        yield user_ids
        after = user_ids[-1]
    position_delete(table)


def position_get(table: Table) -> UserId:
    """The last account that a broken walk has seen to; 0 if none was broken off.

    Cost: 1 RU. Consistency: strong.
    """
    item = get_item(table, POSITION_KEY, consistent=True)
    return UserId(item["user_id"] if item else 0)


def position_put(table: Table, user_id: UserId) -> None:
    """All accounts up to this one are seen to.

    Cost: 1 WU. Idempotent.
    """
    put_item(table, POSITION_KEY | {"user_id": user_id})


def position_delete(table: Table) -> None:
    """The walk has come to its end.

    Cost: 1 WU. Idempotent.
    """
    delete_item(table, POSITION_KEY)
