"""`get`: a table for each kind."""

from __future__ import annotations

from collections.abc import Sequence

from ..terminal import Paint
from . import tables
from .statuses import COLUMNS, WIDE, WIDE_ALWAYS, Cell, Row


def text(rows: Sequence[Row], paint: Paint, with_namespace: bool, wide: bool) -> str:
    """All rows, a table for each kind, with the kind before the names when there are several."""
    kinds = list(dict.fromkeys(row.key.kind for row in rows))
    shown = [
        _table(
            [row for row in rows if row.key.kind == kind],
            paint,
            _columns(kind, with_namespace, wide),
            f"{kind}/" if len(kinds) > 1 else "",
        )
        for kind in kinds
    ]
    return "\n\n".join(shown)


def _columns(kind: str, with_namespace: bool, wide: bool) -> dict[str, Cell]:
    columns = dict(COLUMNS[kind])
    if with_namespace:
        columns = {"namespace": _namespace, **columns}
    return columns | WIDE.get(kind, {}) | WIDE_ALWAYS if wide else columns


def _namespace(row: Row) -> str:
    return row.key.namespace


def _table(rows: Sequence[Row], paint: Paint, columns: dict[str, Cell], prefix: str) -> str:
    head = [name.upper() for name in columns]
    cells = [
        [f"{prefix}{cell(row)}" if name == "name" else cell(row) for name, cell in columns.items()]
        for row in rows
    ]
    return tables.table(head, cells, paint)
