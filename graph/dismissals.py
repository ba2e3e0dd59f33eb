"""Suggestions that a reader does not want: remembered for half a year, and forgotten when asked."""

import time

import structlog

from config.entities import UserId
from graph import suggestion_repository
from graph.blocks import profile_seen
from graph.errors import MarkSelf

logger = structlog.get_logger()


def suggestion_dismiss(*, reader_id: UserId, user_id: UserId) -> None:
    """Suggest somebody to this reader no more. They are not told.

    Cost: 2 requests to DynamoDB, 1 read unit, 1 write unit.
    Idempotent: by both people.
    Raises: MarkSelf, AccountGone, Blocked.
    """
    if reader_id == user_id:
        raise MarkSelf
    profile_seen(reader_id, user_id)
    suggestion_repository.dismissed_put(reader_id, user_id)
    logger.info("suggestion_dismiss", reader_id=reader_id, user_id=user_id)


def suggestion_restore(*, reader_id: UserId, user_id: UserId) -> None:
    """They may be suggested again. Where the list was made anew without them meanwhile, another one is asked for.

    Cost: 2 requests to DynamoDB, 1 read unit, 1 write unit; 8 more write units to ask.
    Idempotent: by both people.
    """
    suggestion_repository.dismissed_delete(reader_id, user_id)
    stored = suggestion_repository.candidates_get(reader_id)
    if stored is not None and user_id not in {candidate.user_id for candidate in stored.line}:
        suggestion_repository.candidates_ask(reader_id, stored, now_ms=time.time_ns() // 1_000_000)
    logger.info("suggestion_restore", reader_id=reader_id, user_id=user_id)
