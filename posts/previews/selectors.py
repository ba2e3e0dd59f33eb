"""Previews for pages: read, never fetched; what is old is asked for."""

import time
from collections.abc import Collection, Iterable, Mapping

from django.core.files.storage import default_storage

from config import cache
from config.entities import PostId
from config.ids import id_time_ms
from posts.previews import repository
from posts.previews.asking import previews_ask
from posts.previews.entities import Preview, PreviewCard

KIND = "preview"
TTL_SECONDS = 3600
FIRST_FETCH_MS = 600_000  # a post so young has its first fetch, if not yet its preview
MISSING_TTL_SECONDS = 60  # the worker writes over it as soon as it has been there


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
    known = {names[name]: item for name, item in cache.get_many(KIND, names).items()}
    missing = [url for url in wanted if url not in known]
    found = repository.get_previews(missing)
    items = {cache_key(url): repository.item_of_preview(preview) for url, preview in found.items()}
    cache.add_many(KIND, items, TTL_SECONDS)
    cache.add_many(KIND, {cache_key(url): {} for url in missing if url not in found}, MISSING_TTL_SECONDS)
    now_ms = time.time_ns() // 1_000_000
    fresh = {url for url, preview in found.items() if preview.is_fresh(now_ms)}
    previews_ask([url for url in missing if url not in fresh and (url in found or url not in awaited)])
    found |= {url: repository.preview_of_item(item) for url, item in known.items() if item}
    return {url: _card(preview) for url, preview in found.items() if preview.title}


def cache_key(url: str) -> str:
    """An address may be of any length: its digest is what the cache knows it by."""
    return repository.digest_of(url)


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
