"""What to ask of each kind and place, from what is wanted and what is remembered. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.provider import STACK, Batch, Found, Kind
from cloudabstract.store import Memory

Spot = tuple[str, str]  # (kind, place)


@dataclass(frozen=True)
class Scope:
    """Where to look besides where something is known, and how closely."""

    places: tuple[str, ...] = ()
    closely: bool = False


class Batches:
    """What to ask of each kind, from what is wanted and what is remembered."""

    def __init__(
        self, stack: str, parts: Iterable[NamedPart], memory: Memory, scope: Scope
    ) -> None:
        self._labels = {STACK: stack}
        self._scope = scope
        self._names: defaultdict[Spot, set[str]] = defaultdict(set)
        self._ids: defaultdict[Spot, set[str]] = defaultdict(set)
        for each in parts:
            spot = (each.key.kind, each.place)
            if each.part.external:
                self._ids[spot].add(each.part.external)
                continue
            self._names[spot].add(each.name)
        for trace in memory.traces:
            spot = (trace.kind, trace.place)
            self._names[spot].add(trace.name)
            if trace.id:
                self._ids[spot].add(trace.id)

    def of(self, kind: Kind, found: Iterable[Found]) -> list[Batch]:
        """One batch for each place of `kind`; `found` so far gives the parents."""
        used = parents(kind, found)
        spots = self._names.keys() | self._ids.keys()
        elsewhere = sorted(place for name, place in spots if name == kind.name)
        return [
            Batch(
                place,
                self._labels,
                frozenset(self._names.get((kind.name, place), ())),
                frozenset(self._ids.get((kind.name, place), ())),
                used,
                closely=self._scope.closely,
            )
            for place in dict.fromkeys((*self._scope.places, *elsewhere))
        ]


def parents(kind: Kind, found: Iterable[Found]) -> dict[str, tuple[Found, ...]]:
    """Of what was found, the objects of the kinds that `kind` uses."""
    parents: defaultdict[str, list[Found]] = defaultdict(list)
    for each in found:
        if each.kind in kind.uses:
            parents[each.kind].append(each)
    return {name: tuple(group) for name, group in parents.items()}
