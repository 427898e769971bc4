"""A plan as a graph of steps: who must wait for whom, and whose failure stops whom. Pure.

Creates and updates go forwards along refs. Deletes go last and backwards: after every forward step,
and users of a kind before the kind. A replacement with a gap puts its delete, and the deletes of
what still uses the old object, before its create. Failure stops only what needs the failed step.

`waits` is order: the other must have ended. `needs` is more: it must have ended well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, Health, PartKey, Verb, refs

from .change import Action, Change, Plan
from .match import Matched
from .observe import levels
from .parts import NamedPart


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

    def add(self, step: Step) -> Step:
        """Append `step`, whose number must be the next one."""
        self.steps.append(step)
        return step


def graph(plan: Plan) -> Graph:
    """The steps of `plan`."""
    return _Builder(plan).build()


class _Builder:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._named = {each.key: each for each in plan.desired.parts}
        self._kinds = {kind.name: kind for kind in plan.kinds}
        self._old = _by_object(plan.matched)
        self._graph = Graph()
        self._forward: dict[PartKey, list[Step]] = defaultdict(list)
        self._gaps: list[tuple[Step, Step]] = []  # (delete, create)
        self._deletes: list[Step] = []

    def build(self) -> Graph:
        for change in self._plan.changes:
            self._add(change)
        self._await_pending()
        self._order_forward()
        early = self._order_gaps()
        self._order_deletes([step for step in self._deletes if step.number not in early])
        return self._graph

    def _add(self, change: Change) -> None:
        if change.action in (Action.DELETE, Action.RELEASE):
            verb: Verb = "delete" if change.action is Action.DELETE else "mark"
            self._deletes.append(self._step(verb, change, None, self._object(change)))
            return
        named = self._named[change.part]
        if change.action is Action.REPLACE:
            create = self._step("create", change, named)
            delete = self._step("delete", change, None, self._object(change))
            self._forward[change.part].append(create)
            self._deletes.append(delete)
            if change.gap:
                self._gaps.append((delete, create))
            return
        for verb in _forward_verbs(change):
            found = None if verb == "create" else self._existing(change)
            self._forward[change.part].append(self._step(verb, change, named, found))

    def _step(
        self,
        verb: Verb | None,
        change: Change | None,
        named: NamedPart | None,
        found: Found | None = None,
    ) -> Step:
        return self._graph.add(Step(len(self._graph.steps), verb, change, named, found))

    def _existing(self, change: Change) -> Found:
        matched = self._plan.matched
        found = matched.found.get(change.part)
        return found if found is not None else matched.released[change.part]

    def _object(self, change: Change) -> Found:
        return self._old[(change.part.kind, change.place, change.id)]

    def _await_pending(self) -> None:
        """Objects that an earlier run left PENDING are waited for like new ones."""
        for key, found in self._plan.matched.found.items():
            if found.health is Health.PENDING and key not in self._forward:
                self._forward[key].append(self._step(None, None, self._named[key], found))

    def _order_forward(self) -> None:
        for steps in self._forward.values():
            for earlier, later in pairwise(steps):
                self._graph.needs[later.number].add(earlier.number)
            for step in steps:
                for target in self._targets(step):
                    self._graph.needs[step.number].update(
                        each.number for each in self._forward.get(target, ())
                    )

    @staticmethod
    def _targets(step: Step) -> Iterator[PartKey]:
        if step.named is None:
            return
        for value in step.named.part.want.values():
            for ref in refs(value):
                yield ref.to
        yield from step.named.part.after

    def _order_gaps(self) -> set[int]:
        """Deletes that come before a create, with those of what uses the same old object."""
        early: set[int] = set()
        for delete, create in self._gaps:
            self._graph.needs[create.number].add(delete.number)
            early.add(delete.number)
            for other in self._deletes:
                if other.resource == delete.resource and self._uses(other.kind, delete.kind):
                    self._graph.needs[delete.number].add(other.number)
                    early.add(other.number)
        return early

    def _uses(self, user: str, used: str) -> bool:
        kind = self._kinds.get(user)
        if kind is None or user == used:
            return False
        return used in kind.uses or any(
            self._uses(each, used) for each in kind.uses if each != user
        )

    def _order_deletes(self, deletes: list[Step]) -> None:
        forward = [step for steps in self._forward.values() for step in steps]
        barrier = self._barrier(forward)
        users = self._users_by_resource()
        by_kind: dict[str, list[Step]] = defaultdict(list)
        for step in deletes:
            by_kind[step.kind].append(step)
        for level in reversed(levels(self._plan.kinds)):
            steps = [step for kind in level for step in by_kind.get(kind.name, ())]
            for step in steps:
                if barrier is not None:
                    self._graph.waits[step.number].add(barrier.number)
                if step.resource is not None:
                    self._graph.needs[step.number].update(users.get(step.resource, ()))
            barrier = self._barrier(steps, barrier) or barrier

    def _barrier(self, steps: Iterable[Step], after: Step | None = None) -> Step | None:
        """A step that does nothing and ends when all of `steps` have."""
        waits = {step.number for step in steps}
        if not waits:
            return None
        barrier = self._step(None, None, None)
        self._graph.waits[barrier.number] |= waits
        if after is not None:
            self._graph.waits[barrier.number].add(after.number)
        return barrier

    def _users_by_resource(self) -> Mapping[ResourceKey, set[int]]:
        """Resource -> forward steps of its own parts and of parts that point at them."""
        users: dict[ResourceKey, set[int]] = defaultdict(set)
        for steps in self._forward.values():
            for step in steps:
                if step.resource is not None:
                    users[step.resource].add(step.number)
                for target in self._targets(step):
                    users[target.resource].add(step.number)
        return users


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
