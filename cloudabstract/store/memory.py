"""Everything the engine remembers about one stack, as frozen values with O(1) lookups.

A *trace* is a native object we made, or were about to make when we were last heard of; it stays
until the object is observed gone. A *birth count* is the number of lives a name has completed; it
outlives the trace, so that an idempotency token derived from it is never used for two objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

TraceKey = tuple[str, str, str]  # (kind, place, name)

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Trace:
    """A native object of ours. `part` and `resource` are opaque keys of the engine's."""

    kind: str
    place: str
    name: str
    part: str
    resource: str
    id: str = ""  # the target's own id; "" while no call has told it
    births: int = 0  # lives this name had completed before this one
    precious: bool = False  # holds data

    @property
    def key(self) -> TraceKey:
        """What makes a trace unique within its stack."""
        return (self.kind, self.place, self.name)


@dataclass(frozen=True)
class Memory:
    """What is remembered about one stack.

    `cold` is true until a whole turn has been settled: only then may the engine trust that what is
    not remembered does not exist. A first turn that was cut short leaves a cold memory with traces.
    """

    traces: tuple[Trace, ...] = ()
    bindings: Mapping[str, str] = field(default_factory=dict)  # claim -> volume name
    salts: Mapping[str, int] = field(default_factory=dict)  # resource -> incarnation
    protected: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)  # free key -> JSON text
    lives: Mapping[TraceKey, int] = field(default_factory=dict)  # completed lives, dead names too
    cold: bool = False

    def __post_init__(self) -> None:
        for name in ("bindings", "salts", "notes", "lives"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def find(self, kind: str, place: str, name: str) -> Trace | None:
        """The trace of exactly this object, or None."""
        return self._by_key.get((kind, place, name))

    def at(self, kind: str, place: str) -> tuple[Trace, ...]:
        """All traces of one kind in one place."""
        return self._by_place.get((kind, place), ())

    def named(self, name: str) -> tuple[Trace, ...]:
        """All traces of one name, of whatever kind and place."""
        return self._by_name.get(name, ())

    def of_part(self, part: str) -> tuple[Trace, ...]:
        """All traces that realise one part, e.g. the old and the new one of a replacement."""
        return self._by_part.get(part, ())

    def of_resource(self, resource: str) -> tuple[Trace, ...]:
        """All traces of the objects behind one resource."""
        return self._by_resource.get(resource, ())

    def births(self, kind: str, place: str, name: str) -> int:
        """How many lives this name has completed, whether or not it has a trace now."""
        return self.lives.get((kind, place, name), 0)

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """Every (kind, place) in which something of ours may still exist."""
        return frozenset(self._by_place)

    @cached_property
    def _by_key(self) -> dict[TraceKey, Trace]:
        return {trace.key: trace for trace in self.traces}

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], tuple[Trace, ...]]:
        return _grouped(self.traces, lambda trace: (trace.kind, trace.place))

    @cached_property
    def _by_name(self) -> dict[str, tuple[Trace, ...]]:
        return _grouped(self.traces, lambda trace: trace.name)

    @cached_property
    def _by_part(self) -> dict[str, tuple[Trace, ...]]:
        return _grouped(self.traces, lambda trace: trace.part)

    @cached_property
    def _by_resource(self) -> dict[str, tuple[Trace, ...]]:
        return _grouped(self.traces, lambda trace: trace.resource)


def _grouped(traces: Iterable[Trace], key: Callable[[Trace], K]) -> dict[K, tuple[Trace, ...]]:
    groups: defaultdict[K, list[Trace]] = defaultdict(list)
    for trace in traces:
        groups[key(trace)].append(trace)
    return {one: tuple(members) for one, members in groups.items()}
