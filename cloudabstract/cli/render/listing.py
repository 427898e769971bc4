"""`get`: a table for each kind, to which rows can be added."""

from __future__ import annotations

from collections.abc import Sequence

from ..terminal import Paint
from . import tables
from .statuses import COLUMNS, WIDE, WIDE_ALWAYS, Cell, Row


def text(rows: Sequence[Row], paint: Paint, with_namespace: bool, wide: bool) -> str:
    """All rows, a table for each kind, with the kind before the names when there are several."""
    return Growing(rows, paint, with_namespace, wide).text().rstrip("\n")


class Growing:
    """Tables that rows are added to: as wide as they were at first, and never printed again."""

    def __init__(self, rows: Sequence[Row], paint: Paint, with_namespace: bool, wide: bool) -> None:
        self._paint = paint
        self._with_namespace, self._wide = with_namespace, wide
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.key.kind, []).append(row)
        self._several = len(self._rows) > 1

    def text(self) -> str:
        """All tables, ending with a new line; "" when there is no row."""
        tables_of_kinds = [self._table(kind, rows) for kind, rows in self._rows.items()]
        return "\n\n".join(tables_of_kinds) + "\n" if tables_of_kinds else ""

    def added(self, row: Row) -> str:
        """One line for `row`, under a heading if it is the first of its kind."""
        kind = row.key.kind
        if kind not in self._rows:
            self._rows[kind] = [row]
            self._several = len(self._rows) > 1
            return f"{self._table(kind, [row])}\n"
        before = [self.cells(each) for each in self._rows[kind]]
        return tables.row(self._head(kind), before, self.cells(row)) + "\n"

    def cells(self, row: Row) -> list[str]:
        """What the line of `row` says."""
        prefix = f"{row.key.kind}/" if self._several else ""
        return [
            f"{prefix}{cell(row)}" if name == "name" else cell(row)
            for name, cell in self._columns(row.key.kind).items()
        ]

    def _table(self, kind: str, rows: Sequence[Row]) -> str:
        return tables.table(self._head(kind), list(map(self.cells, rows)), self._paint)

    def _head(self, kind: str) -> list[str]:
        return [name.upper() for name in self._columns(kind)]

    def _columns(self, kind: str) -> dict[str, Cell]:
        columns = dict(COLUMNS[kind])
        if self._with_namespace:
            columns = {"namespace": _namespace, **columns}
        return columns | WIDE.get(kind, {}) | WIDE_ALWAYS if self._wide else columns


def _namespace(row: Row) -> str:
    return row.key.namespace
