"""Cards written once for all who are shown the same: what was made of one, kept in this process by all that it says.

    key      every field of the card but its likes: of its post, author, photos and quote, to the letter; and the language
    value    its HTML (`posts.templatetags.post_cards`), or what the API says of it (`posts.serializers`)

Whatever changes makes another key, so there is nothing to forget, and nothing can be old. Likes change most often by far: they
are put into what was made without them. Who may see a post is asked before there is a card of it.

Bounded: by bytes; what was used longest ago goes first.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar, cast

import orjson
from cachebox import LRUCache
from django.utils.translation import get_language

from config.cache.local import TIER
from config.metrics import CACHE_HITS, CACHE_MISSES
from posts.entities import PostCard

T = TypeVar("T")
OVERHEAD_BYTES: Final = 300


def words_of(card: PostCard) -> bytes:
    """All that a card says. Two that say the same are the same on every page."""
    return orjson.dumps(card, option=orjson.OPT_NON_STR_KEYS)


def without_likes(card: PostCard) -> PostCard:
    """The card as if nobody had ever liked its post."""
    return replace(card, liked=False, post=replace(card.post, like_count=0, folded_at_ms=None))


class KeptCards(Generic[T]):
    """What was made of cards, of one kind. `size`: of a value, in bytes."""

    def __init__(self, kind: str, *, most_bytes: int, size: Callable[[T], int]) -> None:
        self._kept: LRUCache[tuple[object, ...], tuple[T, int]] = LRUCache(
            most_bytes, getsizeof=lambda _key, value: value[1]
        )
        self._size = size
        self._hits, self._misses = (counter.labels(TIER, kind) for counter in (CACHE_HITS, CACHE_MISSES))

    def of(self, card: PostCard, *besides: object, make: Callable[[], T]) -> T:
        """As it was made of such a card, or made now. `besides`: what else it depends on."""
        words = words_of(card)
        key = words, get_language(), *besides
        found = cast("tuple[T, int] | None", self._kept.get(key))  # the library's types know no None
        if found is not None:
            self._hits.inc()
            return found[0]
        self._misses.inc()
        made = make()
        self._kept.insert(key, (made, OVERHEAD_BYTES + len(words) + self._size(made)))
        return made

    def __len__(self) -> int:
        return len(self._kept)


MIB: Final = 1 << 20
BLOW_UP: Final = 10
"""How many times its JSON what it was made from takes, about."""
HTML: Final[KeptCards[str]] = KeptCards("card_html", most_bytes=32 * MIB, size=len)
FIELDS: Final[KeptCards[dict[str, Any]]] = KeptCards(
    "card_fields", most_bytes=16 * MIB, size=lambda fields: BLOW_UP * 60 * len(fields)
)
