"""Which found object is which wanted part, what is ours but not wanted, and what is gone. Pure.

An object is ours if it carries our labels, or if memory knows its id: somebody may have taken the
labels off. A name that we want but that stands on an object which is not ours is *taken*; one that
we released with its data is *released*. A part that holds data, existed, and is nowhere is *lost*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.provider import (
    RELEASED,
    RESOURCE,
    ROLE,
    STACK,
    Found,
    Kind,
    PartKey,
)
from cloudabstract.store import Memory

from . import fields
from .observe import Observed
from .parts import NamedPart
from .resolve import Desired


@dataclass(frozen=True)
class Matched:
    """The two sides side by side. `orphans` are ours and wanted by no part."""

    found: Mapping[PartKey, Found] = field(default_factory=dict)
    taken: Mapping[PartKey, Found] = field(default_factory=dict)
    released: Mapping[PartKey, Found] = field(default_factory=dict)
    lost: frozenset[PartKey] = frozenset()
    unread: Mapping[PartKey, str] = field(default_factory=dict)
    orphans: tuple[Found, ...] = ()


def match(stack: str, desired: Desired, observed: Observed, memory: Memory) -> Matched:
    """Every wanted part with what was found of it; linear in parts and found objects."""
    matching = _Matching(stack, observed, memory)
    for named in desired.parts:
        matching.place(named)
    kept = {str(key) for key in desired.kept}
    return Matched(
        matching.found,
        matching.taken,
        matching.released,
        frozenset(matching.lost),
        matching.unread,
        tuple(matching.orphans(kept)),
    )


class _Matching:
    def __init__(self, stack: str, observed: Observed, memory: Memory) -> None:
        self._stack = stack
        self._observed = observed
        self._memory = memory
        self._identities: dict[str, dict[str, Found]] = {}
        self._used: set[tuple[str, str, str]] = set()
        self.found: dict[PartKey, Found] = {}
        self.taken: dict[PartKey, Found] = {}
        self.released: dict[PartKey, Found] = {}
        self.lost: set[PartKey] = set()
        self.unread: dict[PartKey, str] = {}

    def place(self, named: NamedPart) -> None:
        """Put `named` into the one set it belongs to; in none of them it is simply missing."""
        found = self._candidate(named)
        if found is None:
            self._absent(named)
            return
        self._used.add((found.kind, found.place, found.id))
        if named.part.external or named.kind.identity or self._ours(found):
            self.found[named.key] = found
        elif found.labels.get(RELEASED) == self._stack:
            self.released[named.key] = found
        else:
            self.taken[named.key] = found

    def orphans(self, kept: set[str]) -> Iterable[Found]:
        """What is ours, matched no part, and does not belong to a resource that is kept."""
        for each in self._observed.found:
            if (each.kind, each.place, each.id) in self._used or not self._ours(each):
                continue
            if owner(each, self._memory) not in kept:
                yield each

    def _candidate(self, named: NamedPart) -> Found | None:
        kind, place = named.key.kind, named.place
        if named.part.external:
            return self._observed.by_id.get((kind, place, named.part.external))
        if named.kind.identity:
            wanted = identity(named.part.want, named.kind, self.known)
            return self._by_identity(named.kind).get(wanted) if wanted else None
        return self._observed.by_name.get((kind, place, named.name))

    def _by_identity(self, kind: Kind) -> dict[str, Found]:
        if kind.name not in self._identities:
            self._identities[kind.name] = {
                identity(each.fields, kind, self.known): each
                for each in self._observed.by_kind.get(kind.name, ())
            }
        return self._identities[kind.name]

    def known(self, key: PartKey) -> Found | None:
        """What was found of the part with `key`, so far."""
        return self.found.get(key)

    def _ours(self, found: Found) -> bool:
        if found.labels.get(STACK) == self._stack:
            return True
        if found.labels.get(STACK) or found.labels.get(RELEASED):
            return False
        trace = self._memory.find(found.kind, found.place, found.name)
        return trace is not None and bool(trace.id) and trace.id == found.id

    def _absent(self, named: NamedPart) -> None:
        reason = self._observed.unread.get((named.key.kind, named.place))
        if reason is not None:
            self.unread[named.key] = reason
            return
        trace = self._memory.find(named.key.kind, named.place, named.name)
        if named.kind.precious and trace is not None and trace.id:
            self.lost.add(named.key)


def owner(found: Found, memory: Memory) -> str:
    """The text of the key of the resource that `found` belongs to, by label or by memory."""
    labelled = found.labels.get(RESOURCE, "")
    if labelled:
        return labelled
    trace = memory.find(found.kind, found.place, found.name)
    return trace.resource if trace is not None else ""


def role(found: Found, memory: Memory) -> str:
    """The role of `found` in its resource, by label or by memory."""
    labelled = found.labels.get(ROLE, "")
    if labelled:
        return labelled
    trace = memory.find(found.kind, found.place, found.name)
    return trace.part.rpartition(":")[2] if trace is not None else ""


def identity(
    values: Mapping[str, Any], kind: Kind, known: Callable[[PartKey], Found | None]
) -> str:
    """The identifying fields as text, "" while one of them is not known yet."""
    filled = [fields.fill(values.get(name), known) for name in sorted(kind.identity)]
    if any(fields.has_unknown(value) for value in filled):
        return ""
    return fields.canonical(filled)


