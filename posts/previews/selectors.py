"""Previews for pages: read, never fetched; what is old is asked for."""

import time
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.core.files.storage import default_storage

from config import stamps
from config.cache import Kind, Tiered
from config.entities import PostId
from config.ids import id_time_ms
from posts.previews import repository
from posts.previews.asking import previews_ask
from posts.previews.entities import Preview, PreviewCard

FIRST_FETCH_MS = 600_000  # a post so young has its first fetch, if not yet its preview
# What is missing is put by the worker as soon as it has been there.
PREVIEWS: Final[Tiered[str, Preview]] = Tiered(
    Kind("preview", seconds=3600, stale_seconds=600, absent_seconds=60),
    write=repository.item_of_preview,
    read=repository.preview_of_item,
)


def cards_of_links(links: Mapping[PostId, str]) -> dict[str, PreviewCard]:
    """Cards of the links of some posts. Cost: `preview_cards`."""
    young_ms = time.time_ns() // 1_000_000 - FIRST_FETCH_MS
    return preview_cards(
        links.values(), awaited={url for post_id, url in links.items() if id_time_ms(post_id) > young_ms}
    )


def preview_cards(urls: Iterable[str], *, awaited: Collection[str] = ()) -> dict[str, PreviewCard]:
    """Cards of those links that have one. Which are old, or missing and not `awaited` from a worker, are asked for.

    Cost: 1 round trip to the cache; what is not there, in 1 batch at 0.5 RU a link; 1 request, 1 WU a link asked for.
    """
    wanted = list(dict.fromkeys(urls))
    if not wanted:
        return {}
    names = {cache_key(url): url for url in wanted}
    stamps.see(map(stamp_name, names))
    read: dict[str, Preview | None] = {}

    def load(missing: list[str]) -> dict[str, Preview]:
        found = repository.get_previews([names[name] for name in missing])
        read.update({names[name]: found.get(names[name]) for name in missing})
        return {cache_key(url): preview for url, preview in found.items()}

    previews = PREVIEWS.get_many(names, load)
    now_ms = time.time_ns() // 1_000_000
    old = {url for url, preview in read.items() if preview is not None and not preview.is_fresh(now_ms)}
    previews_ask(
        [url for url, preview in read.items() if url in old or (preview is None and url not in awaited)]
    )
    return {names[name]: _card(preview) for name, preview in previews.items() if preview and preview.title}


def cache_key(url: str) -> str:
    """An address may be of any length: its digest is what the cache knows it by."""
    return repository.digest_of(url)


def stamp_name(key: str) -> str:
    """Who keeps what was made from a preview goes by this stamp."""
    return f"PREVIEW#{key}"


def _card(preview: Preview) -> PreviewCard:
    picture = preview.picture
    return PreviewCard(
        url=preview.url,
        title=preview.title,
        description=preview.description,
        site=preview.site,
        picture_url=default_storage.url(picture.name) if picture else "",
        picture_width=picture.width if picture else 0,
        picture_height=picture.height if picture else 0,
    )
