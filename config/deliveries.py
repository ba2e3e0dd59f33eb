"""Tasks that fail are delivered again, and at the sixth delivery put aside: none is lost, none goes round for ever.

    returns                  done
    raises                   given back to the queue, error noted
    its process dies,        given back by the worker; if that has died too, after some seconds without
      hangs, is stopped      its pulse (`config.worker_pulse`)
    its message is lost      queued again (`config.task_ledger`)
    meets an outage          given back after a moment, and its count begins anew: that says nothing about the task
    delivered a sixth time   what was registered by `when_given_up` is done, then it is a dead letter (`manage.py dlq`)

The broker marks what it delivers again, so a task that goes well costs no request more. The count is kept in the cache:
where that is away or wiped, a task is tried more often.
"""

import random
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from celery import Task, uuid
from celery.exceptions import Ignore, Reject, Retry
from kombu.exceptions import OperationalError
from redis import exceptions as redis_errors

from config import cache
from config.metrics import TASKS_PUT_ASIDE
from config.redis_roles import Role, breaker_for
from config.streams.outages import BROKER_AWAY, OUTAGES
from config.task_ledger import COME_AGAIN, task_done, task_note
from config.task_letters import task_letter_put

logger = structlog.get_logger()

DELIVERIES: Final = 6
AGAIN: Final = "task_deliveries"
ERROR: Final = "task_error"
KEPT_SECONDS: Final = 86_400
LONGEST_WAIT_SECONDS: Final = 1.0
DIED: Final = "The process that ran it died, or was too slow."

GivenUp = TypeVar("GivenUp", bound=Callable[..., object])
_given_up: dict[str, Callable[..., object]] = {}


def when_given_up(task_name: str) -> Callable[[GivenUp], GivenUp]:
    """Have this called with a task's own arguments before it is put aside. Idempotent, as tasks are."""

    def registered(function: GivenUp) -> GivenUp:
        _given_up[task_name] = function
        return function

    return registered


class CountedTask(Task):  # type: ignore[type-arg]  # of any arguments
    """Every task of ours. Run in place (called, or eagerly) it is a plain function."""

    abstract = True
    acks_on_timeout = False  # as any other failure

    def apply_async(  # type: ignore[override]  # the options are Celery's
        self, args: Any = None, kwargs: Any = None, task_id: str | None = None, **options: Any
    ) -> Any:
        """Queue it.

        Raises: kombu's OperationalError without a broker, at once where it was away a moment ago.
        """
        if self.app.conf.task_always_eager:
            return super().apply_async(args, kwargs, task_id=task_id, **options)
        try:
            with breaker_for(Role.BROKER).guarding(*BROKER_AWAY):
                if self._is_noted:
                    task_id = task_id or uuid()
                    task_note(task_id, self.name, args or (), kwargs or {})
                return super().apply_async(args, kwargs, task_id=task_id, **options)
        except (redis_errors.ConnectionError, redis_errors.TimeoutError) as error:
            raise OperationalError(str(error)) from error

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it once more, or put it aside.

        Raises: Reject, upon which the worker gives it back.
        """
        if self.request.called_directly or self.request.is_eager:
            return super().__call__(*args, **kwargs)
        try:
            return self._run_counted(args, kwargs)
        except (Ignore, Reject, Retry):
            raise
        except OUTAGES as error:
            logger.warning("task_waits", task=self.name, error=repr(error))
            cache.delete(AGAIN, self._id)
            raise _given_back(error) from error
        except Exception as error:
            # Any fault of a task must end as another try or as a dead letter.
            logger.exception("task_failed", task=self.name)
            cache.set(ERROR, self._id, repr(error)[:2000], KEPT_SECONDS)
            raise _given_back(error) from error

    def _run_counted(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = None
        if self._deliveries() >= DELIVERIES:
            self._put_aside(args, kwargs)
        else:
            answer = self.run(*args, **kwargs)
        if self._is_noted:
            task_done(self._id)
        return answer

    @property
    def _is_noted(self) -> bool:
        """Whether it is in the ledger until it is done."""
        return self.name not in COME_AGAIN

    @property
    def _id(self) -> str:
        return str(self.request.id)

    def _deliveries(self) -> int:
        if not (self.request.delivery_info or {}).get("redelivered"):
            return 1
        again = cache.count_up(AGAIN, self._id, ttl_seconds=KEPT_SECONDS)
        return 1 + (again or 1)

    def _put_aside(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        error = cache.get(ERROR, self._id) or DIED
        if hook := _given_up.get(self.name):
            hook(*args, **kwargs)
        task_letter_put(self.name, self._id, args, kwargs, error=error, attempts=DELIVERIES - 1)
        TASKS_PUT_ASIDE.labels(self.name).inc()
        logger.error("task_put_aside", task=self.name, task_id=self._id, error=error)
        cache.delete(AGAIN, self._id)
        cache.delete(ERROR, self._id)


def _given_back(error: Exception) -> Reject:
    """To the head of its queue, after a moment in which this worker takes no other task."""
    time.sleep(random.uniform(0.1, LONGEST_WAIT_SECONDS))
    return Reject(repr(error), requeue=True)
