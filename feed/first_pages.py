"""The first page of home as the bytes that are sent, kept for its reader until anything that it was made from has changed.

    what may change the page             how that is noticed
    a push, a take-back, a backfill      stamp of INBOX#<reader>
    whom they follow, pull, mute         READER#<reader>, EDGES#<reader>; REGISTRY: everybody pulls somebody more
    a block between two people           EDGES#<each>
    who has them as a close friend       CLOSE#<reader>
    their own posts and marks            AUTHOR#<reader>, MARKS#<reader>
    a post that was looked at            POST#<id>: also of those that were not for them
    an author, privacy and all           account:<id>
    somebody followed has posted         the log that the stream's consumer writes before any fan-out (`feed.news`)
    counts of others' likes              COUNTS#<id>, within some seconds
    time: ends of mutes, ages of posts   the page's own, a minute to five by how often its reader comes

All of it is asked in one round trip, at each request (`config.answers`). Not kept is a page whose reader's
followees are not all known, with photos that are still being made, or of somebody whose edges are in the archive.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from accounts.selectors import profiles_by_ids
from config.answers import Answer, Answers
from config.dynamodb import is_done
from config.entities import Page, UserId
from config.stamps import Watch, account_name, watching
from feed.activity import READS, READS_SECONDS
from feed.activity_entities import ReaderState
from feed.fingerprints import fingerprint
from feed.news import LOG, WARM
from feed.ranking.candidates import FROM_THE_TOP, Slate
from feed.ranking.first_reads import names_of
from feed.ranking.following import FOLLOWING
from feed.selectors import PAGE_SIZE, page_of_slate, query_of
from feed.watermarks import REWRITTEN_EVERY_MS
from graph.ended import edges_name
from posts.entities import PostCard
from posts.table_changes import LIKES_WITH_PERSON

SHORTEST_MS: Final = 60_000
LONGEST_MS: Final = 300_000
NAMES_AT_MOST: Final = 400
"""A page that had to look at very many posts is dearer to compare than to make."""
FOLLOWEES: Final = "followees"
OFTEN: Final = 30.0
"""Reads a day from which on a page is kept for longest."""
Write = Callable[[Page[PostCard]], Sequence[bytes] | None]


def _concerns(about: Mapping[str, frozenset[bytes]], news: Sequence[str]) -> bool:
    authors = (UserId(int(text)) for text in news if not text.startswith(WARM))
    return any(fingerprint(author) in about[FOLLOWEES] for author in authors)


PAGES: Final = Answers("home", log=LOG, concerns=_concerns, counter=READS, counter_seconds=READS_SECONDS)


def first_page(
    reader_id: UserId,
    form: str,
    write: Write,
    *,
    limit: int = PAGE_SIZE,
    most_ms: int = LONGEST_MS,
    asked: str = "",
) -> Sequence[bytes] | None:
    """The page as `write` makes it, which is asked when none is kept in this form; None if it gives None.

    `asked`: the key under which this request has looked already, and found nothing.

    Cost: 1 round trip to Redis and nothing else where it is kept; else as `home_page`, and some round trips to Redis more.
    Consistency: as `home_page`, counts of others LOOSE_SECONDS behind.
    """
    key = key_of(form, reader_id, limit=limit)
    kept = PAGES.get(key, who=reader_id) if key != asked else None
    if kept is not None:
        return kept.parts
    query, watch = query_of(reader_id, FROM_THE_TOP, limit), Watch()
    with watching(watch):
        watch.see(
            [*names_of(reader_id), edges_name(reader_id), f"CLOSE#{reader_id}", account_name(reader_id)]
        )
        position = LOG.end()
        slate = FOLLOWING.page(query)
        page = page_of_slate(reader_id, slate)
        parts = write(page)
        lasts = min(most_ms, _lasts_ms(slate)) if _may_be_kept(reader_id, slate, page) else 0
    is_sound = watch.is_sound and len(watch.stamps) <= NAMES_AT_MOST
    if parts is not None and position is not None and is_sound and lasts:
        about = {FOLLOWEES: slate.record.followees.marks}
        until_ms = min(query.now_ms + lasts, _noted_until_ms(slate.record.state))
        PAGES.keep(key, Answer(tuple(parts), watch, about, position, until_ms, query.now_ms))
    return parts


def key_of(form: str, reader_id: UserId, *, limit: int = PAGE_SIZE) -> str:
    """Under which a page is kept in this form."""
    return f"{form}:{limit}:{reader_id}"


def _noted_until_ms(state: ReaderState | None) -> int:
    """From then on a read is to be noted, which is for a page that is put together to do."""
    return state.rate_at_ms + REWRITTEN_EVERY_MS if state else 0


def _may_be_kept(reader_id: UserId, slate: Slate, page: Page[PostCard]) -> bool:
    reader = profiles_by_ids([reader_id]).get(reader_id)
    quoted = (card.quoted.post for card in page.items if card.quoted is not None)
    is_waiting = any(photo.is_waiting for post in quoted for photo in post.photos)
    return (
        slate.record.followees.are_complete
        and reader is not None
        and not reader.is_archived
        and not is_waiting
        and not any(card.is_waiting for card in page.items)
        and is_done(LIKES_WITH_PERSON)
    )


def _lasts_ms(slate: Slate) -> int:
    """Longer for who comes often; a mute may end soon."""
    if any(removed.reason == "author_muted" for removed in slate.removed):
        return SHORTEST_MS
    state: ReaderState | None = slate.record.state
    share = min(1.0, state.reads_per_day / OFTEN) if state else 0.0
    return SHORTEST_MS + int(share * (LONGEST_MS - SHORTEST_MS))
