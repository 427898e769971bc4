"""Objects change hands: `adopt` puts our labels on what exists, `release` takes them off again.

Neither changes anything else of an object. Both are turns like any other, narrowed to one resource:
the plan is made, its other changes are left out, the calls go through the choke point, and
history has a revision with the spec as it is then.

To adopt, the provider is asked as always which parts the resource has; those that exist are given
to the engine as external, by their ids, so that it finds them there. Afterwards it knows them by
their labels. What the resource wants and the object does not have is left to the next plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cloudabstract.engine.engine import Engine
from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.planning.change import Action, Change, LeftOut, Options, Plan, Why
from cloudabstract.engine.planning.consent import Consent
from cloudabstract.engine.planning.reasons import only_labels
from cloudabstract.engine.walking.events import Event, Report, Stage
from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import Resource, ResourceKey, Status, VolumeClass
from cloudabstract.provider import (
    Facts,
    Found,
    Kind,
    Objection,
    Part,
    PartKey,
    Provider,
    Session,
)

from .discovering import Discovery

if TYPE_CHECKING:
    Listener = Callable[[Event], None]

_LATER = "is left to the next apply"


def adopt(
    engine: Engine, discovery: Discovery, resource: Resource, report: Callable[[Event], None]
) -> Report:
    """Make the objects of `discovery` those of `resource`, which joins the stack's spec.

    Raises CapabilityError when one of them cannot change hands, LeaseError, CallError.
    """
    ids = {
        PartKey(resource.key, kind, role): found.id
        for (kind, role), found in discovery.portable.parts.items()
    }
    spec = (*(each for each in engine.records.applied() if each.key != resource.key), resource)
    with engine.holding() as held:
        adopting = engine.reading(_Adopting(engine.provider, ids))
        done = adopting.run(
            spec,
            lambda plan: Consent(yes=True),
            Options(prune=False),
            report,
            "adopt",
            narrow=lambda plan: _marking(plan, ids, spec),
        )
        failed = [each.change for each in done.outcomes if each.stage is not Stage.DONE]
        forgotten = [(each.part.kind, each.place, each.name) for each in failed]
        if forgotten:  # what is not marked is not ours, whatever the turn has learnt of it
            engine.store.settle(engine.stack, held.fence, forget=forgotten)
    return done


def release(engine: Engine, key: ResourceKey, report: Callable[[Event], None]) -> Report:
    """Let go of all objects of the resource `key`, which leaves the stack's spec.

    Raises CapabilityError when one of them cannot change hands, LeaseError, CallError.
    """
    applied = engine.records.applied()
    rest = tuple(each for each in applied if each.key != key)
    options = Options(release=frozenset({str(key)}))
    return engine.run(
        rest,
        lambda plan: Consent(yes=True),
        options,
        report,
        "release",
        narrow=lambda plan: _releasing(plan, key, rest),
    )


def _marking(plan: Plan, ids: Mapping[PartKey, str], spec: tuple[Resource, ...]) -> Plan:
    """`plan` with the adoptions alone: labels, and no other field."""
    changes = {each.part: each for each in plan.changes}
    problems, kept = [], []
    for key in ids:
        named, found = plan.named.get(key), plan.matched.found.get(key)
        change = changes.get(key)
        labels = {} if change is None else _labels(change)
        if named is None or (named.kind.identity and not labels):
            continue  # it goes with its parent, or is no part of this resource
        if found is not None and found.labels == named.labels:
            continue
        if not labels or change is None:
            problems.append(_stuck(plan, key))
            continue
        reason = "exists on the target, and nobody's"
        kept.append(replace(change, action=Action.ADOPT, fields=labels, reason=reason))
    _refuse([*problems, *_rejected(plan, {str(each.resource) for each in ids})])
    return _only(plan, kept, spec)


def _releasing(plan: Plan, key: ResourceKey, rest: tuple[Resource, ...]) -> Plan:
    """`plan` with the releases of one resource alone."""
    text = str(key)
    about = [each for each in plan.changes if text in (str(each.part.resource), each.claim)]
    problems = [_stuck(plan, each.part) for each in about if not each.disown]
    problems += [
        Problem(each.message, subject=text, field=each.field, code=each.code, remedy=_REMEDY)
        for each in plan.objections
        if each.resource in {text, *(str(it.part.resource) for it in about)}
        and each.code in ("ST002", "ST003")
    ]
    _refuse(problems)
    if not about:
        raise CapabilityError((Problem("it has no object here to let go of", subject=text),))
    return _only(plan, about, rest)


_REMEDY = "lift the protection or the policy by an apply of its own, then release it"


def _only(plan: Plan, kept: Iterable[Change], spec: tuple[Resource, ...]) -> Plan:
    chosen = tuple(kept)
    parts = {(each.part, each.id) for each in chosen}
    left = tuple(
        LeftOut(each, Why.SELECTION, _LATER)
        for each in plan.changes
        if (each.part, each.id) not in parts and not _follows(plan, each)
    )
    return replace(plan, changes=chosen, objections=(), left_out=left, spec=spec)


def _follows(plan: Plan, change: Change) -> bool:
    """Whether nothing but labels would change, which the object has from its parent."""
    named = plan.named.get(change.part)
    return named is not None and bool(named.kind.identity) and only_labels(change.fields)


def _labels(change: Change) -> dict[str, Delta]:
    return {name: it for name, it in change.fields.items() if name.startswith("labels.")}


def _stuck(plan: Plan, key: PartKey) -> Problem:
    why = plan.held.get(key, "its labels cannot change")
    return Problem(
        f"{key.kind} {key.role} cannot change hands: {why}",
        subject=str(key.resource),
        code="ST007",
        remedy="nothing was changed; tell the provider's author, or make the object anew",
    )


def _rejected(plan: Plan, resources: set[str]) -> Iterator[Problem]:
    for each in plan.rejections:
        if each.resource in resources:
            yield Problem(each.message, subject=each.resource, field=each.field, code=each.code)


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise CapabilityError(found)


class _Adopting:
    """A provider whose expansion knows the ids of objects that exist already."""

    def __init__(self, provider: Provider, ids: Mapping[PartKey, str]) -> None:
        self._provider = provider
        self._ids = ids
        self.name = provider.name
        self.kinds: tuple[Kind, ...] = provider.kinds
        self.classes: tuple[VolumeClass, ...] = provider.classes
        self.features = provider.features

    def check(self, resource: Resource) -> Iterable[Objection]:
        """As the provider does."""
        return self._provider.check(resource)

    def expand(self, resource: Resource, facts: Facts) -> Iterator[Part]:
        """As the provider does, with the ids."""
        for part in self._provider.expand(resource, facts):
            known = self._ids.get(part.key)
            yield part if known is None else replace(part, external=known)

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """As the provider does."""
        return self._provider.status(resource, found)

    def connect(self) -> Session:
        """As the provider does."""
        return self._provider.connect()
