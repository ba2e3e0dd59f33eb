"""Scans in the background, tried again when a scanner failed; what became of it after the last try is the service's."""

from typing import Any, Final

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded

from config.entities import PostId
from config.errors import Unavailable
from posts.moderation import scanning
from posts.reports.services import reports_sweep

TRIES: Final = 6
"""Of a scanner that fails; then what waits is held."""
ENGINE_TRIES: Final = 40
"""Of an engine that does not answer: about three hours, for nobody else looks for what waits."""
_AGAIN: Final[dict[str, Any]] = {
    "autoretry_for": (Unavailable, OSError, SoftTimeLimitExceeded),
    "retry_backoff": 5,
    "retry_backoff_max": 300,
    "max_retries": ENGINE_TRIES,
}


@shared_task(name="posts.scan_post", bind=True, **_AGAIN)
def scan_post(self: "Task[Any, Any]", post_id: int) -> None:
    scanning.post_scan(post_id=PostId(post_id), last_try=self.request.retries >= TRIES)


@shared_task(name="posts.sweep_reports")
def sweep_reports() -> None:
    reports_sweep()


@shared_task(name="posts.scan_comment", bind=True, **_AGAIN)
def scan_comment(self: "Task[Any, Any]", partition: str, sort_key: str) -> None:
    scanning.comment_scan(partition=partition, sort_key=sort_key, last_try=self.request.retries >= TRIES)
