"""Logging to standard error: text or JSON lines, with every secret cut out on the way.

(nothing)   warnings        -v   what cloudabstract does
-vv         all it does, with tracebacks        -vvv   what the SDKs do, too
"""

from __future__ import annotations

import json
import logging
from typing import Any

from cloudabstract.clock import iso

from . import output
from .redaction import redact

FORMS = ("text", "json")

_LEVELS = {
    0: (logging.WARNING, logging.WARNING),
    1: (logging.INFO, logging.WARNING),
    2: (logging.DEBUG, logging.INFO),
    3: (logging.DEBUG, logging.DEBUG),
}


def set_up(verbosity: int, form: str) -> None:
    """Let the root logger write to standard error, in place of an earlier set-up."""
    ours, others = _LEVELS[min(verbosity, 3)]
    handler = Handler()
    handler.addFilter(Redaction(tracebacks=verbosity >= 2))
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    for each in root.handlers[:]:
        if isinstance(each, Handler):
            root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(others)
    logging.getLogger("cloudabstract").setLevel(ours)


class Handler(logging.Handler):
    """Writes to whatever standard error is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        output.say(self.format(record))


class Redaction(logging.Filter):
    """Cuts secrets out of every record; without `tracebacks` only the exception's line is kept."""

    def __init__(self, *, tracebacks: bool) -> None:
        super().__init__()
        self._tracebacks = tracebacks

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; every record passes."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            text = f"{text}: {type(error).__name__}: {error}"
            if self._tracebacks:
                text += "\n" + logging.Formatter().formatException(record.exc_info)
        if hasattr(record, "fields"):
            record.fields = {name: _cut(value) for name, value in record.fields.items()}
        record.exc_info = record.exc_text = record.stack_info = None
        record.msg, record.args = redact(text), ()
        return True


def _cut(value: Any) -> Any:
    return redact(value) if isinstance(value, str) else value


class TextLines(logging.Formatter):
    """`warning: cloudabstract.store: ...`"""

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        return f"{record.levelname.lower()}: {record.name}: {record.getMessage()}"


class JsonLines(logging.Formatter):
    """One JSON object a line; what a record has as `fields` is added to it."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as JSON."""
        return json.dumps(
            {
                "time": iso(record.created),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": record.getMessage(),
                **getattr(record, "fields", {}),
            }
        )
