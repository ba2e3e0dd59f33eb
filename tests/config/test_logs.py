"""Log lines: one object each, with the request's id, whoever writes them."""

import io
import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config import logs
from config.log_lines import console_renderer


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a process with JSON logs writes to standard error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = logs.logging_config("json", "INFO")["formatters"]["roost"]
    handler.setFormatter(
        formatter["()"](**{name: value for name, value in formatter.items() if name != "()"})
    )
    logging.getLogger("room").addHandler(handler)
    yield stream
    logging.getLogger("room").removeHandler(handler)


def raised() -> Any:
    """In a frame of its own: what stood in it when it ended is part of the line."""
    try:
        int("broken")
    except ValueError:
        return sys.exc_info()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_object_with_its_facts(written: io.StringIO) -> None:
    structlog.get_logger("room").info("post_created", post_id=5)
    (line,) = lines(written)
    assert (line["event"], line["post_id"], line["level"], line["logger"]) == (
        "post_created",
        5,
        "info",
        "room",
    )
    assert line["timestamp"].endswith("Z")


def test_libraries_leave_by_the_same_door_with_the_requests_id(written: io.StringIO) -> None:
    with logs.bound_request_id("abc-12345"):
        logging.getLogger("room").warning("%d things", 3, extra={"table": "graph"})
        structlog.get_logger("room").info("ours")
    structlog.get_logger("room").info("outside")
    library, ours, outside = lines(written)
    assert (library["event"], library["table"], library["request_id"]) == ("3 things", "graph", "abc-12345")
    assert ours["request_id"] == "abc-12345"
    assert "request_id" not in outside


def test_a_traceback_is_part_of_the_object(written: io.StringIO) -> None:
    try:
        int("broken")
    except ValueError:
        structlog.get_logger("room").exception("failed")
    (line,) = lines(written)
    assert line["exception"][0]["exc_type"] == "ValueError"


def test_people_read_text(capsys: pytest.CaptureFixture[str]) -> None:
    config = logs.logging_config("console", "INFO")
    formatter = config["formatters"]["roost"]["()"](
        processors=config["formatters"]["roost"]["processors"],
        foreign_pre_chain=config["formatters"]["roost"]["foreign_pre_chain"],
    )
    record = logging.LogRecord("room", logging.INFO, __file__, 1, "hello %s", ("you",), None)
    assert "hello you" in formatter.format(record)


@pytest.mark.parametrize(
    "facts",
    [
        {"method": "GET", "status": 200, "duration_ms": 1.2, "path": "/a b/", "nothing": None},
        {"quoted": 'it "is"', "lines": "one\ntwo", "many": [1, "two"], "user_id": 7},
        {},
    ],
)
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_people_read_what_structlog_writes(facts: dict[str, Any], level: str) -> None:
    event = {
        "event": "request",
        "level": level,
        "timestamp": "2026-01-01T00:00:00Z",
        "logger": "room",
        **facts,
    }
    usual = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    assert console_renderer()(None, level, dict(event)) == usual(None, level, dict(event))


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("event", ["text with %s and %d", {"not": "a text"}])
def test_a_line_is_what_structlogs_formatter_writes(log_format: str, event: Any) -> None:
    config = logs.logging_config(log_format, "INFO")["formatters"]["roost"]
    options = {name: value for name, value in config.items() if name != "()"}
    record = logging.makeLogRecord({"name": "room", "levelname": "ERROR", "levelno": logging.ERROR})
    record.msg = {"event": event, "level": "error", "exc_info": raised(), "post_id": 5}
    record.__dict__ |= {"_logger": logging.getLogger("room"), "_name": "error"}
    before = dict(record.__dict__), dict(record.msg)
    line = config["()"](**options).format(record)
    assert (record.__dict__, record.msg) == before  # other handlers have it after ours
    assert line == structlog.stdlib.ProcessorFormatter(**options).format(record)
    assert "ValueError" in line


def test_what_is_bound_alone_leaves_out_what_was_bound_before(written: io.StringIO) -> None:
    outer = logs.bind({"task": "feed.fan_out_page"})
    inner = logs.bind({logs.REQUEST_ID: "abc-12345"})
    structlog.get_logger("room").info("both")
    alone = logs.bind({logs.REQUEST_ID: "def-67890"}, alone=True)
    structlog.get_logger("room").info("one", task="said by the line")
    for token in (alone, inner, outer):
        logs.unbind(token)
    structlog.get_logger("room").info("none")
    both, one, none = lines(written)
    assert (both["task"], both["request_id"]) == ("feed.fan_out_page", "abc-12345")
    assert (one["task"], one["request_id"]) == ("said by the line", "def-67890")
    assert not {"task", "request_id"} & set(none)


def test_the_request_id_is_bound_for_the_block_only() -> None:
    assert logs.current_request_id() is None
    with logs.bound_request_id("outer-id"):
        with logs.bound_request_id("inner-id"):
            assert logs.current_request_id() == "inner-id"
        with logs.bound_request_id(None):
            assert logs.current_request_id() == "outer-id"
    assert logs.current_request_id() is None


@pytest.mark.parametrize(
    "given",
    [None, "", "short", "a" * 65, "has space here", "line\nbreak-in-it", "naïve-identity", "<script>x"],
)
def test_an_id_that_could_harm_a_log_is_replaced(given: str | None) -> None:
    assert logs.accepted_request_id(given) != given
    assert logs.accepted_request_id(logs.accepted_request_id(given)) is not None


def test_an_id_that_a_proxy_gave_is_kept() -> None:
    assert logs.accepted_request_id("req-0123:4567.8_9") == "req-0123:4567.8_9"


def test_a_command_with_a_progress_bar_is_quiet_and_leaves_others_as_they_were(written: io.StringIO) -> None:
    before = logging.getLogger().level
    with logs.warnings_only():
        structlog.get_logger("room").info("one of thousands")
        structlog.get_logger("room").warning("worth a look")
    with logs.warnings_only(on=False):
        structlog.get_logger("room").info("asked for")
    assert [line["event"] for line in lines(written)] == ["worth a look", "asked for"]
    assert logging.getLogger().level == before
