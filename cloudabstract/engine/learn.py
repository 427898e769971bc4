"""What a turn teaches: new memory from old memory and what was seen. Pure.

A trace stays until its object is observed gone, in a place that could be read; data that vanished
stays remembered as lost. Whatever carries our labels is learnt, so that a lost store fills again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cloudabstract.provider import (
    CLAIM,
    INCARNATION,
    RESOURCE,
    ROLE,
    STACK,
    Found,
    Kind,
    PartKey,
)
from cloudabstract.store import Memory, Trace, TraceKey

from .change import Plan
from .parts import NamedPart
from .resolve import Desired, class_note
from .status import Seen

SEEN = "conditions"


@dataclass(frozen=True)
class Lesson:
    """The arguments of `Store.settle`."""

    forget: tuple[TraceKey, ...]
    learn: tuple[Trace, ...]
    bindings: Mapping[str, str]
    salts: Mapping[str, int]
    protected: frozenset[str]
    notes: Mapping[str, str]


def lesson(plan: Plan, memory: Memory, seen: Seen) -> Lesson:
    """What to remember after a plan was made, before or after it ran."""
    desired = plan.desired
    return Lesson(
        tuple(_gone(plan, memory)),
        tuple(_known(plan)),
        _bindings(desired, memory),
        dict(memory.salts),
        _protected(desired, memory),
        _notes(desired, memory, seen),
    )


def recovered(stack: str, found: Iterable[Found], memory: Memory) -> Memory:
    """`memory` of a lost store, refilled from the labels of the objects that hold data."""
    traces = list(memory.traces)
    bindings, salts = dict(memory.bindings), dict(memory.salts)
    for each in found:
        resource = each.labels.get(RESOURCE, "")
        if each.labels.get(STACK) != stack or not resource:
            continue
        if memory.find(each.kind, each.place, each.name) is None:
            traces.append(_trace(each, resource))
        claim = each.labels.get(CLAIM)
        if claim and each.labels.get(ROLE) == "volume":
            bindings.setdefault(claim, resource.removeprefix("Volume/"))
        if INCARNATION in each.labels:
            salts.setdefault(resource, int(each.labels[INCARNATION]))
    return replace(memory, traces=tuple(traces), bindings=bindings, salts=salts)


def read_seen(memory: Memory) -> Seen:
    """The conditions as they were told last."""
    text = memory.notes.get(SEEN, "{}")
    seen: Seen = json.loads(text)
    return seen


def _trace(found: Found, resource: str) -> Trace:
    part = f"{resource}#{found.kind}:{found.labels.get(ROLE, '')}"
    return Trace(
        found.kind, found.place, found.name, part, resource, id=found.id, precious=True
    )


def _gone(plan: Plan, memory: Memory) -> Iterator[TraceKey]:
    lost = {_place_of(plan, key) for key in plan.matched.lost}
    for trace in memory.traces:
        seen = plan.observed.by_name.get(trace.key)
        unread = (trace.kind, trace.place) in plan.observed.unread
        if seen is None and not unread and trace.key not in lost:
            yield trace.key


def _place_of(plan: Plan, key: PartKey) -> TraceKey:
    named = plan.named[key]
    return (key.kind, named.place, named.name)


def _known(plan: Plan) -> Iterator[Trace]:
    for key, found in plan.matched.found.items():
        if found.name:
            named: NamedPart = plan.named[key]
            yield Trace(
                found.kind,
                found.place,
                found.name,
                str(key),
                str(key.resource),
                id=found.id,
                precious=named.kind.precious,
            )
    kinds: dict[str, Kind] = {kind.name: kind for kind in plan.kinds}
    for found in plan.matched.orphans:
        resource = found.labels.get(RESOURCE, "")
        if found.name and resource:
            yield replace(_trace(found, resource), precious=kinds[found.kind].precious)


def _bindings(desired: Desired, memory: Memory) -> dict[str, str]:
    """Old bindings stay while their volume is there: a gone claim leaves it Released."""
    volumes = {key.name for key in desired.resources if key.kind == "Volume"}
    kept = {claim: name for claim, name in memory.bindings.items() if name in volumes}
    for key, binding in desired.bindings.items():
        if binding.volume is not None:
            name = binding.volume.metadata.name
            kept = {claim: held for claim, held in kept.items() if held != name}
            kept[str(key)] = name
    return kept


def _protected(desired: Desired, memory: Memory) -> frozenset[str]:
    """Protection outlives the block that declared it; only the resource itself can lift it."""
    declared = {
        str(key)
        for key, resource in desired.resources.items()
        if getattr(resource.spec, "deletion_protection", False)
    }
    present = {str(key) for key in desired.resources}
    return frozenset(declared | (memory.protected - present))


def _notes(desired: Desired, memory: Memory, seen: Seen) -> dict[str, str]:
    notes = {
        class_note(key): str(binding.claim.spec.volume_class_name or "")
        for key, binding in desired.bindings.items()
        if binding.volume is not None
    }
    notes[SEEN] = json.dumps(seen, sort_keys=True)
    kept = {key: text for key, text in memory.notes.items() if key.startswith("keep:")}
    return {**kept, **notes}


