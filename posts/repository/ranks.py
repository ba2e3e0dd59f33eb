"""RANK items: how high a post stands among what is liked. Its entries under tags say the same, a moment later.

Each RANK has a turn, one more than the one before, and entries take only a later one: of two workers the slower changes
nothing. A post that is not liked or not listed keeps its RANK for the turn, without the keys of the index.
"""

from dataclasses import dataclass
from typing import Any, Final

from config.dynamodb import (
    ConditionFailed,
    SortBelow,
    Update,
    attr,
    batch_get,
    delete_item,
    put_item,
    query,
    update_item,
)
from config.entities import PostId
from posts import ranks
from posts.entities import Post
from posts.repository import keys
from posts.repository.items import post_of_item
from posts.tables import POSTS

INDEX: Final = "by_rank"


@dataclass(frozen=True, slots=True)
class Standing:
    """What RANK says."""

    rung: int = 0
    turn: int = 0
    is_behind: bool = False
    """The entries under its tags may not have been told."""


NOWHERE: Final = Standing()


def get_standing(post_id: PostId) -> tuple[Post | None, Standing]:
    """The post, deleted ones too, without its counts; and where it stands.

    Cost: 1 request, 1 RU a 4 KB + 1 RU. Consistency: strong.
    """
    meta, rank = batch_get([(POSTS, keys.meta(post_id)), (POSTS, keys.rank(post_id))], consistent=True)
    standing = Standing(rank["rung"], rank["turn"], rank.get("is_behind", False)) if rank else NOWHERE
    return post_of_item(meta) if meta else None, standing


def put_standing(post: Post, standing: Standing, *, before: Standing) -> bool:
    """Put it in the place of the one that was read; False if that has changed.

    Idempotent: by turn. Cost: 1 request, 1 WU + 2 WU index. Consistency: conditional put.
    """
    item: dict[str, Any] = {**keys.rank(post.id), "rung": standing.rung, "turn": standing.turn}
    if standing.is_behind:
        item["is_behind"] = True
    if standing.rung:
        item |= {"rpk": keys.top_of_author(post.author_id), "rank": ranks.rank_on(standing.rung, post.id)}
    as_read = attr("turn") == before.turn if before.turn else attr("pk").missing()
    try:
        put_item(POSTS, item, condition=as_read)
    except ConditionFailed:
        return False
    return True


def delete_standing(post_id: PostId) -> None:
    """Of a post that is gone for good. Idempotent: by the post. Cost: 1 request, 1 WU + 1 WU index."""
    delete_item(POSTS, keys.rank(post_id))


def clear_behind(post_id: PostId, standing: Standing) -> None:
    """Every entry has been told of this turn; of a later one nothing is said.

    Idempotent: by turn. Cost: 1 request, 1 WU.
    """
    try:
        update_item(
            POSTS,
            keys.rank(post_id),
            Update(remove=("is_behind",)),
            condition=attr("turn") == standing.turn,
        )
    except ConditionFailed:
        return  # whoever took the next turn tells the entries


def tell_entry(post_id: PostId, tag: str, shard: int, standing: Standing) -> None:
    """Have an entry under a tag say what RANK says. One that is not there, or knows of a later turn, is left alone.

    Idempotent: by turn. Cost: 1 request, 1 WU + 2 WU index. Consistency: conditional update.
    """
    if standing.rung:
        ranked = {"rpk": keys.top_of_tag(tag), "rank": ranks.rank_on(standing.rung, post_id)}
        update = Update(set={**ranked, "turn": standing.turn})
    else:
        update = Update(set={"turn": standing.turn}, remove=("rpk", "rank"))
    is_earlier = attr("turn").missing() | (attr("turn") < standing.turn)
    try:
        update_item(
            POSTS, keys.tag_entry(tag, shard, post_id), update, condition=attr("pk").exists() & is_earlier
        )
    except ConditionFailed:
        return


def query_top(partition: str, *, below: int | None, limit: int) -> list[int]:
    """Ranks below `below` in one partition of the index, the highest first; `ranks.id_of` tells whose each is.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    sort = None if below is None else SortBelow(below)
    rows = query(POSTS, partition, index=INDEX, sort=sort, limit=limit, newest_first=True)
    return [row["rank"] for row in rows.items]
