"""PREVIEW items: one a link, shared by all posts that begin with it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from config.dynamodb import batch_get, get_item, put_item
from posts.previews.entities import Preview, PreviewPicture
from posts.repository import keys
from posts.tables import POSTS

Item = dict[str, Any]


def put_preview(preview: Preview, *, ttl: int) -> None:
    """Keep what is known of a link until `ttl` (seconds since 1970).

    Cost: 1 request, 1 WU a KB. Idempotent: the last one stays.
    """
    put_item(POSTS, {**keys.preview(preview.url), **item_of_preview(preview), "ttl": ttl})


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
        outcome=item["outcome"],
        fetched_at_ms=item["fetched_at_ms"],
    )
