"""People to follow: friends of friends and authors of the reader's topics, then the popular and the new ones."""

import time
from typing import Final

from config.cursors import decode, encode
from config.entities import Page, UserId
from feed.popular import popular_candidates
from feed.suggestion_refresh import suggestions_first
from graph.suggestable import suggestions_among
from graph.suggestion_entities import Candidate, Candidates, Suggestion
from graph.suggestion_repository import candidates_ask, candidates_get

CURSOR: Final = "feed.suggestions"
PAGE_SIZE: Final = 20
AT_LEAST_ASKED: Final = 10
"""Fewer are not looked at at once: one batch tells of so many as cheaply in time."""
OLD_AFTER_MS: Final = 24 * 3600 * 1000
ASKED_AGAIN_AFTER_MS: Final = 3600 * 1000


def suggestions_page(
    reader_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Suggestion]:
    """Suggestions as the reader may see them now, the best first.

    A list that is older than a day is shown, and a better one asked for.

    Cost: 1 read unit for the list, then 2 a candidate looked at and 1 for each of up to 3 names; 2 rounds, at most 6
        where many of 150 candidates are followed or dismissed by now. Once a day 8 write units to ask.
        The first time as `suggestions_first`.
    Consistency: eventual.
    Raises: InvalidCursor.
    """
    position = int(decode(CURSOR, cursor)) if cursor else 0
    line = _line(reader_id)
    shown: list[Suggestion] = []
    asked = AT_LEAST_ASKED
    while len(shown) < limit and position < len(line):
        end = position + max(limit - len(shown), asked)
        asked *= 2
        for suggestion in suggestions_among(reader_id, line[position:end]):
            if len(shown) == limit:
                break
            position += 1
            if suggestion is not None:
                shown.append(suggestion)
    return Page(shown, encode(CURSOR, position) if position < len(line) else None)


def suggestion_of(reader_id: UserId, user_id: UserId) -> Suggestion | None:
    """One suggestion, dismissed or not: what stood there before. None if there is no reason for it any more.

    Cost: 1 read unit for the list, 2 and 1 for each of up to 3 names.
    Consistency: eventual.
    """
    found = [candidate for candidate in _line(reader_id) if candidate.user_id == user_id]
    return suggestions_among(reader_id, found[:1], with_dismissed=True)[0] if found else None


def _line(reader_id: UserId) -> list[Candidate]:
    stored = candidates_get(reader_id)
    if stored is None:
        stored = suggestions_first(reader_id)
    else:
        _ask_if_old(reader_id, stored)
    known = {candidate.user_id for candidate in stored.line}
    fill = [candidate for candidate in popular_candidates() if candidate.user_id not in known]
    return [*stored.line, *fill]


def _ask_if_old(reader_id: UserId, stored: Candidates) -> None:
    now_ms = time.time_ns() // 1_000_000
    asked_at_ms = stored.asked_at_ms or 0
    if now_ms - stored.looked_at_ms > OLD_AFTER_MS and now_ms - asked_at_ms > ASKED_AGAIN_AFTER_MS:
        candidates_ask(reader_id, stored, now_ms=now_ms)
