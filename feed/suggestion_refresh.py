"""A reader's candidates, worked out behind the request and stored whole; a first few at once for who has none."""

import time
from collections.abc import Callable, Sequence
from itertools import islice, zip_longest
from typing import Final

import structlog

from config.entities import UserId
from feed.coalescing import queue_once, run_begins
from feed.topics import popular_in, topics_of_reader
from graph.overlap import NEAR, WIDE, Reach, followees_of, friends_of_friends
from graph.suggestable import strangers_among
from graph.suggestion_entities import CANDIDATES_AT_MOST, Candidate, Candidates
from graph.suggestion_repository import candidates_get, candidates_put, left_out_ids

logger = structlog.get_logger()

KIND: Final = "feed_suggestions"
REFRESH_EVERY_SECONDS: Final = 15
"""What a reader does meanwhile is seen by the same run."""
CLAIM_SECONDS: Final = 300
OF_FRIENDS_IN_A_ROW: Final = 2


def suggestions_refresh_soon(*, reader_id: UserId, refresh: Callable[[UserId], object]) -> None:
    """Queue a look for a reader whose follows or blocks have changed, unless one waits already.

    Raises: what `refresh` raises; the stream's record comes again.
    """
    queue_once(KIND, reader_id, refresh, ttl_seconds=CLAIM_SECONDS)


def suggestions_refresh(*, reader_id: UserId) -> bool:
    """Work a reader's candidates out anew; False for readers who never look: nothing is stored for them.

    Cost: 1 read unit for who never looks. Else at most 730 read units, for who follows 200 people who follow over 100
        each, and 8 write units; for most some 5 a followee.
    Idempotent: by the time of the look: an earlier one that ends later is dropped.
    """
    run_begins(KIND, reader_id)
    if candidates_get(reader_id) is None:
        return False
    now_ms = _now_ms()
    line = _worked_out(reader_id, WIDE)
    stored = candidates_put(reader_id, Candidates(line, now_ms))
    logger.info("suggestions_refresh", reader_id=reader_id, candidates=len(line), stored=stored)
    return stored


def suggestions_first(reader_id: UserId) -> Candidates:
    """What a near look finds, for a reader of whom nothing is stored; storing it asks for a wider look.

    Cost: at most 100 read units, for who follows 20 people who follow over 50 each, and 4 write units; 5 read units and
        1 write unit for who follows nobody.
    Idempotent: what another request has stored meanwhile stays.
    """
    now_ms = _now_ms()
    candidates = Candidates(_worked_out(reader_id, NEAR), now_ms, asked_at_ms=now_ms)
    candidates_put(reader_id, candidates, is_first=True)
    return candidates


def _worked_out(reader_id: UserId, reach: Reach) -> tuple[Candidate, ...]:
    followees = followees_of(reader_id, limit=reach.followees)
    left_out = left_out_ids(reader_id)
    of_friends = friends_of_friends(reader_id, followees, reach=reach, without=left_out)
    topical = popular_in(topics_of_reader(reader_id, followees))
    known = left_out | {reader_id, *followees} | {candidate.user_id for candidate in of_friends}
    unknown = [candidate for candidate in topical if candidate.user_id not in known]
    strangers = set(strangers_among(reader_id, [candidate.user_id for candidate in unknown]))
    return mixed(of_friends, [candidate for candidate in unknown if candidate.user_id in strangers])


def mixed(of_friends: Sequence[Candidate], of_topics: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Two whom friends follow, one of a topic, and so on; the rest of the longer one at the end."""
    rounds = [
        of_friends[first : first + OF_FRIENDS_IN_A_ROW]
        for first in range(0, len(of_friends), OF_FRIENDS_IN_A_ROW)
    ]
    line = (
        candidate
        for friends, topic in zip_longest(rounds, of_topics)
        for candidate in (*(friends or ()), *((topic,) if topic else ()))
    )
    return tuple(islice(line, CANDIDATES_AT_MOST))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
