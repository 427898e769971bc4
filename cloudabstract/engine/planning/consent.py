"""What a person must agree to before a plan runs: destruction, and by name the loss of data.

A step that loses data needs two consents, the reclaim policy Delete and the resource's own name;
everything else that destroys needs one. What is protected, and what a policy objects to, is
withheld whatever anybody says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudabstract.errors import CapabilityError, ConsentError, Problem
from cloudabstract.provider import CODES, Objection

from .change import Change, Plan

_WITHHELD = frozenset({"VO012", "ST002", "ST003"})


@dataclass(frozen=True)
class Consent:
    """What was agreed to: `yes` to destructive steps, `data_loss` to resources by key."""

    yes: bool = False
    data_loss: frozenset[str] = frozenset()


def as_problem(objection: Objection) -> Problem:
    """An objection as a problem, when nothing is known of its file and line."""
    return Problem(
        objection.message,
        subject=objection.resource,
        field=objection.field,
        code=objection.code,
        remedy=objection.alternative,
    )


def require(
    plan: Plan, consent: Consent, locate: Callable[[Objection], Problem] = as_problem
) -> None:
    """Raise unless everything in `plan` is possible and agreed to.

    `locate` turns an objection into a problem with its file and line, if the caller knows them.
    Raises CapabilityError (exit 5) or ConsentError (exit 6); nothing has been touched then.
    """
    hard = [each for each in plan.rejections if not withheld(each)]
    if hard:
        raise CapabilityError(tuple(map(locate, hard)))
    if plan.rejections:
        raise ConsentError("\n".join(str(locate(each)) for each in plan.rejections))
    unnamed = losses(plan, consent)
    if unnamed:
        raise ConsentError(_loss_text(unnamed))
    if not consent.yes:
        destructive = [change for change in plan.changes if change.destructive]
        if destructive:
            raise ConsentError(_destructive_text(destructive))


def withheld(objection: Objection) -> bool:
    """Whether it is consent that is missing (exit 6), not an ability (exit 5).

    So are the objections of policies, which have codes of their own.
    """
    return objection.code in _WITHHELD or objection.code not in CODES


def losses(plan: Plan, consent: Consent) -> list[str]:
    """The resources whose data the plan loses without their having been named."""
    names = {
        change.claim or str(change.part.resource)
        for change in plan.changes
        if change.loses_data and not consent.data_loss & {change.claim, str(change.part.resource)}
    }
    return sorted(names)


def _loss_text(names: list[str]) -> str:
    flags = " ".join(f"--allow-data-loss {name}" for name in names)
    return (
        f"the data of {', '.join(names)} would be lost\n"
        f"hint: to lose it, add {flags}; to keep it, add --retain-data (the volume stays, Released)"
    )


def _destructive_text(changes: list[Change]) -> str:
    shown = "\n".join(f"  {change.action.value} {change.part}" for change in changes[:10])
    more = f"\n  and {len(changes) - 10} more" if len(changes) > 10 else ""
    return f"the plan has destructive steps:\n{shown}{more}\nhint: agree with --yes"
