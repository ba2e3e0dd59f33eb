"""Structured logs: one event and its facts a line, for people or for programs, with the request's id in every line.

    logger = structlog.get_logger()
    logger.info("post_created", post_id=..., author_id=...)

Libraries that log through the standard library (Django, gunicorn, Celery, botocore) leave by the same door and carry
the same request id. The id begins in `config.middleware`, travels in stream records as `rid` and in Celery's headers.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

REQUEST_ID = "request_id"
_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")

_SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(log_format: str, level: str) -> dict[str, Any]:
    """Set structlog up and return the standard library's half of it, for Django's LOGGING.

    Shape: "console" writes for people, "json" one object a line.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED_PROCESSORS,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return logging_config(log_format, level)


@contextmanager
def warnings_only(*, on: bool = True) -> Iterator[None]:
    """For commands that show a progress bar: a line for each of thousands of writes would hide it."""
    root = logging.getLogger()
    before = root.level
    if on:
        root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.setLevel(before)


def logging_config(log_format: str, level: str) -> dict[str, Any]:
    """A `dictConfig` in which every logger ends at one handler on standard error."""
    to_root: dict[str, Any] = {"handlers": [], "level": "NOTSET", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "roost": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _renderers(log_format),
                "foreign_pre_chain": _SHARED_PROCESSORS,
            }
        },
        "filters": {"traceback": {"()": TracebackFilter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "roost"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": to_root,
            "django.request": {**to_root, "filters": ["traceback"]},  # our own line says every status, once
            "django.server": {**to_root, "level": "WARNING"},
            "gunicorn.error": to_root,
            "gunicorn.access": {**to_root, "level": "WARNING"},  # the middleware's line knows more
            "celery": to_root,
            "kombu": {**to_root, "level": "WARNING"},
            "botocore": {**to_root, "level": "WARNING"},
            "boto3": {**to_root, "level": "WARNING"},
            "urllib3": {**to_root, "level": "WARNING"},
            "PIL": {**to_root, "level": "WARNING"},
        },
    }


class TracebackFilter(logging.Filter):
    """Lets only what was raised pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about something raised."""
        return bool(record.exc_info)


def _renderers(log_format: str) -> list[structlog.typing.Processor]:
    drop_internal = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        return [drop_internal, structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    return [drop_internal, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def current_request_id() -> str | None:
    """The id of the request that this work is done for; None outside of any."""
    found = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    return found if isinstance(found, str) else None


@contextmanager
def bound_request_id(request_id: str | None) -> Iterator[None]:
    """Within the block, log lines, stream records and tasks belong to this request. None changes nothing."""
    if request_id is None:
        yield
        return
    with structlog.contextvars.bound_contextvars(**{REQUEST_ID: request_id}):
        yield


def new_request_id() -> str:
    """A fresh id of a request: 22 characters, safe in headers, logs and addresses."""
    return secrets.token_urlsafe(16)


def accepted_request_id(given: str | None) -> str:
    """The id that a proxy in front gave, if it is harmless in a log; else a new one."""
    return given if given and _SAFE_REQUEST_ID.fullmatch(given) else new_request_id()
