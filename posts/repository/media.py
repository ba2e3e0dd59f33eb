"""MEDIUM items: uploaded pictures, from their first byte to the post that has them."""

from collections.abc import Iterable, Sequence

from config.dynamodb import (
    Change,
    Condition,
    ConditionFailed,
    Reason,
    Update,
    attr,
    batch_get,
    delete_item,
    get_item,
    put_item,
    query,
    trace,
    update_item,
)
from config.entities import PostId, UserId
from posts.entities import MediumId, Photo
from posts.media.entities import Look, Medium, MediumState
from posts.media.errors import MediumMoved, MediumNotFound, MediumUsed
from posts.repository import keys
from posts.repository.medium_items import item_of_medium, look_to_item, medium_of_item
from posts.tables import POSTS

UNUSED = attr("pk").exists() & attr("post_id").missing()
NOBODYS = UNUSED & attr("drafts").missing()


def put_medium(medium: Medium, *, ttl: int) -> None:
    """Store a new medium; it is in its owner's list, and runs out, until a post takes it.

    Cost: 1 request, 1 WU a KB + 1 WU index. Consistency: conditional put.
    """
    item = {**item_of_medium(medium), "ttl": ttl, **trace()}
    put_item(POSTS, item, condition=attr("pk").missing())


def get_medium(medium_id: MediumId) -> Medium | None:
    """Cost: 1 request, 1 RU. Consistency: strong."""
    item = get_item(POSTS, keys.medium(medium_id), consistent=True)
    return medium_of_item(item) if item else None


def get_media(medium_ids: Sequence[MediumId]) -> dict[MediumId, Medium]:
    """Those of the media that are there.

    Cost: 1 batch, 1 RU each. Consistency: strong.
    """
    found = batch_get([(POSTS, keys.medium(medium_id)) for medium_id in medium_ids], consistent=True)
    media = [medium_of_item(item) for item in found if item]
    return {medium.id: medium for medium in media}


def query_unused(owner_id: UserId, *, limit: int) -> list[MediumId]:
    """A person's media that no post has, oldest first.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    rows = query(POSTS, keys.media_of(owner_id), index="by_author", limit=limit)
    return [MediumId(row["gsk"]) for row in rows.items]


def set_alt(medium_id: MediumId, alt: str) -> Medium | None:
    """Describe a medium that no post has; None if there is none.

    Cost: 1 request, 1 WU a KB. Consistency: conditional update. Idempotent: by text.
    """
    return _changed(medium_id, Update(set={"alt": alt}), UNUSED)


def add_piece(medium: Medium, *, name: str, offset: int, ttl: int) -> bool:
    """Note that a piece has come which ends at `offset`; False if another one came at its place.

    Cost: 1 request, 1 WU a KB. Consistency: conditional update on the offset before.
    """
    update = Update(set={"offset": offset, "parts": [*medium.parts, name], "ttl": ttl})
    condition = (attr("state") == MediumState.UPLOADING) & (attr("offset") == medium.offset)
    return _changed(medium.id, update, condition) is not None


def set_waiting(medium_id: MediumId, look: Look, *, size: int) -> Medium | None:
    """An upload that came in pieces is whole and checked; None if that was noted before.

    Cost: 1 request, 1 WU a KB. Consistency: conditional update. Idempotent: by state.
    """
    values = {"state": MediumState.WAITING, "look": look_to_item(look), "bytes": size, **trace()}
    update = Update(set=values, remove=("parts", "offset"))
    return _changed(medium_id, update, attr("state") == MediumState.UPLOADING)


def set_ready(
    medium_id: MediumId, *, sizes: tuple[int, ...], formats: tuple[str, ...], phash: str
) -> Medium | None:
    """Its renditions are stored; None if it is gone or was not waiting.

    Cost: 1 request, 1 WU a KB. Consistency: conditional update. Idempotent: by state.
    """
    values = {"state": MediumState.READY, "sizes": list(sizes), "formats": list(formats), "phash": phash}
    return _changed(medium_id, Update(set=values), attr("state") == MediumState.WAITING)


def set_failed(medium_id: MediumId, *, reason: str) -> Medium | None:
    """Its renditions can't be made; None if it is gone or was not waiting.

    Cost: 1 request, 1 WU a KB. Consistency: conditional update. Idempotent: by state.
    """
    values = {"state": MediumState.FAILED, "reason": reason}
    return _changed(medium_id, Update(set=values), attr("state") == MediumState.WAITING)


def delete_unused(medium_id: MediumId) -> bool:
    """Take away a medium that no post and no draft has; False if there is none. Its files follow from the stream.

    Cost: 1 request, 1 WU a KB + 1 WU index. Consistency: conditional delete. Idempotent: by medium.
    """
    try:
        return delete_item(POSTS, keys.medium(medium_id), condition=NOBODYS) is not None
    except ConditionFailed:
        return False


def delete_medium(medium_id: MediumId) -> None:
    """Take away a deleted post's medium.

    Cost: 1 request, 1 WU a KB. Idempotent: by medium.
    """
    delete_item(POSTS, keys.medium(medium_id))


def claims(photos: Iterable[Photo], *, owner_id: UserId, post_id: PostId) -> list[Change]:
    """The part of a post's transaction by which it takes its media, each as it was read and from its owner alone.

    Cost: 2 WU a KB and 2 WU index each, in the post's request.
    """
    return [
        Change(
            POSTS,
            keys.medium(photo.id),
            Update(set={"post_id": post_id, "alt": photo.alt}, remove=("ttl", "gpk", "gsk", "drafts")),
            UNUSED & (attr("owner_id") == owner_id) & (attr("state") == _state_of(photo)),
        )
        for photo in photos
        if photo.id is not None
    ]


def require_claimed(reasons: Sequence[Reason], owner_id: UserId) -> None:
    """Say why a post's transaction could not take its media; `reasons` are those of `claims`.

    Raises: MediumNotFound, MediumUsed, MediumMoved.
    """
    for reason in reasons:
        if reason.failed:
            item = reason.item
            if item is None or item["owner_id"] != owner_id:
                raise MediumNotFound
            raise MediumUsed if "post_id" in item else MediumMoved


def _state_of(photo: Photo) -> MediumState:
    return MediumState.READY if photo.renditions else MediumState.WAITING


def _changed(medium_id: MediumId, update: Update, condition: Condition) -> Medium | None:
    try:
        return medium_of_item(update_item(POSTS, keys.medium(medium_id), update, condition=condition))
    except ConditionFailed:
        return None
