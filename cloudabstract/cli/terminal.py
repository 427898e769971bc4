"""What can be shown where: colour, width, and whether there is somebody to ask.

NO_COLOR turns colour off, FORCE_COLOR on, TERM=dumb off; else it is for terminals alone. Nothing is
said by colour that words and symbols do not say.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import Any

Paint = Callable[..., str]

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def is_coloured(stream: Any) -> bool:
    """Whether escape codes for colour may go to `stream`."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: Any) -> bool:
    """Whether a person looks at `stream`."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # no such stream, or closed
        return False


def is_live(stream: Any) -> bool:
    """Whether lines of `stream` can be drawn again."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def can_ask() -> bool:
    """Whether there is somebody who can read a question and type an answer."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def painter(stream: Any) -> Paint:
    """A function that paints text for `stream`: `paint("web", "bold")`."""
    return _coloured if is_coloured(stream) else plain


def plain(text: str, *styles: str) -> str:
    """`text` as it is."""
    return text


def _coloured(text: str, *styles: str) -> str:
    codes = ";".join(str(_CODES[each]) for each in styles)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def width() -> int:
    """Columns to fill: COLUMNS, the terminal's, or 100."""
    return max(40, shutil.get_terminal_size((100, 24)).columns)


def harmless(text: str) -> str:
    """Foreign text without control characters, which could do things to a terminal."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def cut(text: str, limit: int) -> str:
    """`text` in one line of at most `limit` characters."""
    line = harmless(" ".join(text.split()))
    return line if len(line) <= limit else line[: max(1, limit - 1)] + "…"
