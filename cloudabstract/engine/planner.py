"""Desired + Observed -> Plan: what is missing, what differs, what is too much. Pure and linear.

Parts are visited in order, so that a part knows whether what it points at will be new. First the
wanted ones:

    matched     differs in a field: update; in nothing: no change
    released    ours once, kept for its data: adopt
    missing     create; if an orphan of the same role stands there: replace
    lost        held data and is gone: said, never made anew unless the user names it
    unread      nobody knows: left alone
    held        points at something that is not there and will not be: left alone

then what is ours and wanted by nobody: delete, or release where the data is to stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cloudabstract.clock import iso
from cloudabstract.model import (
    LoadBalancer,
    Resource,
    ResourceKey,
    VolumeAttributesClass,
    VolumeClass,
)
from cloudabstract.provider import (
    CLAIM,
    RECLAIM,
    Effect,
    Found,
    Kind,
    Objection,
    PartKey,
    Ref,
    Severity,
    refs,
)
from cloudabstract.store import Memory

from . import endings, fields, guards
from .change import Action, Change, Options, Plan
from .fields import Delta
from .match import Matched, match, owner, role
from .observe import Observed
from .parts import NamedPart
from .resolve import Desired


@dataclass(frozen=True)
class Question:
    """Everything a plan is made from."""

    stack: str
    target: str
    desired: Desired
    observed: Observed
    memory: Memory
    kinds: tuple[Kind, ...]
    markable: frozenset[str] = frozenset()  # kinds whose labels can change
    prior: Mapping[ResourceKey, Resource] = field(default_factory=dict)  # as last applied
    options: Options = field(default_factory=Options)


def plan(question: Question) -> Plan:
    """The plan that closes the gap between the two sides."""
    desired = question.desired
    matched = match(question.stack, desired, question.observed, question.memory)
    planner = _Planner(question, matched)
    changes = list(planner.wanted())
    changes.extend(planner.unwanted())
    guarded = guards.Guarded(desired, matched, question.memory, tuple(changes), question.prior)
    objections = (
        *desired.objections,
        *planner.objections,
        *guards.objections(guarded),
    )
    return Plan(
        question.stack,
        question.target,
        tuple(changes),
        tuple(dict.fromkeys(objections)),
        desired,
        question.observed,
        matched,
        question.kinds,
        planner.held,
    )


class _Planner:
    def __init__(self, question: Question, matched: Matched) -> None:
        self._asked = question
        self._matched = matched
        self._kinds = {kind.name: kind for kind in question.kinds}
        self._new: set[PartKey] = set()  # will be made, so its values are not known yet
        self._updated: dict[PartKey, Mapping[str, Any]] = {}
        self._replaced: set[tuple[str, str, str]] = set()
        self._old = self._orphans_by_role()
        self.objections: list[Objection] = []
        self.held: dict[PartKey, str] = {}

    def wanted(self) -> Iterator[Change]:
        """Changes to parts that the spec wants, in the order of use."""
        for named in self._asked.desired.parts:
            change = self._for_part(named)
            if change is not None:
                yield change

    def unwanted(self) -> Iterator[Change]:
        """What becomes of orphans that no replacement has taken care of."""
        rest = [
            each
            for each in self._matched.orphans
            if (each.kind, each.place, each.id) not in self._replaced
        ]
        asked = self._asked
        endings_of = endings.Endings(
            self._kinds, asked.memory, asked.desired, asked.options.prune, asked.options.retain_data
        )
        yield from endings_of.changes(rest)

    def _for_part(self, named: NamedPart) -> Change | None:
        matched, key = self._matched, named.key
        waiting = self._waiting_for(named)
        if waiting:
            self.held[key] = waiting
            return None
        if key in matched.taken:
            self.held[key] = "its name is taken"
            return None
        if key in matched.released:
            return self._adopt(named, matched.released[key], "was released by this stack before")
        found = matched.found.get(key)
        if found is not None:
            return self._differing(named, found)
        return self._missing(named)

    def _waiting_for(self, named: NamedPart) -> str:
        """Why nothing can be done about `named` now; "" when something can."""
        key = named.key
        if key in self._matched.unread:
            return f"could not be read: {self._matched.unread[key]}"
        exists = key in self._matched.found
        for ref in self._needed(named, exists):
            if ref.to in self.held:
                return f"waits for {ref.to}"
            if ref.to not in self._matched.found and ref.to not in self._new:
                return f"{ref.to} does not exist"
        return ""

    @staticmethod
    def _needed(named: NamedPart, exists: bool) -> Iterator[Ref]:
        for name, value in named.part.want.items():
            if not (exists and name in named.kind.birth):
                yield from refs(value)

    def _known(self, key: PartKey) -> Found | None:
        """What will be found of a part after this plan, as far as that is known now."""
        if key in self._new:
            return None
        found = self._matched.found.get(key)
        changed = self._updated.get(key)
        if found is None or changed is None:
            return found
        return replace(found, fields={**found.fields, **changed})

    def _differing(self, named: NamedPart, found: Found) -> Change | None:
        kind = named.kind
        wanted = {name: fields.fill(value, self._known) for name, value in named.part.want.items()}
        deltas = fields.differences(wanted, found.fields, kind.birth)
        stuck = deltas.keys() & kind.fixed
        if stuck and not named.part.external:
            return self._replace(named, found, {name: deltas[name] for name in sorted(stuck)})
        if stuck:
            self._objection("VO015", named, f"{', '.join(sorted(stuck))} cannot change in place")
            return None
        deltas |= self._label_deltas(named, found)
        if not deltas:
            return None
        if not self._may("Update", named) or self._too_early(named, found, deltas):
            return None
        self._updated[named.key] = {name: wanted[name] for name in deltas if name in wanted}
        drift = self._unchanged_since(named.key.resource)
        return Change(
            Action.UPDATE,
            named.key,
            named.place,
            named.name,
            effect=_gravest(kind, deltas),
            reason="changed outside of this stack" if drift else "the spec changed",
            fields=deltas,
            notes=_notes(named, deltas, "update."),
            id=found.id,
            version=found.version,
            drift=drift,
            precious=kind.precious,
        )

    def _too_early(self, named: NamedPart, found: Found, deltas: Mapping[str, Delta]) -> bool:
        """Whether the target refuses another change of this object for now (VO011)."""
        if found.not_before <= self._asked.options.now or _only_labels(deltas):
            return False
        when = iso(found.not_before)
        self.held[named.key] = f"cannot be modified before {when}"
        self.objections.append(
            Objection(
                "VO011",
                "spec",
                f"{named.name} cannot be modified before {when}",
                f"the first apply after {when} changes it",
                Severity.DEGRADE,
                "ModificationDelayed",
                str(self._asked.desired.author(named.key.resource)),
            )
        )
        return True

    def _label_deltas(self, named: NamedPart, found: Found) -> dict[str, Delta]:
        if named.key.kind not in self._asked.markable:
            return {}
        keys = sorted(named.labels.keys() | found.labels.keys())
        return {
            f"labels.{key}": Delta(found.labels.get(key), named.labels.get(key))
            for key in keys
            if found.labels.get(key) != named.labels.get(key)
        }

    def _missing(self, named: NamedPart) -> Change | None:
        key = named.key
        if named.part.external:
            self.held[key] = f"{named.part.external} does not exist"
            self._objection("ST005", named, f"there is no {named.part.external} in {named.place}")
            return None
        if key in self._matched.lost and not self._may_lose(named):
            self.held[key] = "lost"
            return None
        old = self._old.get((str(key.resource), key.kind, key.role))
        if old is not None:
            wanted = {name: named.part.want.get(name) for name in sorted(named.kind.fixed)}
            return self._replace(named, old, _fixed_deltas(wanted, old, self._known))
        if not self._may("Create", named):
            self.held[key] = "its management policies do not allow Create"
            return None
        self._new.add(key)
        gone = bool(self._asked.memory.of_part(str(key)))
        return Change(
            Action.CREATE,
            key,
            named.place,
            named.name,
            reason="is gone from the target" if gone else "does not exist yet",
            fields=self._all_fields(named),
            notes=_notes(named, named.part.want),
            drift=gone,
            precious=named.kind.precious,
        )

    def _replace(self, named: NamedPart, old: Found, deltas: Mapping[str, Delta]) -> Change | None:
        if not self._may("Update", named):
            return None
        self._new.add(named.key)
        self._replaced.add((old.kind, old.place, old.id))
        changed = ", ".join(deltas) or "what it points at"
        return Change(
            Action.REPLACE,
            named.key,
            named.place,
            named.name,
            effect=Effect.DATA if named.kind.precious else named.kind.ending,
            reason=f"{changed} cannot change in place",
            fields=deltas,
            notes=_notes(named, deltas),
            id=old.id,
            version=old.version,
            old_name=old.name or old.id,
            gap=named.kind.exclusive or old.name == named.name,
            precious=named.kind.precious,
            claim=old.labels.get(CLAIM, ""),
            reclaim=old.labels.get(RECLAIM, ""),
        )

    def _adopt(self, named: NamedPart, found: Found, reason: str) -> Change:
        wanted = {name: fields.fill(value, self._known) for name, value in named.part.want.items()}
        return Change(
            Action.ADOPT,
            named.key,
            named.place,
            named.name,
            reason=reason,
            fields=fields.differences(wanted, found.fields, named.kind.birth | named.kind.fixed),
            id=found.id,
            version=found.version,
            precious=named.kind.precious,
        )

    def _all_fields(self, named: NamedPart) -> dict[str, Delta]:
        filled = {name: fields.fill(value, self._known) for name, value in named.part.want.items()}
        return {name: Delta(None, fields.shown(value)) for name, value in filled.items()}

    def _orphans_by_role(self) -> dict[tuple[str, str, str], Found]:
        memory = self._asked.memory
        return {
            (owner(each, memory), each.kind, role(each, memory)): each
            for each in self._matched.orphans
        }

    def _unchanged_since(self, key: ResourceKey) -> bool:
        """Whether the spec says of `key` what it said at the last apply, classes included."""
        author, prior = self._asked.desired.author(key), self._asked.prior
        if prior.get(author, self) != self._asked.desired.asked.get(author):
            return False
        return isinstance(prior[author], LoadBalancer) or self._same_classes

    @cached_property
    def _same_classes(self) -> bool:
        kinds = (VolumeClass, VolumeAttributesClass)
        before = {key: each for key, each in self._asked.prior.items() if isinstance(each, kinds)}
        asked = self._asked.desired.asked
        return before == {key: each for key, each in asked.items() if isinstance(each, kinds)}

    def _may(self, policy: str, named: NamedPart) -> bool:
        resource = self._asked.desired.resources.get(named.key.resource)
        allowed = getattr(getattr(resource, "spec", None), "management_policies", ("*",))
        if "*" in allowed or policy in allowed:
            return True
        self.objections.append(
            Objection(
                "ST003",
                "spec.managementPolicies",
                f"{named.key} needs {policy}, which is not allowed",
                f"add {policy}",
                Severity.DEGRADE,
                "NotManaged",
                str(named.key.resource),
            )
        )
        return False

    def _may_lose(self, named: NamedPart) -> bool:
        allowed = self._asked.options.data_loss
        return bool(allowed & {str(named.key.resource), named.labels.get(CLAIM, "")})

    def _objection(self, code: str, named: NamedPart, message: str) -> None:
        self.objections.append(
            Objection(code, "spec.externalRef", message, resource=str(named.key.resource))
        )


def _gravest(kind: Kind, deltas: Iterable[str]) -> Effect:
    if _only_labels(deltas):
        return Effect.NONE
    effects = (kind.effects.get(name, Effect.IN_PLACE) for name in deltas)
    return max(effects, key=lambda effect: effect.rank)


def _only_labels(deltas: Iterable[str]) -> bool:
    return all(name.startswith("labels.") for name in deltas)


def _notes(named: NamedPart, changed: Iterable[str], also: str = "") -> tuple[str, ...]:
    """What the part says about the changed fields; `also` is a prefix of more such keys."""
    keys = [key for name in sorted(changed) for key in dict.fromkeys((name, also + name))]
    notes = named.part.notes
    return tuple(f"{key.removeprefix(also)}: {notes[key]}" for key in keys if key in notes)


def _fixed_deltas(wanted: Mapping[str, Any], old: Found, known: Any) -> dict[str, Delta]:
    filled = {name: fields.fill(value, known) for name, value in wanted.items()}
    return fields.differences(filled, old.fields, frozenset())
