"""What a turn teaches: new memory from old memory and what was seen. Pure.

A trace stays until its object is observed gone, in a place that could be read, or is not ours any
more; data that vanished stays remembered as lost, until the user lets it be made anew. Whatever
carries our labels is learnt, so that a lost store fills again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cloudabstract.engine.finding import leaving, stillborn
from cloudabstract.engine.finding.owning import Owning
from cloudabstract.engine.planning.change import Action, Plan
from cloudabstract.engine.planning.guarded import VOLUME
from cloudabstract.engine.walking.events import Outcome, Stage
from cloudabstract.engine.wanting import decided
from cloudabstract.engine.wanting.decided import Decided
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import Volume
from cloudabstract.provider import (
    CLAIM,
    INCARNATION,
    PROTECTED,
    RESOURCE,
    ROLE,
    STACK,
    Found,
    Health,
    PartKey,
)
from cloudabstract.store import Memory, Trace, TraceKey

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
    """What to remember once a plan is made."""
    bindings = _bindings(plan.desired, memory)
    return Lesson(
        tuple(_gone(plan, memory)),
        tuple(_known(plan, memory)),
        bindings,
        dict(memory.salts),
        _protected(plan, memory),
        {
            **_notes(plan.desired, bindings, memory, seen),
            **leaving.write(plan.observed.leaving),
            **stillborn.write(_never_ready(plan, memory)),
        },
    )


def recovered(stack: str, found: Iterable[Found], memory: Memory) -> Memory:
    """`memory` of a lost store, refilled from the labels of the objects that hold data."""
    traces = list(memory.traces)
    bindings, salts = dict(memory.bindings), dict(memory.salts)
    answers: dict[str, Decided] = {}
    for each in found:
        resource = each.labels.get(RESOURCE, "")
        if each.labels.get(STACK) != stack or not resource:
            continue
        if memory.find(each.kind, each.place, each.name) is None:
            traces.append(_trace(each, resource, precious=True))
        claim = each.labels.get(CLAIM)
        if claim and each.labels.get(ROLE) == VOLUME:
            bindings.setdefault(claim, resource.removeprefix("Volume/"))
            answers[claim] = decided.of_found(each)
        incarnation = each.labels.get(INCARNATION, "")
        if incarnation.isdecimal():
            salts[resource] = max(salts.get(resource, 0), int(incarnation))
    notes = {**decided.write(answers), **memory.notes}
    return replace(memory, traces=tuple(traces), bindings=bindings, salts=salts, notes=notes)


def afterwards(memory: Memory, seen: Seen, outcomes: Iterable[Outcome]) -> dict[str, str]:
    """The notes of `memory` with what is told, and what is on its way out, after a walk."""
    done = list(outcomes)
    notes = {
        **leaving.write(leaving.read(memory) | _deleted(done)),
        **stillborn.write(stillborn.read(memory) | _failed_at_birth(done)),
    }
    return {**memory.notes, **notes, SEEN: json.dumps(seen, sort_keys=True)}


def _failed_at_birth(outcomes: Iterable[Outcome]) -> set[stillborn.Id]:
    """What a walk has made, and has seen fail."""
    return {
        (each.change.part.kind, each.change.place, each.stillborn)
        for each in outcomes
        if each.stillborn and each.change.precious
    }


def _never_ready(plan: Plan, memory: Memory) -> Iterator[stillborn.Id]:
    """What failed at its birth, is remembered, and was not seen READY since."""
    known = stillborn.read(memory)
    gone = set(_gone(plan, memory)) if known else set()
    for trace in memory.traces if known else ():
        found = plan.observed.by_id.get((trace.kind, trace.place, trace.id))
        ready = found is not None and found.health is Health.READY
        if (trace.kind, trace.place, trace.id) in known and not ready and trace.key not in gone:
            yield trace.kind, trace.place, trace.id


def _deleted(outcomes: Iterable[Outcome]) -> set[leaving.Id]:
    """What a walk has deleted."""
    return {
        (change.part.kind, change.old_place or change.place, change.id)
        for change in (each.change for each in outcomes if each.stage is Stage.DONE)
        if change.action in (Action.DELETE, Action.REPLACE)
    }


def read_seen(memory: Memory) -> Seen:
    """The conditions as they were told last."""
    seen: Seen = json.loads(memory.notes.get(SEEN, "{}"))
    return seen


def _trace(found: Found, resource: str, precious: bool) -> Trace:
    part = f"{resource}#{found.kind}:{found.labels.get(ROLE, '')}"
    return Trace(
        found.kind, found.place, found.name, part, resource, id=found.id, precious=precious
    )


def _gone(plan: Plan, memory: Memory) -> Iterator[TraceKey]:
    """Traces of what is not there, or is not ours, and was not lost with data on it."""
    ours = {(each.kind, each.place, each.id) for each in plan.matched.found.values()}
    ours |= {(each.kind, each.place, each.id) for each in plan.matched.orphans}
    stays = {_spot(plan, key) for key in plan.matched.found if key in plan.named}
    made_anew = {change.part for change in plan.changes}
    lost = {str(key) for key in plan.matched.lost - made_anew}
    for trace in memory.traces:
        namesakes = plan.observed.by_name.get(trace.key, ())
        there = any((each.kind, each.place, each.id) in ours for each in namesakes)
        there = there or (trace.kind, trace.place, trace.id) in ours
        unread = (trace.kind, trace.place) in plan.observed.unread
        if not (there or unread or trace.key in stays or trace.part in lost):
            yield trace.key


def _spot(plan: Plan, key: PartKey) -> TraceKey:
    named = plan.named[key]
    return (key.kind, named.place, named.name)


def _known(plan: Plan, memory: Memory) -> Iterator[Trace]:
    """Traces of all that is ours, as far as memory does not have them just so."""
    kinds = {kind.name: kind for kind in plan.kinds}
    moved = {*plan.desired.moves.to.values()}  # not stored under their new names yet
    used = Counter((each.kind, each.place, each.name) for each in plan.matched.found.values())
    for key, found in plan.matched.found.items():
        named = plan.named.get(key)
        name = found.name
        if named is not None and (not name or used[found.kind, found.place, name] > 1):
            name = named.name  # what was adopted may have no name, or one that others have, too
        precious = kinds[found.kind].precious
        trace = Trace(
            found.kind, found.place, name, str(key), str(key.resource), found.id, precious=precious
        )
        if key.resource in moved or _is_news(trace, memory):
            yield trace
    owning = Owning(plan.stack, memory, plan.desired.moves)
    for found in plan.matched.orphans:
        resource = owning.resource(found)
        trace = _trace(found, resource, kinds[found.kind].precious)
        if found.name and resource and _is_news(trace, memory):
            yield trace


def _is_news(trace: Trace, memory: Memory) -> bool:
    """Whether the store may not know it so; what was recovered for this turn is not stored yet."""
    known = memory.find(*trace.key)
    return memory.cold or known is None or replace(known, births=0) != trace


def _bindings(desired: Desired, memory: Memory) -> dict[str, str]:
    """Old bindings stay while their volume is there: a gone claim leaves it Released."""
    bound = {
        str(key): binding.volume.metadata.name
        for key, binding in desired.bindings.items()
        if binding.volume is not None
    }
    free = {key.name for key in desired.resources if key.kind == Volume.KIND} - {*bound.values()}
    kept = {claim: name for claim, name in memory.bindings.items() if name in free}
    return {**kept, **bound}


def _protected(plan: Plan, memory: Memory) -> frozenset[str]:
    """Protection outlives the block that declared it; only the resource itself can lift it."""
    wanted = {**plan.desired.resources, **plan.desired.asked}
    declared = {
        str(key)
        for key, resource in wanted.items()
        if getattr(resource.spec, "deletion_protection", False)
    }
    known = memory.protected
    if memory.cold:
        marked = (each for each in plan.matched.orphans if each.labels.get(PROTECTED) == "true")
        known |= {each.labels.get(RESOURCE, "") for each in marked}
    return frozenset(declared | (known - {str(key) for key in wanted}))


def _notes(
    desired: Desired, bindings: Mapping[str, str], memory: Memory, seen: Seen
) -> dict[str, str]:
    """What was decided for every claim that has or had a volume, and what was told last."""
    answers = decided.read(memory.notes, bindings)
    for key, binding in desired.bindings.items():
        volume = None if binding.volume is None else desired.resources.get(binding.volume.key)
        if isinstance(volume, Volume):
            name = str(binding.claim.spec.volume_class_name or "")
            answers[str(key)] = decided.of_volume(volume, name)
    return {**decided.write(answers), SEEN: json.dumps(seen, sort_keys=True)}
