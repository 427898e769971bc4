"""Waiting for a resource to be as somebody needs it: a condition, a phase, or gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudabstract.clock import Clock
from cloudabstract.engine import Report
from cloudabstract.errors import TimedOutError
from cloudabstract.model import Status

_FIRST, _LONGEST = 1.0, 10.0  # seconds between two looks
DELETED = "deleted"


@dataclass(frozen=True)
class Look:
    """How to see what is, and whom to tell."""

    status: Callable[[], Report]
    clock: Clock
    seen: Callable[[str], None]  # told whenever the state is another


def wait(look: Look, resource: str, until: str, timeout: float) -> str:
    """The state of `resource` once it is `until`. Raises TimedOutError."""
    deadline, delay, told = look.clock.now() + timeout, _FIRST, ""
    while True:
        report = look.status()
        status = _status(report, resource)
        state = state_of(status, until)
        if state != told:
            told = state
            look.seen(f"{resource} is {state}")
        if met(status, until):
            return state
        left = deadline - look.clock.now()
        if left <= 0:
            raise TimedOutError(
                f"{resource} is {state}, not {until}, after {timeout:g} s\n"
                f"hint: `describe {resource}` says why; wait longer with --timeout"
            )
        look.clock.sleep(min(delay, left))
        delay = min(delay * 2, _LONGEST)


def met(status: Status | None, until: str) -> bool:
    """Whether `status` is as waited for: `Bound`, `Programmed`, `Degraded=False`, `deleted`."""
    kind, wanted = _parse(until)
    if kind.lower() == DELETED:
        return status is None or not status.external_resources
    if status is None:
        return False
    condition = status.condition(kind)
    if condition is not None:
        return condition.status == wanted
    return (status.phase or "").lower() == kind.lower() and wanted == "True"


def state_of(status: Status | None, until: str) -> str:
    """What it is now, in the terms of what is waited for."""
    if status is None:
        return "not there"
    kind, _ = _parse(until)
    condition = status.condition(kind)
    if condition is not None:
        why = f" ({condition.reason})" if condition.reason else ""
        return f"{kind}={condition.status}{why}"
    return status.phase or ("there" if status.external_resources else "not there")


def _parse(until: str) -> tuple[str, str]:
    """(condition or phase, status): `condition=Programmed` and `phase=Bound` as kubectl has it."""
    text = until.strip()
    for prefix in ("condition=", "phase="):
        text = text.removeprefix(prefix)
    kind, _, wanted = text.partition("=")
    return kind, wanted.capitalize() if wanted else "True"


def _status(report: Report, resource: str) -> Status | None:
    try:
        return report[resource]
    except KeyError:
        return None
