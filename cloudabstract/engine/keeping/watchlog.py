"""What a watch says in the log: a line a turn where something is to be said, a line a repair.

Every record carries its facts as `fields` besides its text, for logs in JSON. What stays as it was
is said once: a step that is left out, a resource that fails, a spec that cannot be read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from cloudabstract.engine.planning.change import LeftOut
from cloudabstract.engine.walking.events import Event, Stage

from .reconcile import Turned

log = logging.getLogger("cloudabstract.watch")


class WatchLog:
    """Hears events and turns, and logs them."""

    def __init__(self) -> None:
        self._left: frozenset[tuple[str, str]] = frozenset()
        self._error = ""
        self._lost: frozenset[str] = frozenset()

    def event(self, event: Event) -> None:
        """One change, when it is done, or has failed."""
        change = event.change
        fields = {
            "event": event.stage.value,
            "action": change.action.value,
            "resource": str(change.part.resource),
            "part": str(change.part),
            "name": change.name,
            "reason": change.reason,
            "drift": change.drift,
        }
        text = f"{change.action.value} {change.part} ({change.reason})"
        if event.stage is Stage.DONE:
            _say(logging.INFO, f"done: {text}", fields)
        elif event.stage is Stage.FAILED:
            _say(logging.ERROR, f"failed: {text}: {event.message}", fields)

    def turned(self, turn: Turned) -> None:
        """One turn."""
        self._trouble(turn)
        if turn.report is None:
            return
        self._left_out(turn.report.plan.left_out)
        self._vanished(turn)
        changed = bool(turn.report.outcomes)
        fields = {
            "event": "turn",
            "number": turn.number,
            "changes": len(turn.report.outcomes),
            "drift": sum(turn.drift.values()),
            "leftOut": len(turn.report.plan.left_out),
            "failing": sorted(turn.failing),
            "apiCalls": sum(turn.calls.values()),
            "seconds": round(turn.seconds, 3),
            "revision": turn.report.revision,
        }
        text = (
            f"turn {turn.number}: {fields['changes']} changed, {fields['drift']} drifted, "
            f"{fields['leftOut']} left out, {len(turn.failing)} failing, "
            f"{fields['apiCalls']} API calls"
        )
        first = turn.number == 1
        _say(logging.INFO if changed or first else logging.DEBUG, text, fields)

    def _trouble(self, turn: Turned) -> None:
        error = "" if turn.error is None else str(turn.error)
        if error and error != self._error:
            fields = {"event": "error", "number": turn.number, "error": error}
            _say(logging.ERROR, f"turn {turn.number}: {error}", fields)
        if self._error and not error:
            _say(logging.INFO, f"turn {turn.number}: well again", {"event": "well"})
        self._error = error

    def _left_out(self, left: Iterable[LeftOut]) -> None:
        known = set()
        for each in left:
            mark = (each.change.key, each.why.value)
            known.add(mark)
            if mark not in self._left:
                change = each.change
                fields = {
                    "event": "left out",
                    "why": each.why.value,
                    "action": change.action.value,
                    "resource": str(change.part.resource),
                    "part": str(change.part),
                    "name": change.name,
                    "because": each.reason,
                    "drift": change.drift,
                }
                text = f"left out: {change.action.value} {change.part}: {each.reason}"
                _say(logging.WARNING, text, fields)
        self._left = frozenset(known)

    def _vanished(self, turn: Turned) -> None:
        plan = turn.report.plan if turn.report is not None else None
        lost = (
            {str(plan.desired.author(each.resource)) for each in plan.matched.lost}
            if plan
            else set()
        )
        for each in sorted(lost - self._lost):
            text = f"{each} is Lost: its data is not there any more; nothing is made in its place"
            _say(logging.ERROR, text, {"event": "lost", "resource": each})
        self._lost = frozenset(lost)


def _say(level: int, text: str, fields: dict[str, Any]) -> None:
    log.log(level, "%s", text, extra={"fields": fields})
