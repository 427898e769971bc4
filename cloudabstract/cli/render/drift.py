"""Drift as a person reads it: by resource, each field as it should be and as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..terminal import Paint, harmless
from . import fields

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.drift import Drift

_COLOURS = {"data": "red", "security": "yellow", "benign": "cyan"}
_SAYS = {
    "changed": "was changed",
    "missing": "is gone",
    "lost": "is gone, with its data; nothing is made in its place",
    "extra": "is ours, and wanted by nobody",
}


def text(found: Sequence[Drift], paint: Paint) -> str:
    """All of it; the last line counts."""
    lines = [line for each in found for line in _one(each, paint)]
    return "\n".join([*lines, paint(_last(found), "bold")])


def _one(each: Drift, paint: Paint) -> Iterator[str]:
    change = each.change
    grade = paint(f"{each.grade.value:<8}", _COLOURS[each.grade.value])
    name = harmless(change.name or change.id or change.part.role)
    what = f"{change.part.kind} {name}"
    yield f"{grade}  {paint(each.resource, 'bold')}  {what} {_SAYS[each.what]}"
    for field in each.fields:
        delta = {field.field: {"from": field.found, "to": field.wanted}}
        for line in fields.differences(delta):
            yield f"{'':<10}{line}"


def _last(found: Sequence[Drift]) -> str:
    if not found:
        return "Nothing has drifted."
    grades = [each.grade.value for each in found]
    counts = [f"{grades.count(name)} {name}" for name in _COLOURS if name in grades]
    many = "1 object has" if len(found) == 1 else f"{len(found)} objects have"
    return f"{many} drifted: {', '.join(counts)}."
