"""Structured logs: one event and its facts a line, for people or for programs, with the request's id in every line.

    logger = structlog.get_logger()
    logger.info("post_created", post_id=..., author_id=...)

Libraries that log through the standard library (Django, gunicorn, Celery, botocore) leave by the same door and carry
the same request id. The id begins in `config.middleware`, travels in stream records as `rid` and in Celery's headers.

What is in every line of a context is one variable: structlog keeps each fact in one of its own, and looks through all
variables of the context to find them, several times a request.
"""

import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType
from typing import Any, Final

import structlog

from config.log_lines import LineFormatter, console_renderer

REQUEST_ID = "request_id"
_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")

Facts = Mapping[str, Any]
_NOTHING: Final[Facts] = MappingProxyType({})
_facts: ContextVar[Facts] = ContextVar("facts", default=_NOTHING)


def _with_facts(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What is bound, then what the line itself says."""
    return {**_facts.get(), **event}


_SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    _with_facts,
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
                "()": LineFormatter,
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
    return [drop_internal, console_renderer()]


def current_request_id() -> str | None:
    """The id of the request that this work is done for; None outside of any."""
    return _facts.get().get(REQUEST_ID)


def bind(facts: Facts, *, alone: bool = False) -> Token[Facts]:
    """Have these in every line of this context until `unbind`. `alone`: and nothing of what was bound before."""
    return _facts.set(facts if alone else {**_facts.get(), **facts})


def unbind(token: Token[Facts]) -> None:
    """As it was before."""
    _facts.reset(token)


@contextmanager
def bound_request_id(request_id: str | None) -> Iterator[None]:
    """Within the block, log lines, stream records and tasks belong to this request. None changes nothing."""
    if request_id is None:
        yield
        return
    token = bind({REQUEST_ID: request_id})
    try:
        yield
    finally:
        unbind(token)


def new_request_id() -> str:
    """A fresh id of a request: 22 characters, safe in headers, logs and addresses."""
    return secrets.token_urlsafe(16)


def accepted_request_id(given: str | None) -> str:
    """The id that a proxy in front gave, if it is harmless in a log; else a new one."""
    return given if given and _SAFE_REQUEST_ID.fullmatch(given) else new_request_id()
