"""What a plan is expected to do, written as a test reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cloudabstract.engine import Plan


def assert_plan(
    plan: Plan,
    *,
    create: Iterable[str] = (),
    update: Iterable[str] = (),
    replace: Iterable[str] = (),
    delete: Iterable[str] = (),
) -> None:
    """Raise AssertionError unless `plan` does just this to just these resources (`KIND/NAME`).

    A resource counts under each action that is planned for any of its parts.
    """
    expected = {"create": create, "update": update, "replace": replace, "delete": delete}
    planned: defaultdict[str, set[str]] = defaultdict(set)
    for change in plan.changes:
        planned[change.action.value].add(str(plan.desired.author(change.part.resource)))
    wanted = {action: set(names) for action, names in expected.items() if set(names)}
    assert dict(planned) == wanted, f"planned: {dict(planned)}; expected: {wanted}"
