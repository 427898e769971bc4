"""What the world has changed since the last apply: field by field, and how grave it is. Pure.

    data       what holds bytes is gone, or has another size or another fate than was said
    security   a field changed that says who gets in and what can be read
    benign     everything else; the next apply puts it back

Which fields guard security a provider says of its kinds (`Kind.security`); words that mean the same
on every target are known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cloudabstract.engine.planning.change import Action, Change, Plan
from cloudabstract.provider import Kind

_SECURITY = frozenset(
    {
        *("certificate", "certificates", "ssl", "tls"),
        *("cidr", "cidrs", "firewall", "ingress", "ranges", "sources"),
        *("encrypted", "encryption", "kms"),
        *("public", "routability", "scheme"),
    }
)
_FATES = frozenset({"size", "labels.reclaim", "labels.protected", "labels.claim"})
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


class Grade(str, Enum):
    """How grave a difference is, from harmless on."""

    BENIGN = "benign"
    SECURITY = "security"
    DATA = "data"

    @property
    def rank(self) -> int:
        """Position from harmless (0) on."""
        return list(Grade).index(self)


@dataclass(frozen=True)
class Difference:
    """One field: as it should be, and as it is."""

    field: str
    wanted: Any
    found: Any
    grade: Grade

    def as_json(self) -> dict[str, Any]:
        """The documented form."""
        return {
            "field": self.field,
            "wanted": self.wanted,
            "found": self.found,
            "class": self.grade.value,
        }


@dataclass(frozen=True)
class Drift:
    """One object that is not as it was left."""

    resource: str
    change: Change
    what: str  # changed, missing, lost, extra
    grade: Grade
    fields: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The documented form."""
        change = self.change
        return {
            "resource": self.resource,
            "kind": change.part.kind,
            "part": str(change.part),
            "name": change.name,
            "place": change.place,
            "id": change.id,
            "what": self.what,
            "class": self.grade.value,
            "fields": [each.as_json() for each in self.fields],
        }


def drift(plan: Plan) -> tuple[Drift, ...]:
    """What `plan`, made of the spec that was applied last, would have to put right."""
    kinds = {kind.name: kind for kind in plan.kinds}
    found = [*_changed(plan, kinds.__getitem__), *_lost(plan)]
    return tuple(sorted(found, key=lambda each: (-each.grade.rank, each.resource)))


def gravest(found: Iterable[Drift]) -> Grade | None:
    """The gravest of several; None of none."""
    return max((each.grade for each in found), key=lambda grade: grade.rank, default=None)


def _changed(plan: Plan, kind_of: Any) -> Iterator[Drift]:
    for change in (*plan.changes, *(each.change for each in plan.left_out)):
        kind: Kind = kind_of(change.part.kind)
        resource = change.claim or str(plan.desired.author(change.part.resource))
        if change.action in (Action.DELETE, Action.RELEASE):
            yield Drift(resource, change, "extra", Grade.BENIGN)
        elif change.drift and change.action is Action.CREATE:
            if change.part not in plan.matched.lost:
                yield Drift(resource, change, "missing", Grade.BENIGN)
        elif change.drift:
            fields = tuple(
                Difference(name, delta.after, delta.before, grade_of(kind, name))
                for name, delta in sorted(change.fields.items())
            )
            worst = max((each.grade for each in fields), key=lambda it: it.rank, default=None)
            yield Drift(resource, change, "changed", worst or Grade.BENIGN, fields)


def _lost(plan: Plan) -> Iterator[Drift]:
    for key in sorted(plan.matched.lost):
        named = plan.named[key]
        gone = Change(Action.CREATE, key, named.place, named.name, precious=True, drift=True)
        yield Drift(str(plan.desired.author(key.resource)), gone, "lost", Grade.DATA)


def grade_of(kind: Kind, field: str) -> Grade:
    """How grave a change of one field is."""
    if kind.precious and field in _FATES:
        return Grade.DATA
    if field in kind.security or _SECURITY & {word.lower() for word in _WORD.findall(field)}:
        return Grade.SECURITY
    return Grade.BENIGN
