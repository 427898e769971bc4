"""An explanation as a value, and its text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .terminal import width


@dataclass(frozen=True)
class Explanation:
    """A word, what it means in paragraphs, and a table of what belongs to it."""

    term: str
    text: Sequence[str]
    rows: Sequence[tuple[str, str]] = ()
    heading: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The explanation as data."""
        rows = [{"name": name, "text": text} for name, text in self.rows]
        return {"term": self.term, "text": list(self.text), **self.extra, "rows": rows}


def text(told: Explanation) -> str:
    """The explanation in lines of a terminal's width."""
    columns = min(width(), 100)
    lines = [told.term, ""]
    for each in told.text:
        lines += [*textwrap.wrap(each, columns, initial_indent="  ", subsequent_indent="  "), ""]
    if told.rows:
        lines.append(told.heading)
        wide = max(len(name) for name, _ in told.rows)
        for name, row in told.rows:
            indent = " " * (wide + 4)
            wrapped = textwrap.wrap(row, columns - len(indent)) or [""]
            lines.append(f"  {name:<{wide}}  {wrapped[0]}")
            lines += [f"{indent}{line}" for line in wrapped[1:]]
    return "\n".join(lines).rstrip()
