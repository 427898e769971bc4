"""Which found object is which wanted part, what is ours but not wanted, and what is gone. Pure.

An object that is ours is the part whose name it has; else the one whose role its labels say, if it
differs in nothing that is fixed: it was adopted, or its resource was renamed. A name that we want
but that stands on an object which is not ours is *taken*; one that we released with its data is
*released*; one that another resource of ours took along when it was renamed is *occupied*. A part
that holds data, existed, and is nowhere is *lost*, unless it never became READY. Names need not be
unique on a target: of several objects with one name, ours counts.

Objects of a resource that is *kept* (it can no longer be expanded) count as found, as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import ResourceKey
from cloudabstract.provider import RELEASED, RESOURCE, STACK, Found, Kind, PartKey
from cloudabstract.store import Memory

from . import fields, stillborn
from .observe import Observed
from .owning import Owning, Role


@dataclass(frozen=True)
class Matched:
    """The two sides side by side. `orphans` are ours and wanted by no part."""

    found: Mapping[PartKey, Found] = field(default_factory=dict)
    taken: Mapping[PartKey, Found] = field(default_factory=dict)
    released: Mapping[PartKey, Found] = field(default_factory=dict)
    occupied: frozenset[PartKey] = frozenset()
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
    matching = _Matching(Owning(stack, memory, desired.moves), desired, observed)
    for named in desired.parts:
        matching.place(named)
    matching.keep({str(key): key for key in desired.kept})
    return Matched(
        matching.found,
        matching.taken,
        matching.released,
        frozenset(matching.occupied),
        frozenset(matching.lost),
        matching.unread,
        tuple(matching.orphans()),
    )


class _Matching:
    def __init__(self, owning: Owning, desired: Desired, observed: Observed) -> None:
        self._owning = owning
        self._stack = owning.stack
        self._desired = desired
        self._observed = observed
        self._identities: dict[str, dict[str, Found]] = {}
        self._stillborn = stillborn.read(owning.memory)
        self._used: set[tuple[str, str, str]] = set()
        self.found: dict[PartKey, Found] = {}
        self.taken: dict[PartKey, Found] = {}
        self.released: dict[PartKey, Found] = {}
        self.occupied: set[PartKey] = set()
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
            resource = kept.get(self._owning.resource(each))
            if resource is not None:
                self._used.add((each.kind, each.place, each.id))
                part = PartKey(resource, each.kind, self._owning.role_in(each))
                self.found.setdefault(part, each)

    def orphans(self) -> Iterator[Found]:
        """What is ours and matched nothing, each object once."""
        for each in self._left():
            self._used.add((each.kind, each.place, each.id))
            yield each

    def _left(self) -> Iterator[Found]:
        for each in self._observed.found:
            if (each.kind, each.place, each.id) not in self._used and self._owning.ours(each):
                yield each

    def _may_have(self, named: NamedPart, found: Found) -> bool:
        if named.part.external:
            return found.labels.get(STACK, self._stack) == self._stack
        return bool(named.kind.identity) or self._owning.ours(found)

    def _candidate(self, named: NamedPart) -> Found | None:
        kind, place = named.key.kind, named.place
        if named.part.external:
            return self._observed.by_id.get((kind, place, named.part.external))
        if named.kind.identity:
            wanted = identity(named.part.want, named.kind, self.known)
            return self._by_identity(named.kind).get(wanted) if wanted else None
        namesakes = self._observed.by_name.get((kind, place, named.name), ())
        best = self._best(tuple(each for each in namesakes if not self._anothers(named, each)))
        if best is not None and self._owning.ours(best):
            return best
        heir = self._heir(named)
        if heir is None and best is None and namesakes:
            self.occupied.add(named.key)
        return heir or best

    def _anothers(self, named: NamedPart, found: Found) -> bool:
        """Whether `found` belongs to another resource of ours that is wanted as well."""
        if found.labels.get(RESOURCE) in (None, "", named.labels.get(RESOURCE)):
            return False
        resource = self._owning.resource(found)
        other = resource != str(named.key.resource) and resource in self._wanted
        return other and self._owning.ours(found)

    def _heir(self, named: NamedPart) -> Found | None:
        """What is `named` by its labels, though not by its name."""
        key = named.key
        for found in self._roles.get((str(key.resource), key.kind, key.role), ()):
            if found.place == named.place and not self._stuck(named, found):
                return found
        return None

    def _stuck(self, named: NamedPart, found: Found) -> bool:
        """Whether `found` differs in what cannot change."""
        names = named.kind.fixed & named.part.want.keys()
        wanted = {name: fields.fill(named.part.want[name], self.known) for name in names}
        return bool(fields.differences(wanted, found.fields, named.left_alone))

    @cached_property
    def _roles(self) -> Mapping[Role, list[Found]]:
        """What is ours by resource, kind and role."""
        roles: defaultdict[Role, list[Found]] = defaultdict(list)
        for each in sorted(self._left(), key=lambda found: (found.name, found.id)):
            roles[self._owning.role(each)].append(each)
        return roles

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(str(key) for key in self._desired.resources)

    def _best(self, namesakes: tuple[Found, ...]) -> Found | None:
        """Ours goes before one that we released, that before a stranger's."""
        if len(namesakes) < 2:
            return namesakes[0] if namesakes else None
        ours = (each for each in namesakes if self._owning.ours(each))
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

    def _absent(self, named: NamedPart) -> None:
        reason = self._observed.unread.get((named.key.kind, named.place))
        if reason is not None:
            self.unread[named.key] = reason
            return
        if not named.kind.precious:
            return
        for trace in self._owning.memory.of_part(str(named.key)):
            spot = (trace.kind, trace.place, trace.id)
            there = spot in self._observed.by_id
            if trace.id and not there and spot not in self._stillborn:
                self.lost.add(named.key)


def identity(
    values: Mapping[str, Any], kind: Kind, known: Callable[[PartKey], Found | None]
) -> str:
    """The identifying fields as text, "" while one of them is not known yet."""
    filled = [fields.fill(values.get(name), known) for name in sorted(kind.identity)]
    if any(fields.has_unknown(value) for value in filled):
        return ""
    return fields.canonical(filled)
