"""How a line of the log is written: structlog's bytes, put together with less work, for there is one for every request."""

import logging
from typing import Any, cast

from structlog import dev
from structlog.stdlib import ProcessorFormatter


class LineFormatter(ProcessorFormatter):
    """structlog's, which copies each record for formatters beside it. Of our own events it only reads, so it need not."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, traceback included."""
        noted = record.__dict__
        if "_logger" not in noted:
            return super().format(record)  # of a library
        event: Any = {**noted["msg"], "_record": record, "_from_structlog": True}
        for processor in self.processors:
            event = processor(noted["_logger"], noted["_name"], event)
        return cast("str", event)


def console_renderer() -> dev.ConsoleRenderer:
    """For people, with colours."""
    usual = dev.ConsoleRenderer(exception_formatter=dev.plain_traceback)
    columns = [dev.Column(column.key, _quick(column.formatter)) for column in usual.columns]
    return dev.ConsoleRenderer(columns=columns, exception_formatter=dev.plain_traceback)


def _quick(usual: dev.ColumnFormatter) -> dev.ColumnFormatter:
    """The same column in one piece; structlog's writes each part of it into a file in memory."""
    if not isinstance(usual, dev.KeyValueColumnFormatter):
        return usual
    name, value_repr, width, reset = usual.key_style, usual.value_repr, usual.width, usual.reset_style
    before = (usual.prefix and usual.prefix + reset) + ("" if name is None else name)
    between = usual.value_style if name is None else f"{reset}={usual.value_style}"
    after = reset + (usual.postfix and usual.postfix + reset)

    def written(key: str, value: object) -> str:
        return f"{before}{'' if name is None else key}{between}{value_repr(value):<{width}}{after}"

    return written
