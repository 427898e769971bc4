"""Desired + Observed -> Plan: what is missing, what differs, what is too much. Pure and linear.

Parts are visited in order, so that a part knows whether what it points at will be new. First the
wanted ones:

    matched     differs in a field: update; in nothing: no change
    released    ours once, kept for its data: adopt
    missing     create; if an orphan of the same role stands there: replace
    lost        held data and is gone: said, never made anew unless the user names it
    unread      nobody knows: left alone
    held        points at something that is not there and will not be: left alone

then what is ours and wanted by nobody: delete, or release where it is to stay (endings.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cloudabstract.engine.finding import fields
from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.provider import CLAIM, RECLAIM, Effect, Found, Objection, PartKey

from . import endings, guards, reasons, seats
from .change import Action, Change, Plan
from .outlook import Outlook
from .permits import Permits
from .question import Question


def plan(question: Question) -> Plan:
    """The plan that closes the gap between the two sides."""
    view = question.view
    planner = _Planner(question)
    changes = tuple(planner.wanted())
    ended = endings.Endings(question, planner.spared).changes(view.matched.orphans)
    named = {each.key: each for each in view.desired.parts}
    changes = seats.told((*changes, *ended.changes), view.matched, named)
    guarded = guards.Guarded(
        view.desired,
        view.matched,
        question.memory,
        changes,
        question.prior,
        question.markable,
        question.options.prune,
    )
    objections = (
        *view.desired.objections,
        *planner.permits.objections,
        *planner.objections,
        *ended.objections,
        *guards.objections(guarded),
    )
    return Plan(
        question.stack,
        question.target,
        changes,
        tuple(dict.fromkeys(objections)),
        view.desired,
        view.observed,
        view.matched,
        question.kinds,
        planner.held,
        prior=question.prior,
    )


class _Planner:
    def __init__(self, question: Question) -> None:
        self._desired = question.view.desired
        self._matched = question.view.matched
        self._memory = question.memory
        self._markable = question.markable
        self._since = reasons.Since(question.view.desired, question.prior)
        self._outlook = Outlook(self._matched)
        self._old = {question.owning.role(each): each for each in self._matched.orphans}
        self.permits = Permits(self._desired, question.options)
        self.objections: list[Objection] = []
        self.held: dict[PartKey, str] = {}
        self.spared: set[tuple[str, str, str]] = set()  # orphans that do not end by themselves

    def wanted(self) -> Iterator[Change]:
        """Changes to parts that the spec wants, in the order of use."""
        for named in self._desired.parts:
            change = self._for_part(named)
            if change is not None:
                yield change

    def _for_part(self, named: NamedPart) -> Change | None:
        matched, key = self._matched, named.key
        waiting = self._waiting_for(named)
        if waiting:
            return self._hold(named, waiting)
        if key in matched.taken:
            return self._hold(named, "its name is taken")
        if key in matched.released:
            return self._adopt(named, matched.released[key])
        found = matched.found.get(key)
        return self._missing(named) if found is None else self._differing(named, found)

    def _hold(self, named: NamedPart, why: str) -> Change | None:
        """No change, and why. What the part would replace stays as well."""
        self.held[named.key] = why
        old = self._old.get(_role(named))
        if old is not None:
            self.spared.add((old.kind, old.place, old.id))
        return None

    def _waiting_for(self, named: NamedPart) -> str:
        """Why nothing can be done about `named` now; "" when something can."""
        key = named.key
        if key in self._matched.unread:
            return f"could not be read: {self._matched.unread[key]}"
        born = named.left_alone if key in self._matched.found else frozenset()
        for name, to in named.points:
            if name not in born and not self._outlook.exists(to):
                return f"waits for {to}" if to in self.held else f"{to} is missing"
        return ""

    def _differing(self, named: NamedPart, found: Found) -> Change | None:
        kind = named.kind
        deltas = self._outlook.differences(named, found, named.left_alone)
        stuck = deltas.keys() & kind.fixed
        if stuck and not named.part.external:
            return self._replace(named, found, _only(deltas, kind.fixed))
        if stuck:
            self._object("VO015", named, f"{', '.join(sorted(stuck))} cannot change in place")
            return None
        if kind.name in self._markable:
            deltas |= reasons.label_deltas(named, found)
        if not deltas or not self.permits.policies(named, "Update"):
            return None
        if not reasons.only_labels(deltas) and not self.permits.now(named, found):
            return self._hold(named, "cannot be modified yet")
        return self._update(named, found, deltas)

    def _update(self, named: NamedPart, found: Found, deltas: Mapping[str, Delta]) -> Change:
        wanted = self._outlook.filled(named)
        values = {name: wanted[name] for name in deltas if name in wanted}
        self._outlook.will_be_set(named.key, values)
        drift = self._since.unchanged(named.key.resource)
        return Change(
            Action.UPDATE,
            named.key,
            named.place,
            found.name or named.name,
            effect=reasons.gravest(named.kind, deltas),
            reason=self._since.why(named.key.resource, deltas),
            fields=deltas,
            notes=reasons.notes(named, deltas, "update."),
            id=found.id,
            version=found.version,
            drift=drift,
            precious=named.kind.precious,
        )

    def _missing(self, named: NamedPart) -> Change | None:
        key = named.key
        if named.part.external:
            self._object("ST005", named, f"there is no {named.part.external} in {named.place}")
            return self._hold(named, f"{named.part.external} does not exist")
        if key in self._matched.lost and not self.permits.loss(named):
            return self._hold(named, "lost")
        old = self._old.get(_role(named))
        if old is not None:
            deltas = self._outlook.differences(named, old, frozenset())
            return self._replace(named, old, _only(deltas, named.kind.fixed))
        if not self.permits.policies(named, "Create"):
            return self._hold(named, "its management policies do not allow Create")
        return self._create(named)

    def _create(self, named: NamedPart) -> Change:
        filled = self._outlook.filled(named)
        gone = any(each.id for each in self._memory.of_part(str(named.key)))
        self._outlook.will_be_made(named.key)
        return Change(
            Action.CREATE,
            named.key,
            named.place,
            named.name,
            reason="is gone from the target" if gone else "does not exist yet",
            fields={name: Delta(None, fields.shown(value)) for name, value in filled.items()},
            notes=reasons.notes(named, named.part.want),
            drift=gone,
            precious=named.kind.precious,
        )

    def _replace(self, named: NamedPart, old: Found, deltas: Mapping[str, Delta]) -> Change | None:
        if not self.permits.policies(named, "Update", "Delete"):
            return self._hold(named, "its management policies do not allow to replace it")
        self._outlook.will_be_made(named.key)
        self.spared.add((old.kind, old.place, old.id))
        moved = "its place" if old.place != named.place else "what it points at"
        return Change(
            Action.REPLACE,
            named.key,
            named.place,
            named.name,
            effect=Effect.DATA if named.kind.precious else named.kind.ending,
            reason=f"{', '.join(deltas) or moved} cannot change in place",
            fields=deltas,
            notes=reasons.notes(named, deltas),
            id=old.id,
            version=old.version,
            old_name=old.name or old.id,
            old_place=old.place,
            gap=named.kind.exclusive or (old.name, old.place) == (named.name, named.place),
            drift=self._since.unchanged(named.key.resource),
            precious=named.kind.precious,
            claim=old.labels.get(CLAIM, ""),
            reclaim=old.labels.get(RECLAIM, ""),
        )

    def _adopt(self, named: NamedPart, found: Found) -> Change | None:
        if not self.permits.policies(named, "Create"):
            return self._hold(named, "its management policies do not allow Create")
        self._outlook.will_be_adopted(named.key, found)
        return Change(
            Action.ADOPT,
            named.key,
            named.place,
            named.name,
            reason="was released by this stack before",
            fields=self._outlook.differences(named, found, named.left_alone | named.kind.fixed),
            id=found.id,
            version=found.version,
            precious=named.kind.precious,
        )

    def _object(self, code: str, named: NamedPart, message: str) -> None:
        self.objections.append(
            Objection(code, "spec.externalRef", message, resource=str(named.key.resource))
        )


def _role(named: NamedPart) -> tuple[str, str, str]:
    return (str(named.key.resource), named.key.kind, named.key.role)


def _only(deltas: Mapping[str, Delta], names: Iterable[str]) -> dict[str, Delta]:
    return {name: deltas[name] for name in sorted(names) if name in deltas}
