"""Rows in aligned columns, without lines, as kubectl prints them."""

from __future__ import annotations

from collections.abc import Sequence

from ..terminal import Paint, harmless


def table(head: Sequence[str], rows: Sequence[Sequence[str]], paint: Paint) -> str:
    """The rows under their headings; empty cells are `-`."""
    cells = [[harmless(cell) or "-" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    lines = [paint(_line(head, widths), "bold"), *(_line(row, widths) for row in cells)]
    return "\n".join(lines)


def pairs(rows: Sequence[tuple[str, str]], indent: str = "") -> list[str]:
    """`Name:  web` for each pair, values aligned."""
    width = max((len(name) for name, _ in rows), default=0) + 1
    return [f"{indent}{name + ':':<{width}}  {harmless(value) or '-'}" for name, value in rows]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return "   ".join(padded).rstrip()
