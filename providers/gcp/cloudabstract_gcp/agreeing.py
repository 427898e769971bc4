"""Whether found objects already are the parts that a resource would expand to. Pure.

What was read back is expanded again, as a plan would do it, and laid beside what was found. So
`discover` knows what the next plan would say, and does not promise what it cannot keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.provider import Found, Kind, Part, Ref

Parts = Mapping[tuple[str, str], Found]  # by (kind, role)


@dataclass(frozen=True)
class Gap:
    """One field in which an object is not as wanted."""

    kind: str
    role: str
    field: str
    fixed: bool  # cannot change in place
    wanted: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.field} of {self.kind}: {_short(self.found)} becomes {_short(self.wanted)}"


def gaps(parts: Iterable[Part], found: Parts, kinds: Iterable[Kind]) -> Iterator[Gap]:
    """Where `found` differs from `parts`; parts of which nothing was found are left out."""
    known = {kind.name: kind for kind in kinds}
    for part in parts:
        there = found.get((part.key.kind, part.key.role))
        kind = known[part.key.kind]
        for name, value in part.want.items() if there is not None else ():
            wanted, before = _filled(value, found), there.fields.get(name) if there else None
            if name not in kind.birth and wanted != before:
                fixed = name in kind.fixed
                yield Gap(part.key.kind, part.key.role, name, fixed, wanted, before)


def _filled(value: Any, found: Parts) -> Any:
    """`value` with what refs point at; None for what does not exist."""
    if isinstance(value, Ref):
        there = found.get((value.to.kind, value.to.role))
        if there is None:
            return None
        return {"id": there.id, "name": there.name, **there.fields}.get(value.field)
    if isinstance(value, Mapping):
        return {key: _filled(item, found) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, found) for item in value]
    return value


def _short(value: Any) -> str:
    text = str(value).replace("projects/", "")
    return text if len(text) <= 60 else f"{text[:57]}..."
