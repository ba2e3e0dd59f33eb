"""PREVIEW items: one a link, shared by all posts that begin with it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from config.dynamodb import ConditionFailed, Update, attr, batch_get, get_item, put_item, update_item
from posts.previews.entities import Preview, PreviewPicture
from posts.repository import keys
from posts.tables import POSTS

Item = dict[str, Any]
KEPT_SECONDS = 30 * 24 * 3600


def put_preview(preview: Preview) -> None:
    """Keep what is known of a link; when it is fresh no more, for some time still, in which a look asks for it again.

    Cost: 1 request, 1 WU a KB. Idempotent: the last one stays.
    """
    ttl = preview.fresh_until_ms // 1000 + KEPT_SECONDS
    put_item(POSTS, {**keys.preview(preview.url), **item_of_preview(preview), "ttl": ttl})


def ask_preview(url: str, *, now_ms: int, again_ms: int) -> bool:
    """Note that somebody wants a link to be fetched; False if that was noted less than `again_ms` ago.

    Cost: 1 request, 1 WU. Idempotent: by link and time.
    """
    asked = attr("asked_at_ms")
    noted = {"url": url, "asked_at_ms": now_ms, "ttl": now_ms // 1000 + KEPT_SECONDS}
    try:
        update_item(
            POSTS,
            keys.preview(url),
            Update(set=noted),
            condition=asked.missing() | (asked < now_ms - again_ms),
        )
    except ConditionFailed:
        return False
    return True


def get_preview(url: str) -> Preview | None:
    """Cost: 1 request, 1 RU. Consistency: strong."""
    item = get_item(POSTS, keys.preview(url), consistent=True)
    return preview_of_item(item) if item else None


def get_previews(urls: Iterable[str]) -> dict[str, Preview]:
    """What is known of these links.

    Cost: 1 request a 100 links, 0.5 RU each. Consistency: eventual.
    """
    urls = list(dict.fromkeys(urls))
    items = batch_get([(POSTS, keys.preview(url)) for url in urls]) if urls else []
    return {url: preview_of_item(item) for url, item in zip(urls, items, strict=True) if item}


def digest_of(url: str) -> str:
    """What stands for an address of any length, here and in the cache."""
    return str(keys.preview(url)["pk"]).partition("#")[2]


def item_of_preview(preview: Preview) -> Item:
    """JSON all through: the cache holds the same."""
    return {name: value for name, value in asdict(preview).items() if value not in ("", None)}


def preview_of_item(item: Item) -> Preview:
    picture = item.get("picture")
    return Preview(
        url=item["url"],
        title=item.get("title", ""),
        description=item.get("description", ""),
        site=item.get("site", ""),
        picture=PreviewPicture(**picture) if picture else None,
        outcome=item.get("outcome", "asked"),
        fetched_at_ms=item.get("fetched_at_ms", 0),
    )
