"""EDIT items: what a post was before each change, written together with the change."""

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
from posts.entities import Audience, Post, PostVersion
from posts.repository import keys
from posts.repository.items import body_of_post
from posts.repository.posts import LIVE
from posts.standing import moderation_of_item, moderation_to_item
from posts.tables import EDIT_PREFIX, POSTS
from posts.text.facets import facets_of_item, facets_to_item

VERSIONS_KEPT = 50


def put_edit(before: Post, after: Post, *, keep: bool) -> bool:
    """Change a post from one version to the next; `keep`: the version before stays to be read, the oldest goes.

    False if it has moved: it is of another version, was deleted, or a worker has put renditions in.

    Idempotent: by version. Cost: 1 request, 2 WU a KB; kept 4 WU a KB + 2 WU. Consistency: transaction.
    """
    old, new = body_of_post(before), body_of_post(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    condition = LIVE & is_of(before.version)
    if "photos" in changed:
        condition &= (attr("photos") == old["photos"]) | attr("photos").missing()
    update = Update(set={**changed, **trace()}, remove=tuple(name for name in old if name not in new))
    requests: list[Change | Put | Delete] = [Change(POSTS, keys.meta(before.id), update, condition)]
    if keep:
        requests.append(Put(POSTS, _item_of_version(before)))
    if keep and before.version > VERSIONS_KEPT:
        requests.append(Delete(POSTS, keys.edit(before.id, before.version - VERSIONS_KEPT)))
    try:
        transact(list(requests))
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True


def query_versions(post: Post) -> list[PostVersion]:
    """The versions before the present one, newest first.

    Cost: 1 Query, 0.5 RU a 4 KB; at most 50 items. Consistency: eventual.
    """
    rows = query(
        POSTS,
        keys.partition(post.id),
        sort=SortBeginsWith(EDIT_PREFIX),
        limit=VERSIONS_KEPT,
        newest_first=True,
    )
    return [_version_of_item(post, item) for item in rows.items]


def is_of(version: int) -> Condition:
    return attr("version").missing() if version == 1 else attr("version") == version


def _item_of_version(post: Post) -> dict[str, Any]:
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
    return item


def _version_of_item(post: Post, item: dict[str, Any]) -> PostVersion:
    was = replace(
        post,
        text=item["text"],
        photos=(),
        audience=Audience(item["audience"]),
        created_at_ms=item["since_ms"],
        edited_at_ms=None,
        facets=facets_of_item(item["text"], item["facets"]) if "facets" in item else None,
        details=details_of_item(item),
        moderation=moderation_of_item(item),
        version=item["version"],
    )
    return PostVersion(was, tuple(item.get("alts", ())))
