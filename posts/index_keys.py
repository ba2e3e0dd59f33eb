"""What items of before lack to be found by their person: the backfill of the indexes."""

from typing import Final

from config.dynamodb import Item, ItemChange, Update, attr
from config.entities import PostId, UserId
from posts.ranks import rank
from posts.repository import keys
from posts.repository.places import Shelf, place
from posts.tables import COMMENT_PREFIX, META, STATS

_STILL_THERE: Final = attr("pk").exists() & attr("gpk").missing()


def missing_person_key(item: Item) -> ItemChange | None:
    """The keys that a comment or a deleted post needs; None for all others.

    The condition leaves alone what has been deleted since it was read: an update would make it anew.
    """
    if "gpk" in item:
        return None
    sk = item["sk"]
    if sk.startswith(COMMENT_PREFIX) and "gone" not in item:
        found = {"gpk": keys.commented_by(UserId(item["author_id"])), "gsk": item["comment_id"]}
    elif sk == META and "deleted_at_ms" in item:
        gpk = place(UserId(item["author_id"]), PostId(item["id"]), Shelf.DELETED)
        found = {"gpk": gpk, "gsk": item["id"]}
    else:
        return None
    return ItemChange(Update(set=found), _STILL_THERE)


def missing_comment_rank(item: Item) -> ItemChange | None:
    """The place that a comment which a thread begins with has while nobody likes it; None for all else."""
    if "rank" in item or not item["sk"].startswith(COMMENT_PREFIX) or not item["pk"].startswith("POST#"):
        return None
    place = {
        "rpk": keys.top_of_post(PostId(item["post_id"])),
        "rank": rank(item.get("likes", 0), item["comment_id"]),
    }
    return ItemChange(Update(set=place), attr("pk").exists() & attr("rank").missing())


def missing_months_mark(item: Item) -> ItemChange | None:
    """What the index is to say of an author who has lists of months; None for all else."""
    if item["sk"] != STATS or "gpk" in item or not item.get("months"):
        return None
    author_id = UserId(int(item["pk"].partition("#")[2]))
    latest = max(noted.partition("@")[0] for noted in item["months"])
    return ItemChange(Update(set=keys.months_mark(author_id, latest)), _STILL_THERE)
