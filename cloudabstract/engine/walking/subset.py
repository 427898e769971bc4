"""Some changes of a plan without the others, so that what is left still makes sense. Pure.

selected    those of the resources that the user names, with what they need
without     all but those that somebody refuses, and those that need one of these

A change *needs* another when its part points at an object which that one makes, when it ends an
object that the other one lets go of, and when it takes a seat that the other one leaves. What is
left out is told, each with its reason. History will say of a resource that was left out what was
applied before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from cloudabstract.engine.planning import seats
from cloudabstract.engine.planning.change import Action, Change, LeftOut, Plan, Why
from cloudabstract.model import Resource
from cloudabstract.provider import Found, Severity

from .backwards import words

Refusal = tuple[Why, str] | None
_MAKES = (Action.CREATE, Action.REPLACE, Action.ADOPT)
_ENDS = (Action.DELETE, Action.REPLACE)


def selected(plan: Plan) -> Plan:
    """`plan` as far as its options choose resources: `only` with what they need, less `exclude`."""
    only, exclude = plan.options.only, plan.options.exclude
    if not only and not exclude:
        return plan
    plan = without(plan, lambda each: _excluded(names(plan, each) & exclude))
    if not only:
        return plan
    needs = _Needs(plan)
    chosen = [each for each in plan.changes if names(plan, each) & only]
    kept = needs.closure(chosen)
    along = {_subject(plan, each) for each in kept.values()}
    narrowed = _narrowed(
        plan,
        kept.keys(),
        {each.key: (Why.SELECTION, "was not chosen") for each in plan.changes},
        only,
    )
    chosen_ones = {_subject(plan, each) for each in chosen}
    return replace(narrowed, along=tuple(sorted(along - chosen_ones)))


def without(plan: Plan, refuse: Callable[[Change], Refusal]) -> Plan:
    """`plan` without the changes that `refuse` has a reason against, and what needs them."""
    reasons: dict[str, tuple[Why, str]] = {}
    for each in plan.changes:
        refusal = refuse(each)
        if refusal is not None:
            reasons[each.key] = refusal
    if not reasons:
        return plan
    needs = _Needs(plan)
    for each, blamed in needs.broken(reasons):
        reasons[each.key] = (Why.NEEDS, f"needs {blamed.action.value} of {blamed.part}")
    kept = {each.key for each in plan.changes} - reasons.keys()
    return _narrowed(plan, kept, reasons, frozenset())


def names(plan: Plan, change: Change) -> set[str]:
    """The texts of the resources that a change is about: its own, the claim behind it."""
    resource = change.part.resource
    return {str(resource), str(plan.desired.author(resource)), change.claim} - {""}


def _subject(plan: Plan, change: Change) -> str:
    return str(plan.desired.author(change.part.resource))


def _excluded(hits: Iterable[str]) -> Refusal:
    hit = next(iter(sorted(hits)), "")
    return (Why.SELECTION, f"{hit} is excluded") if hit else None


def _narrowed(
    plan: Plan,
    kept: Iterable[str],
    reasons: Mapping[str, tuple[Why, str]],
    chosen: frozenset[str],
) -> Plan:
    keys = set(kept)
    changes = tuple(each for each in plan.changes if each.key in keys)
    left = tuple(LeftOut(each, *reasons[each.key]) for each in plan.changes if each.key not in keys)
    about = chosen.union(*(names(plan, each) for each in changes))
    objections = tuple(
        each
        for each in plan.objections
        if each.severity is not Severity.REJECT or not each.resource or each.resource in about
    )
    narrowed = replace(
        plan, changes=changes, objections=objections, left_out=(*plan.left_out, *left)
    )
    return replace(narrowed, spec=tuple(_applied(narrowed)))


def _applied(plan: Plan) -> Iterator[Resource]:
    """What the spec will be once `plan` has run: as before where something was left out."""
    left = {name for each in plan.left_out for name in names(plan, each.change)}
    for key, resource in plan.desired.asked.items():
        if str(key) not in left:
            yield resource
        elif key in plan.prior:
            yield plan.prior[key]
    for key, resource in plan.prior.items():
        if key not in plan.desired.asked and str(key) in left:
            yield resource


class _Needs:
    """Which changes of a plan need which others."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._uses = {kind.name: kind.uses for kind in plan.kinds}
        self._makers = {each.part: each for each in plan.changes if each.action in _MAKES}
        self._objects = _by_id(plan)
        self._speakers = self._by_word()
        self._leaving: defaultdict[str, list[Change]] = defaultdict(list)
        for old, new in seats.taken_over(plan.changes, plan.matched, plan.named):
            self._leaving[new.key].append(old)

    def of(self, change: Change) -> Iterator[Change]:
        """The changes without which `change` cannot be made."""
        named = self._plan.named.get(change.part)
        if named is not None and change.action is not Action.DELETE:
            for to in (*(to for _, to in named.points), *named.part.after):
                if to in self._makers:
                    yield self._makers[to]
        yield from self._leaving[change.key]
        old = self._object(change)
        if change.action in _ENDS and old is not None:
            for word in {old.id, old.name} - {""}:
                for each in self._speakers.get(word, ()):
                    uses = self._uses.get(each.part.kind, ())
                    if each.key != change.key and change.part.kind in uses:
                        yield each

    def closure(self, changes: Iterable[Change]) -> dict[str, Change]:
        """`changes` with everything that they need, by key."""
        kept: dict[str, Change] = {}
        left = list(changes)
        while left:
            change = left.pop()
            if change.key not in kept:
                kept[change.key] = change
                left.extend(self.of(change))
        return kept

    def broken(self, refused: Iterable[str]) -> Iterator[tuple[Change, Change]]:
        """(change, the one it misses) for all that need a refused change, directly or not."""
        users: defaultdict[str, list[Change]] = defaultdict(list)
        for each in self._plan.changes:
            for needed in self.of(each):
                users[needed.key].append(each)
        known = {each.key: each for each in self._plan.changes}
        gone, left = set(refused), list(refused)
        while left:
            missing = left.pop()
            for each in users[missing]:
                if each.key not in gone:
                    gone.add(each.key)
                    left.append(each.key)
                    yield each, known[missing]

    def _object(self, change: Change) -> Found | None:
        place = change.old_place or change.place
        return self._objects.get((change.part.kind, place, change.id))

    def _by_word(self) -> Mapping[str, list[Change]]:
        """Word -> the changes of objects that have it somewhere in their fields now."""
        speakers: defaultdict[str, list[Change]] = defaultdict(list)
        if not any(each.action in _ENDS for each in self._plan.changes):
            return speakers
        for change in self._plan.changes:
            found = self._object(change)
            for word in set(words(found.fields)) if found is not None else ():
                speakers[word].append(change)
        return speakers


def _by_id(plan: Plan) -> Mapping[tuple[str, str, str], Found]:
    matched = plan.matched
    known = (*matched.orphans, *matched.found.values(), *matched.released.values())
    return {(each.kind, each.place, each.id): each for each in known}
