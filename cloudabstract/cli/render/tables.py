"""Rows in aligned columns, without lines, as kubectl prints them."""

from __future__ import annotations

from collections.abc import Sequence

from ..terminal import Paint, harmless


def table(head: Sequence[str], rows: Sequence[Sequence[str]], paint: Paint) -> str:
    """The rows under their headings; empty cells are `-`."""
    cells = [_shown(each) for each in rows]
    widths = _widths(head, cells)
    lines = [paint(_line(head, widths), "bold"), *(_line(row, widths) for row in cells)]
    return "\n".join(lines)


def row(head: Sequence[str], before: Sequence[Sequence[str]], cells: Sequence[str]) -> str:
    """One more row of a table that was printed before, as wide as that."""
    return _line(_shown(cells), _widths(head, [_shown(each) for each in before]))


def pairs(rows: Sequence[tuple[str, str]], indent: str = "") -> list[str]:
    """`Name:  web` for each pair, values aligned."""
    width = max((len(name) for name, _ in rows), default=0) + 1
    return [f"{indent}{name + ':':<{width}}  {harmless(value) or '-'}" for name, value in rows]


def _shown(cells: Sequence[str]) -> list[str]:
    return [harmless(cell) or "-" for cell in cells]


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(head, *rows, strict=True)]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return "   ".join(padded).rstrip()
