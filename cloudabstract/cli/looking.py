"""What `get`, `describe` and `tree` share: look at the stack, and pick what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloudabstract.errors import CloudAbstractError
from cloudabstract.model import DEFAULT_NAMESPACE, ResourceKey, Selector, Status

from . import documents, names, opening
from .names import Pick
from .options import Where
from .render.statuses import Row

if TYPE_CHECKING:
    from cloudabstract.engine import Report
    from cloudabstract.stack import Stack

_CLASSES = ("VolumeClass", "VolumeAttributesClass")


@contextmanager
def look(where: Where, sources: Sequence[str]) -> Iterator[tuple[Stack, Report]]:
    """The open stack, and the status of everything: of a spec, or of what was applied last."""
    with opening.stack(where) as stack:
        spec = opening.spec(sources) if sources else None
        yield stack, stack.status(spec)


@dataclass
class Asked:
    """What of everything there is to be shown; `namespace` None means all of them."""

    picks: Sequence[Pick]
    namespace: str | None
    selector: Selector | None
    looked: bool = False

    def rows(self, report: Report) -> list[Row]:
        """Those rows. What is named must be there at the first look; later it may be gone."""
        every = everything(report)
        found = picked(every, self.picks, self.namespace, self.selector, self.looked)
        self.looked = True
        if all(pick.kind == "" for pick in self.picks):
            return [row for row in found if row.key.kind not in _CLASSES]
        return found


def everything(report: Report) -> list[Row]:
    """A row for each resource there is: written, made for a claim, or a class of the target."""
    desired = report.plan.desired
    keys = {*report.statuses, *desired.asked}
    keys |= {each.key for each in desired.classes.by_name.values()}
    return [
        Row(key, documents.known(report, key), report.statuses.get(key, Status()))
        for key in sorted(keys, key=_order)
    ]


def _order(key: ResourceKey) -> tuple[int, str, str]:
    """By kind as the model lists them, then by namespace and name."""
    from cloudabstract.model import KINDS

    return list(KINDS).index(key.kind), key.namespace, key.name


def picked(
    rows: Iterable[Row],
    picks: Sequence[Pick],
    namespace: str | None,
    selector: Selector | None,
    may_lack: bool = False,
) -> list[Row]:
    """The rows that are asked for; `namespace` None means all of them.

    Raises CloudAbstractError when one that is asked for by name is not there, unless it may lack.
    """
    visible = [row for row in rows if row.key.namespace in ("", namespace) or namespace is None]
    found = [row for row in visible if any(pick.takes(row.key) for pick in picks)]
    for pick in picks:
        if pick.name and not may_lack and not any(pick.takes(row.key) for row in visible):
            raise CloudAbstractError(_missing(pick, visible, namespace))
    if selector is not None:
        found = [row for row in found if row.resource and _selects(selector, row)]
    return found


def _selects(selector: Selector, row: Row) -> bool:
    return row.resource is not None and selector.matches(row.resource.metadata.labels)


def one(rows: Iterable[Row], words: Sequence[str], namespace: str | None) -> Row:
    """The one row that `KIND/NAME` or `KIND NAME` names. Raises CloudAbstractError."""
    picks = names.picks(words)
    wanted = picks[0]
    inside = wanted.namespace or namespace or DEFAULT_NAMESPACE
    return picked(rows, [wanted], inside, None)[0]


def _missing(pick: Pick, rows: Iterable[Row], namespace: str | None) -> str:
    known = [row.key.name for row in rows if row.key.kind == pick.kind]
    near = names.nearest(pick.name, known)
    where = f" in namespace {namespace}" if namespace not in (None, DEFAULT_NAMESPACE) else ""
    if near:
        hint = f"did you mean {near!r}?"
    else:
        hint = f"there are {', '.join(known)}" if known else f"there is no {pick.kind} at all"
    return f"there is no {pick.kind} {pick.name!r}{where}\nhint: {hint}"
