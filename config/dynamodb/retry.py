"""The one retry policy: full jitter, a bound on tries and time, and a budget a process.

Throttles are sent again as they are. An unknown outcome (time-out, 5xx) is sent again only where the caller says that
doing it twice is harmless (`repeatable`). The budget keeps a dead database from being hammered: each retry takes one
token, each answer gives part of one back, so in an outage a process soon fails fast. A refusal (a condition that does
not hold) is an answer: the database lives.

Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter); the budget after gRPC's retry throttling.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_after_delay, wait_random_exponential

from config.dynamodb.errors import is_throttle, is_unknown_outcome

ATTEMPTS = 9
TOTAL_SECONDS = 12.0
FIRST_WAIT_SECONDS = 0.025
LONGEST_WAIT_SECONDS = 1.0


class RetryBudget:
    """Tokens for retries, shared by the threads of a process."""

    def __init__(self, capacity: float = 200.0, refund: float = 0.6) -> None:
        self.capacity = capacity
        self.refund = refund
        self.tokens = capacity
        self.lock = Lock()

    def take(self) -> bool:
        """One token, if there is one left."""
        with self.lock:
            if self.tokens < 1:
                return False
            self.tokens -= 1
            return True

    def give_back(self) -> None:
        """Part of a token, for an answer."""
        with self.lock:
            self.tokens = min(self.capacity, self.tokens + self.refund)


budget = RetryBudget()
backoff = wait_random_exponential(multiplier=FIRST_WAIT_SECONDS, max=LONGEST_WAIT_SECONDS)


def with_retries(send: Callable[[], Any], *, repeatable: bool, on_retry: Callable[[], None]) -> Any:
    """Call `send` until it succeeds, the error is final, or tries, time or budget end; `on_retry` counts.

    Raises: what `send` raised last.
    """

    def may_retry(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, ClientError | BotoCoreError):
            return False
        if not (is_throttle(error) or (repeatable and is_unknown_outcome(error))):
            return False
        if not budget.take():
            return False
        on_retry()
        return True

    try:
        try:
            result = send()
        except (ClientError, BotoCoreError) as error:
            # tenacity comes in only now: nearly always one try is all there is, and it costs a tenth of one.
            result = _again(send, after=error, may_retry=may_retry)
    except ClientError as error:
        if not (is_throttle(error) or is_unknown_outcome(error)):
            budget.give_back()
        raise
    budget.give_back()
    return result


def _again(send: Callable[[], Any], *, after: Exception, may_retry: Callable[[RetryCallState], bool]) -> Any:
    """All tries but the first one, which failed with `after`."""
    failures = [after]

    def sent() -> Any:
        if failures:
            raise failures.pop()
        return send()

    retrying = Retrying(
        retry=may_retry,
        wait=backoff,
        stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(TOTAL_SECONDS),
        reraise=True,
    )
    return retrying(sent)
