"""Background work: Celery with the settings under which nothing was lost when workers and the broker were killed.

Every task is idempotent, takes ids and cursors, and names itself; settings route names to queues:

    @shared_task(name="feed.fan_out_page")

A task is acknowledged after its work, so a worker that dies has its task delivered again, and so has one whose task
raises; six times at the most (`config.deliveries`). The request's id travels in
the message's headers and is bound again around the task, so that its log lines can be found by it.
"""

import gc
import os
import time
from contextvars import Token
from typing import Any

import structlog
from celery import Celery, Task, signals
from django.conf import settings

from config.logs import REQUEST_ID, Facts, bind, current_request_id, unbind
from config.metrics import TASK_SECONDS, TASKS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = structlog.get_logger()

# What each task that runs in this process bound, and when it began: (token of the log's facts, seconds).
_running: dict[str, tuple[Token[Facts], float]] = {}

app = Celery("roost", task_cls="config.deliveries:CountedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["consumer"].add("config.worker_pulse:Pulse")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="export_tasks")
app.autodiscover_tasks(related_name="departure_tasks")
app.autodiscover_tasks(related_name="moderation_tasks")


@signals.setup_logging.connect(weak=False)
def keep_our_logging(**_: Any) -> None:
    """Being connected is enough: Celery then leaves the handlers of `config.logs` alone."""
    logger.debug("celery_logging_kept", level=settings.LOG_LEVEL)


@signals.worker_process_init.connect(weak=False)
def spare_what_is_loaded(**_: Any) -> None:
    """Code and settings stay: the collector looks at what tasks make, not at all of those again for each thousand items."""
    gc.collect()
    gc.freeze()


@signals.before_task_publish.connect(weak=False)
def send_request_id(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Publisher's side."""
    request_id = current_request_id()
    if headers is not None and request_id is not None:
        headers.setdefault(REQUEST_ID, request_id)


@signals.task_prerun.connect(weak=False)
def bind_request_id(task_id: str, task: Task[Any, Any], **_: Any) -> None:
    """Worker's side, before the task: run eagerly it stands in the caller's context, which is kept for afterwards."""
    facts = {"task": task.name, "task_id": task_id}
    request_id = getattr(task.request, REQUEST_ID, None) or (task.request.headers or {}).get(REQUEST_ID)
    if request_id:
        facts[REQUEST_ID] = request_id
    _running[task_id] = bind(facts), time.perf_counter()


@signals.task_postrun.connect(weak=False)
def unbind_request_id(task_id: str, task: Task[Any, Any], state: str | None = None, **_: Any) -> None:
    """Worker's side, after the task: one line, one count, and the context as it was."""
    token, started = _running.pop(task_id)
    seconds = time.perf_counter() - started
    TASKS.labels(task.name, (state or "unknown").lower()).inc()
    TASK_SECONDS.labels(task.name).observe(seconds)
    logger.info("task", outcome=state, duration_ms=round(seconds * 1000, 1))
    unbind(token)
