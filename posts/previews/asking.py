"""A preview that is old, or gone: whoever looks asks for it, once, and a worker fetches it again.

    page      finds it old, shows it as it is ... notes on its item that it was asked for ... another: asked for already
    stream                                        hears of the note, queues
    worker                                                  fetches as for a new post, puts it without the note

Fail-open, declared here: where the note can't be written the page is shown all the same, and the next look asks.
"""

import time
from collections.abc import Sequence
from typing import Final

from django.conf import settings

from config.errors import Unavailable
from config.metrics import LINK_PREVIEWS
from posts.previews import repository

A_LOOK: Final = 3
"""Of more links one look asks no more: the next one asks for others."""
AGAIN_SECONDS: Final = 24 * 3600
"""What a worker has lost may be asked for once more after that."""


def previews_ask(urls: Sequence[str]) -> None:
    """Ask for some previews, unless they were asked for within a day.

    Cost: 1 request, 1 WU a link, 3 links at most. Idempotent: by link and day.
    """
    if not settings.LINK_PREVIEWS:
        return
    now_ms = time.time_ns() // 1_000_000
    for url in urls[:A_LOOK]:
        try:
            repository.ask_preview(url, now_ms=now_ms, again_ms=AGAIN_SECONDS * 1000)
        except Unavailable:
            LINK_PREVIEWS.labels("not_asked").inc()
            return
