"""Posts as plain items, and back. The same shape, without keys, is what the cache holds."""

from collections.abc import Collection
from typing import Any

from config.entities import PostId, UserId
from posts.details import details_of_item, details_to_item
from posts.entities import Audience, MediumId, Photo, Post, PostCounts, PostRef
from posts.repository import keys
from posts.repository.places import NO_MONTHS, place
from posts.standing import moderation_of_item, moderation_to_item
from posts.tables import COUNTED
from posts.text.facets import Facets, facets_of_item, facets_to_item

Item = dict[str, Any]


def item_of_post(post: Post, *, months: Collection[str] = NO_MONTHS) -> Item:
    """META of a new post; `months` as in `place`."""
    return {
        **keys.meta(post.id),
        **body_of_post(post),
        "gpk": place(post.author_id, post.id, months=months),
        "gsk": post.id,
    }


def body_of_post(post: Post) -> Item:
    """What META says of the post itself: JSON all through."""
    body: Item = {
        "id": post.id,
        "author_id": post.author_id,
        "text": post.text,
        "audience": post.audience.value,
        "created_at_ms": post.created_at_ms,
        **details_to_item(post.details),
        **moderation_to_item(post.moderation),
    }
    if post.version > 1:
        body["version"] = post.version
    if post.edited_at_ms is not None:
        body["edited_at_ms"] = post.edited_at_ms
    if post.archived_at_ms is not None:
        body["archived_at_ms"] = post.archived_at_ms
    if post.repost_of is not None:
        body["repost_of"] = _ref_to_item(post.repost_of)
    if post.quote_of is not None:
        body["quote_of"] = _ref_to_item(post.quote_of)
    if post.facets is not None:
        body["facets"] = facets_to_item(post.text, post.facets)
    if post.photos:
        body["photos"] = [photo_to_item(photo) for photo in post.photos]
    return body


def post_of_item(item: Item) -> Post:
    """The post of a META item or of a cached body; counts are not in it."""
    return Post(
        id=PostId(item["id"]),
        author_id=UserId(item["author_id"]),
        text=item["text"],
        photos=photos_of_item(item),
        audience=Audience(item["audience"]),
        created_at_ms=item["created_at_ms"],
        deleted="deleted_at_ms" in item,
        facets=_facets(item),
        details=details_of_item(item),
        version=item.get("version", 1),
        edited_at_ms=item.get("edited_at_ms"),
        archived_at_ms=item.get("archived_at_ms"),
        purge_at_ms=item.get("purge_at_ms"),
        repost_of=_ref_of_item(item.get("repost_of")),
        quote_of=_ref_of_item(item.get("quote_of")),
        moderation=moderation_of_item(item),
    )


def counts_of_item(item: Item | None) -> PostCounts:
    """Counts, with what was summed up of the shards of a hot post; a post nobody has touched has no COUNTS item."""
    item = item or {}
    summed = {name: item.get(name, 0) + sum(item.get(f"{name}_elsewhere", ())) for name in COUNTED}
    return PostCounts(
        **summed,
        spread=item.get("spread", 0),
        folded_at_ms=item.get("folded_at_ms"),
        changes=item.get("changes", 0),
    )


def _ref_to_item(ref: PostRef) -> Item:
    return {"post_id": ref.post_id, "author_id": ref.author_id}


def _ref_of_item(item: Item | None) -> PostRef | None:
    return PostRef(PostId(item["post_id"]), UserId(item["author_id"])) if item else None


def _facets(item: Item) -> Facets | None:
    return facets_of_item(item["text"], item["facets"]) if "facets" in item else None


def photo_to_item(photo: Photo) -> Item:
    """One photo in META's list `photos`."""
    item: Item = {
        "renditions": {
            str(size): name for size, name in photo.renditions.items()
        },  # keys of a map are strings
        "width": photo.width,
        "height": photo.height,
        "blurhash": photo.blurhash,
        "alt": photo.alt,
        "formats": list(photo.formats),
    }
    optional = {"id": photo.id, "colour": photo.colour, "animated": photo.animated, "failed": photo.failed}
    return item | {name: value for name, value in optional.items() if value}


def photos_of_item(item: Item) -> tuple[Photo, ...]:
    """Posts of before there could be several have one, under `photo`."""
    first = [item["photo"]] if "photo" in item else []
    return tuple(_photo_of_item(one) for one in item.get("photos", first))


def _photo_of_item(item: Item) -> Photo:
    return Photo(
        renditions={int(size): name for size, name in sorted(item["renditions"].items(), key=_size)},
        width=item["width"],
        height=item["height"],
        blurhash=item["blurhash"],
        alt=item["alt"],
        id=MediumId(item["id"]) if "id" in item else None,
        colour=item.get("colour", ""),
        formats=tuple(item.get("formats", ("webp",))),
        animated=item.get("animated", False),
        failed=item.get("failed", False),
    )


def _size(rendition: tuple[str, str]) -> int:
    return int(rendition[0])
