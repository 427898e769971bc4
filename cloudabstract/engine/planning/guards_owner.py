"""Rules about ownership: names taken by strangers, protection, what could not be read. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import VolumeClaim
from cloudabstract.provider import CLAIM, PROTECTED, Effect, Found, Objection, Severity

from .change import Action, Change
from .guarded import Guarded, Rule


def _taken(plan: Guarded) -> Iterator[Objection]:
    for key, found in plan.matched.taken.items():
        owner = found.labels.get("stack")
        whose = f"belongs to stack {owner!r}" if owner else "was not made by any stack"
        yield Objection(
            "ST001",
            "metadata.name",
            f"{found.kind} {found.name} in {found.place} exists and {whose}",
            "rename the resource or the stack, or adopt the object",
            resource=plan.subject(key),
        )


def _protected(plan: Guarded) -> Iterator[Objection]:
    """Protection outlives the block that asked for it: only the resource itself can lift it."""
    guarded = {*_protected_objects(plan), *_protected_claims(plan)}
    for subject in sorted(guarded):
        yield Objection(
            "ST002",
            "spec.deletionProtection",
            "is protected and would be deleted",
            "apply it once with deletionProtection: false, then delete it",
            resource=subject,
        )


def _protected_objects(plan: Guarded) -> Iterator[str]:
    orphans = {(each.kind, each.place, each.id): each for each in plan.matched.orphans}
    for change in plan.changes:
        resource = plan.desired.resources.get(change.part.resource)
        if resource is not None:
            if _ends_it(change) and getattr(resource.spec, "deletion_protection", False):
                yield plan.subject(change.part)
            continue
        found = orphans.get((change.part.kind, change.place, change.id))
        marked = found is not None and _marked(plan, found)
        if marked or str(change.part.resource) in plan.memory.protected:
            yield change.claim or str(change.part.resource)


def _ends_it(change: Change) -> bool:
    """Whether the address or the data of a resource goes, though the resource stays."""
    gone = change.action in (Action.DELETE, Action.REPLACE)
    return gone and change.effect.rank >= Effect.ADDRESS.rank


def _marked(plan: Guarded, found: Found) -> bool:
    """Whether the label says so. A label that cannot change counts only if nothing is known."""
    trusted = found.kind in plan.markable or plan.memory.cold
    return trusted and found.labels.get(PROTECTED) == "true"


def _protected_claims(plan: Guarded) -> Iterator[str]:
    """Claims that are gone from the spec; the volume that each had may well stay."""
    if not plan.prune:
        return
    asked = {str(key) for key in plan.desired.asked}
    claims = {each for each in plan.memory.protected if each.startswith(f"{VolumeClaim.KIND}/")}
    if plan.memory.cold:
        claims |= {
            each.labels.get(CLAIM, "")
            for key, each in plan.held.items()
            if _marked(plan, each) and not plan.desired.resources[key].spec.deletion_protection
        }
    yield from claims - asked - {""}


def _unread(plan: Guarded) -> Iterator[Objection]:
    for key, reason in plan.matched.unread.items():
        yield Objection(
            "ST004",
            "metadata.name",
            f"{key.kind} could not be read: {reason}",
            "nothing is done about it until it can be",
            Severity.DEGRADE,
            "Unknown",
            plan.subject(key),
        )


RULES: tuple[Rule, ...] = (_taken, _protected, _unread)
