"""`get -w`: what is there now, then a row for each resource that has changed, as kubectl does it.

Nothing pushes: the target is looked at again and again. In a table a row comes when one of its
cells is another; as data, when anything is. What is gone comes once more, as Deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cloudabstract.model import Condition, ResourceKey, Status

from . import documents, output
from .render.statuses import Row

if TYPE_CHECKING:
    from cloudabstract.engine import Report

_GONE = Condition("Accepted", "False", "Deleted", "it is not there any more")

Selected = Callable[["Report"], list[Row]]


class Printer(Protocol):
    """Protocol: how rows are printed, first all of them and then one at a time."""

    def first(self, rows: list[Row]) -> str:
        """The text of everything there is; "" for nothing."""
        ...

    def later(self, row: Row) -> str:
        """The text of one that has changed."""
        ...

    def told(self, row: Row) -> object:
        """What of a row makes it another when it changes."""
        ...


def follow(reports: Iterable[Report], selected: Selected, printer: Printer) -> None:
    """Print what `reports` say, until they end or nobody reads any more."""
    known: dict[ResourceKey, Row] = {}
    for number, report in enumerate(reports):
        rows = {row.key: row for row in selected(report)}
        if number == 0:
            text = printer.first(list(rows.values()))
        else:
            text = "".join(map(printer.later, _changed(known, rows, printer.told)))
        known = rows
        if text and not output.write(text):
            return


def _changed(
    known: dict[ResourceKey, Row], rows: dict[ResourceKey, Row], told: Callable[[Row], object]
) -> Iterator[Row]:
    for key, row in rows.items():
        if key not in known or told(known[key]) != told(row):
            yield row
    for key, row in known.items():
        if key not in rows:
            yield replace(row, status=Status(conditions=(_GONE,)))


class Table:
    """Rows of a table that grows."""

    def __init__(self, with_namespace: bool, wide: bool) -> None:
        self._columns = (with_namespace, wide)

    def first(self, rows: list[Row]) -> str:
        """All tables; later rows are as wide as theirs."""
        import sys

        from . import terminal
        from .render.listing import Growing

        self._listing = Growing(rows, terminal.painter(sys.stdout), *self._columns)
        return self._listing.text()

    def later(self, row: Row) -> str:
        """One line, under a heading if none of its kind was there."""
        return self._listing.added(row)

    def told(self, row: Row) -> object:
        """The cells."""
        return self._listing.cells(row)


class Documents:
    """Rows as data: one document of JSON or YAML after the other, or names."""

    def __init__(self, form: str) -> None:
        self._form = form

    def first(self, rows: list[Row]) -> str:
        """Each by itself, for what follows cannot be in one list with them."""
        return "".join(map(self.later, rows))

    def later(self, row: Row) -> str:
        """One document."""
        if self._form == "name":
            return f"{row.key}\n"
        text = output.document(documents.resource(row.key, row.status, row.resource), self._form)
        return f"---\n{text}" if self._form == "yaml" else text

    def told(self, row: Row) -> object:
        """All there is, but for the times: those that nobody has recorded yet are always now."""
        untimed = (replace(each, last_transition_time="") for each in row.status.conditions)
        return replace(row, status=replace(row.status, conditions=tuple(untimed)))
