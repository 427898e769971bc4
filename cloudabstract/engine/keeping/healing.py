"""What a watch may do without a person, and what it leaves out and reports. Pure.

    repaired    what is missing or differs, where its management policies allow it
    left out    what failed and is in its back-off; what the target cannot do;
                drift of a resource that says `cloudabstract.dev/drift: report`;
                steps that destroy, release, change an address or lose data

Of the last, those that a changed spec asks for are done if the watch was started with the consent
that an apply would need. Those that follow from drift are never done: they take a person's apply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cloudabstract.clock import iso
from cloudabstract.engine.planning.change import Action, Change, Plan, Why
from cloudabstract.engine.planning.consent import Consent
from cloudabstract.engine.walking import subset
from cloudabstract.engine.walking.subset import Refusal
from cloudabstract.model.annotations import DRIFT

from .backoff import Wait


def narrowed(plan: Plan, consent: Consent, waiting: Mapping[str, Wait]) -> Plan:
    """`plan` without what a watch does not do by itself."""
    return subset.without(plan, _refusing(plan, consent, waiting))


def drifted(plan: Plan) -> dict[str, int]:
    """How many objects of each resource are not as they were left, the lost ones included."""
    found: dict[str, int] = {}
    changes = (*plan.changes, *(each.change for each in plan.left_out))
    parts = {each.part for each in changes if each.drift} | plan.matched.lost
    for part in parts:
        subject = str(plan.desired.author(part.resource))
        found[subject] = found.get(subject, 0) + 1
    return found


def _refusing(
    plan: Plan, consent: Consent, waiting: Mapping[str, Wait]
) -> Callable[[Change], Refusal]:
    rejected = {each.resource: f"[{each.code}] {each.message}" for each in plan.rejections}

    def refuse(change: Change) -> Refusal:
        for subject in sorted(subset.names(plan, change)):
            if subject in rejected:
                return Why.REJECTED, rejected[subject]
            if subject in waiting:
                wait = waiting[subject]
                return Why.BACKOFF, f"failed {wait.times} times; next try at {iso(wait.until)}"
        if change.drift and _reports(plan, change):
            return Why.REPORT, "its resource wants drift reported, not repaired"
        return _withheld(plan, change, consent)

    return refuse


def _reports(plan: Plan, change: Change) -> bool:
    resource = plan.desired.asked.get(plan.desired.author(change.part.resource))
    return resource is not None and resource.metadata.annotations.get(DRIFT) == "report"


def _withheld(plan: Plan, change: Change, consent: Consent) -> Refusal:
    """Why a person must do it; None for what does no harm."""
    if change.action is Action.CREATE and change.part in plan.matched.lost:
        return Why.CONSENT, "is Lost; an empty one in its place takes a person's apply"
    if change.loses_data:
        named = consent.data_loss & subset.names(plan, change)
        if not named or not consent.yes or change.drift:
            return Why.CONSENT, "loses data"
    if change.destructive and (change.drift or not consent.yes):
        effect = change.effect.value if change.effect.rank else f"{change.action.value}s an object"
        return Why.CONSENT, f"{effect}: takes a person's apply"
    return None
