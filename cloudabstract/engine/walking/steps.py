"""A plan as a graph of steps: who must wait for whom, and whose failure stops whom. Pure.

Creates and updates go forwards along refs. Deletes go last and backwards: after every forward step,
and users of a kind before the kind. A replacement with a gap puts its delete, and the deletes of
what still uses the old object, before its create. Failure stops only what needs the failed step.

`waits` is order: the other must have ended. `needs` is more: it must have ended well. A step that
does nothing stands for many others where each of many must wait for each of many, so that the
number of edges grows with the number of steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.planning.change import Action, Change, Plan
from cloudabstract.engine.planning.seats import taken_over
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, Health, PartKey, Verb


@dataclass(frozen=True)
class Step:
    """One call, or a wait for an object that is PENDING (`verb` None)."""

    number: int
    verb: Verb | None
    change: Change | None
    named: NamedPart | None = None
    found: Found | None = None

    @property
    def kind(self) -> str:
        if self.named is not None:
            return self.named.key.kind
        return self.found.kind if self.found is not None else ""

    @property
    def resource(self) -> ResourceKey | None:
        if self.named is not None:
            return self.named.key.resource
        return self.change.part.resource if self.change is not None else None


@dataclass
class Graph:
    """The steps of a plan and their edges, by step number."""

    steps: list[Step] = field(default_factory=list)
    waits: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    needs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(
        self,
        verb: Verb | None,
        change: Change | None = None,
        named: NamedPart | None = None,
        found: Found | None = None,
    ) -> Step:
        """A new step without edges."""
        step = Step(len(self.steps), verb, change, named, found)
        self.steps.append(step)
        return step

    def all_of(self, steps: Iterable[Step], well: bool) -> Step | None:
        """A step that does nothing and ends after `steps`, `well` only if they do; None of none."""
        numbers = {step.number for step in steps}
        if not numbers:
            return None
        stand_in = self.add(None)
        self.waits[stand_in.number] |= numbers
        if well:
            self.needs[stand_in.number] |= numbers
        return stand_in


@dataclass
class Drawn:
    """The steps of a plan before deletes have their place."""

    graph: Graph
    forward: dict[PartKey, list[Step]]  # in order
    deletes: list[Step]
    gaps: list[tuple[Step, Step]]  # (delete, create)


def draw(plan: Plan) -> Drawn:
    """Every step of `plan`, and the edges between forward steps."""
    return _Drawing(plan).drawn()


class _Drawing:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._old = _by_object(plan.matched)
        self._graph = Graph()
        self._forward: dict[PartKey, list[Step]] = defaultdict(list)
        self._gaps: list[tuple[Step, Step]] = []
        self._deletes: list[Step] = []

    def drawn(self) -> Drawn:
        for change in self._plan.changes:
            self._add(change)
        self._await_seats()
        self._await_pending()
        self._order_forward()
        return Drawn(self._graph, self._forward, self._deletes, self._gaps)

    def _add(self, change: Change) -> None:
        if change.action in (Action.DELETE, Action.RELEASE):
            verb: Verb = "delete" if change.action is Action.DELETE else "mark"
            self._deletes.append(self._graph.add(verb, change, None, self._object(change)))
            return
        named = self._plan.named[change.part]
        if change.action is Action.REPLACE:
            create = self._graph.add("create", change, named)
            delete = self._graph.add("delete", change, None, self._object(change))
            self._forward[change.part].append(create)
            self._deletes.append(delete)
            if change.gap:
                self._gaps.append((delete, create))
            return
        for verb in _forward_verbs(change):
            found = None if verb == "create" else self._existing(change)
            self._forward[change.part].append(self._graph.add(verb, change, named, found))

    def _existing(self, change: Change) -> Found:
        matched = self._plan.matched
        found = matched.found.get(change.part)
        return found if found is not None else matched.released[change.part]

    def _object(self, change: Change) -> Found:
        return self._old[(change.part.kind, change.old_place or change.place, change.id)]

    def _await_seats(self) -> None:
        """What takes the seat of another object comes after that is gone, as if it replaced it."""
        plan = self._plan
        deletes = {step.change.key: step for step in self._deletes if step.change is not None}
        for old, new in taken_over(plan.changes, plan.matched, plan.named):
            self._gaps.append((deletes[old.key], self._forward[new.part][0]))

    def _await_pending(self) -> None:
        """Objects that an earlier run left PENDING are waited for like new ones."""
        for key, found in self._plan.matched.found.items():
            named = self._plan.named.get(key)
            if found.health is Health.PENDING and named is not None and key not in self._forward:
                self._forward[key].append(self._graph.add(None, None, named, found))

    def _order_forward(self) -> None:
        for steps in self._forward.values():
            for earlier, later in pairwise(steps):
                self._graph.needs[later.number].add(earlier.number)
            for step in steps:
                for target in targets(step):
                    self._graph.needs[step.number].update(
                        each.number for each in self._forward.get(target, ())
                    )


def targets(step: Step) -> Iterator[PartKey]:
    """The parts that the part of `step` points at or comes after."""
    if step.named is None:
        return
    yield from (to for _, to in step.named.points)
    yield from step.named.part.after


def _by_object(matched: Matched) -> dict[tuple[str, str, str], Found]:
    known = (*matched.orphans, *matched.found.values(), *matched.released.values())
    return {(each.kind, each.place, each.id): each for each in known}


def _forward_verbs(change: Change) -> Iterator[Verb]:
    if change.action is Action.CREATE:
        yield "create"
        return
    marks = any(name.startswith("labels.") for name in change.fields)
    if marks or change.action is Action.ADOPT:
        yield "mark"
    if any(not name.startswith("labels.") for name in change.fields):
        yield "update"
