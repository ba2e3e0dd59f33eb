"""What becomes of the follows, requests, blocks and marks of a person who has left. See `accounts.departure_steps`.

Everything that has a half with somebody else goes through the transaction that everybody's goes through, so that others'
counters stay those of their edges. Others' blocks of the person go too: they are found from the slots that they close.
What stays is what others keep for themselves and forget by its own time: suggestions, and what they dismissed of them.

A person's partition is walked by its strong sort keys, never by an index; a cursor is the last sort key that was seen.
"""

from typing import Any

from django.dispatch import receiver

from accounts.departure_steps import PAGE, Progress, cleanup_step
from accounts.selectors import profiles_by_ids
from accounts.signals import account_restored
from config.dynamodb import Item, is_done
from config.entities import UserId
from config.errors import Unavailable
from graph import block_repository, heat_repository, mark_repository, repository, request_repository, tasks
from graph import departure_repository as rows
from graph.archive_mirrors import out_edge_bring
from graph.entities import Side
from graph.heat import heat_to_write
from graph.keys import FIRST_SHARD
from graph.list_repository import other_id_of
from graph.mark_repository import Mark
from graph.services import handle_of
from graph.slots import is_edge, is_request, is_tombstone
from graph.table_changes import BY_MARKED


@cleanup_step("graph.followings", order=20)
def slots_clear(user_id: UserId, cursor: str | None) -> Progress:
    """End whom the person follows and whom they ask, and the blocks that others have put between.

    Cost: 1 RU a 4 KB; 10 WU a follow, 6 a request, 7 a block. Idempotent: by both people.
    """
    found = rows.partition_stretch(user_id, f"{Side.FOLLOWING}#", after=cursor, limit=PAGE)
    handle = handle_of(user_id) if found.items else ""
    return Progress(found.last, sum(_slot_clear(user_id, item, handle) for item in found.items))


@cleanup_step("graph.followers", order=30)
def followers_clear(user_id: UserId, cursor: str | None) -> Progress:
    """End the follows of those who follow the person, shard by shard.

    Cost: 1 RU a 4 KB; 10 WU a follow. Idempotent: by both people.
    """
    shard, after = _place(cursor)
    found = rows.partition_stretch(user_id, f"{Side.FOLLOWER}#", shard=shard, after=after, limit=PAGE)
    ended = sum(_follower_end(user_id, item) for item in found.items)
    if found.last is None and shard + 1 >= heat_repository.heat_get(user_id, consistent=True).shards:
        return Progress(None, ended)
    return Progress(f"{shard}/{found.last}" if found.last else f"{shard + 1}/", ended)


@cleanup_step("graph.requests", order=35)
def requests_clear(user_id: UserId, cursor: str | None) -> Progress:
    """Decline the requests that wait for the person.

    Cost: 1 RU a 4 KB; 6 WU a request. Idempotent: by both people.
    """
    found = rows.partition_stretch(user_id, f"{Side.REQUEST_IN}#", after=cursor, limit=PAGE)
    asking = [other_id_of(item) for item in found.items]
    return Progress(found.last, sum(request_repository.request_delete(other, user_id) for other in asking))


@cleanup_step("graph.marks", order=40)
def marks_clear(user_id: UserId, cursor: str | None) -> Progress:
    """Take back whom the person has blocked, muted, and made close friends.

    Cost: 1 RU a 4 KB; 7 WU a block, 3 a mark. Idempotent: by both people.
    """
    marks = list(Mark)
    name, _, after = (cursor or f"{marks[0]}/").partition("/")
    mark = Mark(name)
    found = rows.partition_stretch(user_id, f"{mark}#", after=after or None, limit=PAGE)
    for item in found.items:
        _mark_clear(mark, user_id, other_id_of(item))
    if found.last:
        return Progress(f"{mark}/{found.last}", len(found.items))
    following = marks[marks.index(mark) + 1 :]
    return Progress(f"{following[0]}/" if following else None, len(found.items))


@cleanup_step("graph.marked_by", order=45)
def marked_by_clear(user_id: UserId, cursor: str | None) -> Progress:
    """Take away the mutes and close friends of others that are about the person.

    Cost: 0.5 RU a 40; 3 WU a mark. Idempotent: by both people.
    Raises: Unavailable until the index has been filled.
    """
    if not is_done(BY_MARKED):
        raise Unavailable
    mark, _, owner = (cursor or "").partition("/")
    after = (Mark(mark), UserId(int(owner))) if cursor else None
    found = rows.marks_about(user_id, after=after, limit=PAGE)
    for mark_found, owner_id in found:
        mark_repository.mark_delete(mark_found, owner_id, user_id)
    last = f"{found[-1][0]}/{found[-1][1]}" if len(found) == PAGE else None
    return Progress(last, len(found))


@cleanup_step("graph.rest", order=90)
def rest_clear(user_id: UserId, cursor: str | None) -> Progress:
    """Counters, heat and whatever else lies in the person's partitions alone; the first partition, with heat, last.

    Cost: 1 RU a 4 KB; 1 WU an item and index. Idempotent: by item.
    """
    if cursor is None:
        shard, after = heat_repository.heat_get(user_id, consistent=True).shards - 1, None
    else:
        shard, after = _place(cursor)
    found = rows.partition_stretch(user_id, "", shard=shard, after=after, limit=PAGE)
    alone = [item for item in found.items if not _has_other_half(item)]
    rows.items_delete(alone)
    if found.last:
        return Progress(f"{shard}/{found.last}", len(alone))
    return Progress(f"{shard - 1}/" if shard > FIRST_SHARD else None, len(alone))


@cleanup_step("graph.rest_late", order=1010)
def rest_clear_late(user_id: UserId, cursor: str | None) -> Progress:
    """Once more, for what the stream has brought meanwhile: a sum of counters, a review of heat.

    Cost, Idempotent: as `rest_clear`.
    """
    return rest_clear(user_id, cursor)


@receiver(account_restored)
def requests_after_return(user_id: UserId, **_: Any) -> None:
    """Nothing has been touched; only what went on without the person is caught up with."""
    tasks.requests_catch_up.delay(user_id)


def _slot_clear(user_id: UserId, item: Item, handle: str) -> bool:
    other_id = other_id_of(item)
    if is_edge(item):
        heat = heat_to_write(other_id)
        return repository.edge_delete(user_id, other_id, follower_handle=handle, heat=heat)
    if is_request(item):
        return request_repository.request_delete(user_id, other_id)
    if is_tombstone(item):
        blockers = [UserId(int(blocker)) for blocker in item["blocked_by"]]
        return sum(block_repository.block_delete(*_pair(one, user_id, other_id)) for one in blockers) > 0
    return False


def _pair(blocker_id: UserId, user_id: UserId, other_id: UserId) -> tuple[UserId, UserId]:
    return (blocker_id, other_id if blocker_id == user_id else user_id)


def _follower_end(user_id: UserId, item: Item) -> bool:
    handle, follower_id = str(item["sk"]).split("#")[1], other_id_of(item)
    follower = profiles_by_ids([follower_id]).get(follower_id)
    if follower is not None and follower.is_archived:
        out_edge_bring(follower, user_id)
    heat = heat_to_write(user_id)
    return repository.edge_delete(follower_id, user_id, follower_handle=handle, heat=heat)


def _mark_clear(mark: Mark, owner_id: UserId, other_id: UserId) -> None:
    if mark is Mark.BLOCK:
        block_repository.block_delete(owner_id, other_id)
    else:
        mark_repository.mark_delete(mark, owner_id, other_id)


def _has_other_half(item: Item) -> bool:
    """Edges and requests have one, which only a transaction may leave alone; none is there unless something failed."""
    prefixes = (f"{Side.FOLLOWER}#", f"{Side.REQUEST_IN}#")
    return str(item["sk"]).startswith(prefixes) or is_edge(item) or is_request(item)


def _place(cursor: str | None) -> tuple[int, str | None]:
    shard, _, after = (cursor or f"{FIRST_SHARD}/").partition("/")
    return int(shard), after or None
