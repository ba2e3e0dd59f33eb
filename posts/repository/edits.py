"""EDIT items: what a post was before each change, written together with the change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from config.dynamodb import (
    Change,
    Condition,
    Delete,
    Put,
    SortBeginsWith,
    TransactionCancelled,
    Update,
    attr,
    query,
    trace,
    transact,
)
from posts.details import details_of_item, details_to_item
from posts.entities import Audience, Photo, Post, PostVersion
from posts.repository import keys
from posts.repository.items import body_of_post, photo_to_item, photos_of_item
from posts.repository.media import claims, require_claimed
from posts.repository.posts import LIVE
from posts.standing import moderation_of_item, moderation_to_item
from posts.tables import EDIT_PREFIX, POSTS
from posts.text.facets import facets_of_item, facets_to_item

VERSIONS_KEPT = 50


def put_edit(before: Post, after: Post, *, keep: bool, come: Sequence[Photo] = ()) -> bool:
    """Change a post from one version to the next; `keep`: the version before stays to be read, the oldest goes.

    `come`: photos that it takes with this. False if it has moved: it is of another version, was deleted, or a worker has
    put renditions in.

    Idempotent: by version. Cost: 1 request, 2 WU a KB; kept 4 WU a KB + 2 WU; 4 WU a photo that comes.
    Consistency: transaction. Raises: as `media.require_claimed`.
    """
    old, new = body_of_post(before), body_of_post(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    condition = LIVE & is_of(before.version)
    gone = tuple(name for name in old if name not in new)
    if "photos" in changed or "photos" in gone:
        as_read = attr("photos").missing()
        condition &= (attr("photos") == old["photos"]) | as_read if "photos" in old else as_read
    if "photos" in gone:
        gone += ("photo",)  # as it was called when a post had one at most
    update = Update(set={**changed, **trace()}, remove=gone)
    requests: list[Change | Put | Delete] = [Change(POSTS, keys.meta(before.id), update, condition)]
    if keep:
        requests.append(Put(POSTS, _item_of_version(before, after)))
    if keep and before.version > VERSIONS_KEPT:
        requests.append(Delete(POSTS, keys.edit(before.id, before.version - VERSIONS_KEPT)))
    claimed = claims(come, owner_id=before.author_id, post_id=before.id)
    try:
        transact([*requests, *claimed])
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        require_claimed(cancelled.reasons[len(requests) :], before.author_id)
        raise
    return True


def query_versions(post: Post, *, consistent: bool = False) -> list[PostVersion]:
    """The versions before the present one, newest first. One that says nothing of photos has those of the next one.

    Cost: 1 Query, 0.5 RU a 4 KB, strong 1 RU; at most 50 items. Consistency: eventual unless asked.
    """
    rows = query(
        POSTS,
        keys.partition(post.id),
        sort=SortBeginsWith(EDIT_PREFIX),
        limit=VERSIONS_KEPT,
        newest_first=True,
        consistent=consistent,
    )
    versions, photos = list[PostVersion](), post.photos
    for item in rows.items:
        photos = photos_of_item(item) if "photos" in item else photos
        versions.append(_version_of_item(post, item, photos))
    return versions


def is_of(version: int) -> Condition:
    return attr("version").missing() if version == 1 else attr("version") == version


def _item_of_version(post: Post, after: Post) -> dict[str, Any]:
    item: dict[str, Any] = {
        **keys.edit(post.id, post.version),
        "version": post.version,
        "text": post.text,
        "audience": post.audience.value,
        "since_ms": post.edited_at_ms or post.created_at_ms,
        **details_to_item(post.details),
        **moderation_to_item(post.moderation),
    }
    if post.facets is not None:
        item["facets"] = facets_to_item(post.text, post.facets)
    if any(photo.alt for photo in post.photos):
        item["alts"] = [photo.alt for photo in post.photos]
    if [_picture(photo) for photo in post.photos] != [_picture(photo) for photo in after.photos]:
        item["photos"] = [photo_to_item(photo) for photo in post.photos]
    return item


def _picture(photo: Photo) -> tuple[object, ...]:
    return photo.id, None if photo.id else photo.renditions


def _version_of_item(post: Post, item: dict[str, Any], photos: Sequence[Photo]) -> PostVersion:
    alts = tuple(item.get("alts", ()))
    described = zip(photos, alts or [""] * len(photos), strict=False)
    was = replace(
        post,
        text=item["text"],
        photos=tuple(replace(photo, alt=alt) for photo, alt in described),
        audience=Audience(item["audience"]),
        created_at_ms=item["since_ms"],
        edited_at_ms=None,
        facets=facets_of_item(item["text"], item["facets"]) if "facets" in item else None,
        details=details_of_item(item),
        moderation=moderation_of_item(item),
        version=item["version"],
    )
    return PostVersion(was, alts)
