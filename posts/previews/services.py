"""From a post's first link to its preview, on a worker. Nothing here is ever called by who reads."""

import time

import structlog
from django.conf import settings

from config import cache, stamps
from config.entities import PostId
from config.errors import Invalid
from config.metrics import LINK_PREVIEWS
from posts.previews import repository, selectors
from posts.previews.entities import Preview, PreviewPicture
from posts.previews.errors import PreviewFailed
from posts.previews.guard import AddressGuard
from posts.previews.http import Fetcher
from posts.previews.page import PageFacts, facts_of
from posts.previews.pictures import picture_remove, picture_store
from posts.repository import posts
from posts.text.parse import first_link

logger = structlog.get_logger()
PAGE_TYPES = ("text/html", "application/xhtml+xml")
PAGE_MAX_BYTES = 512 * 1024
CLAIM = "preview_fetch"
CLAIM_SECONDS = 60
FETCHER = Fetcher(AddressGuard())


def preview_fetch(*, post_id: PostId, fetcher: Fetcher = FETCHER) -> Preview | None:
    """Fetch what the first link of a post shows of itself, unless that is known; None if there is nothing to do.

    Idempotent: by the link. Cost: 2 RU a 4 KB, 1 WU a KB; at most 16 s.
    """
    post = posts.get_post(post_id)
    url = first_link(post.shown_facets) if post and not post.deleted else None
    return None if url is None else link_fetch(url=url, fetcher=fetcher)


def link_fetch(*, url: str, fetcher: Fetcher = FETCHER) -> Preview | None:
    """As `preview_fetch`, of an address: for who asks again for one that is old (`asking.py`)."""
    if not settings.LINK_PREVIEWS:
        return None
    known = repository.get_preview(url)
    is_fresh = known is not None and known.is_fresh(time.time_ns() // 1_000_000)
    digest = repository.digest_of(url)
    if is_fresh or not cache.claim(CLAIM, digest, ttl_seconds=CLAIM_SECONDS, without=True):
        return known
    preview = _fetched(url, fetcher)
    repository.put_preview(preview)
    selectors.PREVIEWS.put({selectors.cache_key(url): preview})
    stamps.forget([selectors.stamp_name(selectors.cache_key(url))])
    LINK_PREVIEWS.labels(preview.outcome).inc()
    return preview


def _fetched(url: str, fetcher: Fetcher) -> Preview:
    now_ms = time.time_ns() // 1_000_000
    try:
        facts = facts_of(fetcher.fetch(url, types=PAGE_TYPES, max_bytes=PAGE_MAX_BYTES, cut=True))
    except PreviewFailed as failure:
        logger.info(
            "preview_failed",
            url=url,
            outcome=failure.outcome,
            cause=repr(failure.__cause__),
            **_facts(failure),
        )
        return Preview(url, outcome=failure.outcome, fetched_at_ms=now_ms)
    picture = _picture(facts, fetcher)
    return Preview(url, facts.title, facts.description, facts.site, picture, fetched_at_ms=now_ms)


def _picture(facts: PageFacts, fetcher: Fetcher) -> PreviewPicture | None:
    """A page without its picture is still worth its card."""
    if not facts.picture_url:
        return None
    try:
        return picture_store(fetcher, facts.picture_url)
    except PreviewFailed as failure:
        outcome = failure.outcome
    except Invalid as refusal:
        outcome = refusal.code
    logger.info("preview_picture_failed", url=facts.picture_url, outcome=outcome)
    LINK_PREVIEWS.labels(f"picture_{outcome}").inc()
    return None


def _facts(failure: PreviewFailed) -> dict[str, object]:
    return {f"failed_{name}": value for name, value in failure.data.items()}


def preview_clear(*, picture_name: str) -> None:
    """Remove the picture of a preview whose time was up. Idempotent."""
    picture_remove(picture_name)
