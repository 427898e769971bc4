"""What has become of each change, told as events while it happens and as outcomes at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from cloudabstract.clock import Clock
from cloudabstract.engine.planning.change import Change, Plan
from cloudabstract.errors import Failure

from .events import Event, Outcome, Stage
from .steps import Graph, Step


class Ledger:
    """Keeps the books of one walk; a change is done when all of its steps are."""

    def __init__(
        self, plan: Plan, steps: Graph, clock: Clock, report: Callable[[Event], None]
    ) -> None:
        self._changes = plan.changes
        self._clock = clock
        self._report = report
        self._open: dict[str, set[int]] = defaultdict(set)
        for step in steps.steps:
            if step.change is not None:
                self._open[step.change.key].add(step.number)
        self._failures: dict[str, Failure] = {}
        self._stillborn: dict[str, str] = {}
        self._skipped: dict[str, str] = {}
        self._begun: set[str] = set()
        self._finished: set[str] = set()
        self.unready: list[str] = []  # objects that no change is about, and what is wrong

    def started(self, step: Step) -> None:
        """The first call for `step` is about to be made."""
        if step.change is not None and step.change.key not in self._begun:
            self._begun.add(step.change.key)
            self._tell(Stage.STARTED, step.change)

    def waiting(self, step: Step, reason: str) -> None:
        """The object of `step` exists and is not READY yet."""
        if step.change is not None:
            self._tell(Stage.WAITING, step.change, reason)

    def retrying(self, step: Step, failure: Failure) -> None:
        """The last try failed in a way that may pass."""
        if step.change is not None:
            self._tell(Stage.RETRYING, step.change, str(failure))

    def done(self, step: Step) -> None:
        """`step` ended well."""
        if step.change is None:
            return
        left = self._open[step.change.key]
        left.discard(step.number)
        if not left:
            self._finish(Stage.DONE, step.change)

    def failed(self, step: Step, failure: Failure, stillborn: str = "") -> None:
        """`step` failed for good, with an object that was made and never became READY, if any."""
        if step.change is not None:
            self._stillborn[step.change.key] = stillborn
            self._failures.setdefault(step.change.key, failure)
            self._finish(Stage.FAILED, step.change, str(failure))
        elif step.named is not None:
            self.unready.append(f"{step.named.key}: {failure}")

    def skipped(self, step: Step, why: str) -> None:
        """`step` was not done, because of another or because the run was stopped."""
        if step.change is not None:
            self._skipped.setdefault(step.change.key, why)
            self._finish(Stage.SKIPPED, step.change, why)
        elif step.named is not None:
            self.unready.append(f"{step.named.key}: {why}")

    def outcomes(self) -> tuple[Outcome, ...]:
        """One outcome for each change, in the plan's order."""
        return tuple(self._outcome(change) for change in self._changes)

    def _outcome(self, change: Change) -> Outcome:
        if change.key in self._failures:
            failure, stillborn = self._failures[change.key], self._stillborn[change.key]
            return Outcome(change, Stage.FAILED, failure, stillborn=stillborn)
        if change.key in self._finished and change.key not in self._skipped:
            return Outcome(change, Stage.DONE)
        return Outcome(change, Stage.SKIPPED, message=self._skipped.get(change.key, "not reached"))

    def _finish(self, stage: Stage, change: Change, message: str = "") -> None:
        if change.key not in self._finished:
            self._finished.add(change.key)
            self._tell(stage, change, message)

    def _tell(self, stage: Stage, change: Change, message: str = "") -> None:
        done, total = len(self._finished), len(self._changes)
        self._report(Event(stage, change, self._clock.now(), message, done, total))
