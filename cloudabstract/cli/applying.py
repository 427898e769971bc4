"""What apply and delete share: show the plan, ask, run with progress, sum up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import documents, output, terminal
from .asking import Asking
from .progress import listener
from .render import plan as drawing
from .render import summary
from .stopping import Stopping

if TYPE_CHECKING:
    from cloudabstract.engine import Consent, Options, Plan, Report
    from cloudabstract.engine.planning.saved import Saved
    from cloudabstract.model import Resource
    from cloudabstract.spec import Spec
    from cloudabstract.stack import Stack


@dataclass(frozen=True)
class Run:
    """One apply or delete, as the command line wants it."""

    yes: bool
    data_loss: frozenset[str]
    form: str
    action: str = "apply"
    check: Callable[[Plan], None] = lambda plan: None  # raises to refuse a plan that was made
    more: Callable[[Plan], dict[str, Any]] = lambda plan: {}  # what else `-o json` tells

    def spec(self, stack: Stack, spec: Spec | list[Resource], options: Options) -> int:
        """Plan for a spec, ask, and do it; returns the exit code."""
        from cloudabstract.engine.planning import located
        from cloudabstract.spec import Spec

        given = spec if isinstance(spec, Spec) else None
        locate = located.locator(given) if given is not None else None
        with Stopping(stack.stop) as stopping:
            asking = Asking(self.yes, self.data_loss, stopping.arm)

            def consent(plan: Plan) -> Consent:
                from cloudabstract.engine.planning.consent import Consent, losses

                told = documents.plan(plan, locate, given)
                self._show(told, documents.authors(plan))
                self.check(plan)
                refused = bool(plan.rejections or losses(plan, Consent(True, self.data_loss)))
                return asking.consent(told["changes"], pointless=refused)

            report = stack.run(spec, consent, options, listener(), self.action)
            code = stopping.exit_code(report.exit_code)
        told = documents.report(report, locate, given)
        self._finish(report, {**told, **self.more(report.plan)})
        return code

    def saved(self, stack: Stack, saved: Saved) -> int:
        """Do what a saved plan says; returns the exit code."""
        told: dict[str, Any] = {
            "changes": list(saved.changes),
            "summary": documents.summary(saved.changes),
        }
        with Stopping(stack.stop) as stopping:
            self._show(told, {})
            asking = Asking(self.yes, self.data_loss | saved.options.data_loss, stopping.arm)
            consent = asking.consent(told["changes"], pointless=False)
            report = stack.apply(
                saved,
                yes=consent.yes,
                allow_data_loss=consent.data_loss,
                report=listener(),
                action=self.action,
            )
            code = stopping.exit_code(report.exit_code)
        self._finish(report, documents.report(report))
        return code

    def _show(self, told: dict[str, Any], authors: dict[str, str]) -> None:
        """The plan: as data where text is asked for, else as talk for whoever is asked."""
        if self.form == "text":
            told_text = drawing.text(told, terminal.painter(sys.stdout), authors)
            if told["changes"]:
                output.line(told_text)
            else:  # the summary says that there is nothing to do
                output.write("".join(f"{line}\n" for line in told_text.splitlines()[:-1]))
        elif terminal.can_ask() and not self.yes:
            output.say(drawing.text(told, terminal.painter(sys.stderr), authors))

    def _finish(self, report: Report, told: dict[str, Any]) -> None:
        if self.form == "text":
            if report.outcomes:
                output.line()
            output.line(summary.text(report, terminal.painter(sys.stdout)))
        else:
            output.emit(told, self.form)
