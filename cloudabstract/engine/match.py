"""Which found object is which wanted part, what is ours but not wanted, and what is gone. Pure.

An object is ours if it carries our labels, or if memory knows its id: somebody may have taken the
labels off. A name that we want but that stands on an object which is not ours is *taken*; one that
we released with its data is *released*. A part that holds data, existed, and is nowhere is *lost*.
Names need not be unique on a target: of several objects with one name, ours counts.

Objects of a resource that is *kept* (it can no longer be expanded) count as found, as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.model import ResourceKey
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


@dataclass(frozen=True)
class View:
    """What is wanted and what is found, and how they fit together."""

    desired: Desired
    observed: Observed
    matched: Matched


def match(stack: str, desired: Desired, observed: Observed, memory: Memory) -> Matched:
    """Every wanted part with what was found of it; linear in parts and found objects."""
    matching = _Matching(stack, observed, memory)
    for named in desired.parts:
        matching.place(named)
    matching.keep({str(key): key for key in desired.kept})
    return Matched(
        matching.found,
        matching.taken,
        matching.released,
        frozenset(matching.lost),
        matching.unread,
        tuple(matching.orphans()),
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
        if self._may_have(named, found):
            self.found[named.key] = found
        elif found.labels.get(RELEASED) == self._stack:
            self.released[named.key] = found
        else:
            self.taken[named.key] = found

    def keep(self, kept: Mapping[str, ResourceKey]) -> None:
        """Count what belongs to these resources as found."""
        for each in self._left() if kept else ():
            resource = kept.get(owner(each, self._memory))
            if resource is not None:
                self._used.add((each.kind, each.place, each.id))
                part = PartKey(resource, each.kind, role(each, self._memory))
                self.found.setdefault(part, each)

    def orphans(self) -> Iterator[Found]:
        """What is ours and matched nothing, each object once."""
        for each in self._left():
            self._used.add((each.kind, each.place, each.id))
            yield each

    def _left(self) -> Iterator[Found]:
        for each in self._observed.found:
            if (each.kind, each.place, each.id) not in self._used and self._ours(each):
                yield each

    def _may_have(self, named: NamedPart, found: Found) -> bool:
        if named.part.external:
            return found.labels.get(STACK, self._stack) == self._stack
        return bool(named.kind.identity) or self._ours(found)

    def _candidate(self, named: NamedPart) -> Found | None:
        kind, place = named.key.kind, named.place
        if named.part.external:
            return self._observed.by_id.get((kind, place, named.part.external))
        if named.kind.identity:
            wanted = identity(named.part.want, named.kind, self.known)
            return self._by_identity(named.kind).get(wanted) if wanted else None
        return self._best(self._observed.by_name.get((kind, place, named.name), ()))

    def _best(self, namesakes: tuple[Found, ...]) -> Found | None:
        """Ours goes before one that we released, that before a stranger's."""
        if len(namesakes) < 2:
            return namesakes[0] if namesakes else None
        ours = (each for each in namesakes if self._ours(each))
        released = (each for each in namesakes if each.labels.get(RELEASED) == self._stack)
        return (*ours, *released, *namesakes)[0]

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


def by_role(orphans: Iterable[Found], memory: Memory) -> dict[tuple[str, str, str], Found]:
    """(resource, kind, role) -> the object that a new one of that role replaces."""
    return {(owner(each, memory), each.kind, role(each, memory)): each for each in orphans}


def identity(
    values: Mapping[str, Any], kind: Kind, known: Callable[[PartKey], Found | None]
) -> str:
    """The identifying fields as text, "" while one of them is not known yet."""
    filled = [fields.fill(values.get(name), known) for name in sorted(kind.identity)]
    if any(fields.has_unknown(value) for value in filled):
        return ""
    return fields.canonical(filled)
