"""An apply while it runs, on standard error: a line for each event, or lines drawn again.

On a terminal the last lines show what is under way; what is finished scrolls up above them. There
is no spinner: a line changes when something has happened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import output, terminal
from .redaction import redact
from .render.plan import SYMBOLS

if TYPE_CHECKING:
    from cloudabstract.engine import Event

_FINAL = frozenset({"done", "failed", "skipped"})
_COLOURS = {"done": "green", "failed": "red", "skipped": "yellow", "retrying": "yellow"}
_LONGEST = 2000  # of a line in a log
_ROWS = 8  # of what is under way
_UP = "\x1b[{}F\x1b[J"  # to the beginning of that many lines above, and clear what follows


def listener() -> Callable[[Event], None]:
    """What to tell events to."""
    return Live() if terminal.is_live(sys.stderr) else Lines()


class Lines:
    """A line for each event, for logs and pipes."""

    def __init__(self) -> None:
        self._paint = terminal.painter(sys.stderr)

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        output.say(f"{_count(event)} {_line(event, self._paint)}")


class Live:
    """Status lines that are drawn again, for people."""

    def __init__(self) -> None:
        self._paint = terminal.painter(sys.stderr)
        self._active: dict[str, str] = {}
        self._drawn = 0

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        text = _UP.format(self._drawn) if self._drawn else ""
        line = _line(event, self._paint)
        if event.stage.value in _FINAL:
            self._active.pop(event.change.key, None)
            text += f"{line}\n"
        else:
            self._active[event.change.key] = line
        rows = list(self._active.values())[:_ROWS]
        rows += [f"{_count(event)} done"] if event.done < event.total else []
        self._drawn = len(rows)
        output.tell(text + "".join(f"{row}\n" for row in rows))


def _count(event: Event) -> str:
    digits = len(str(event.total))
    return f"[{event.done:>{digits}}/{event.total}]"


def _line(event: Event, paint: terminal.Paint) -> str:
    """One line, which on a terminal never wraps, so that it can be drawn again."""
    change, stage = event.change, event.stage.value
    symbol = SYMBOLS.get(change.action.value, "-/+" if change.gap else "+/-")
    head = f"{stage:<8}"
    name = change.name or change.id or change.part.role
    text = f"{symbol} {change.action.value} {change.part.resource} {change.part.kind} {name}"
    if event.message:
        text += f": {redact(event.message)}"
    room = terminal.width() - len(head) - 1 if terminal.is_live(sys.stderr) else _LONGEST
    return f"{paint(head, _COLOURS.get(stage, 'cyan'))} {terminal.cut(text, room)}"
