"""Turns of a stack: plan, apply, delete, status; and what history says of earlier ones."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator

from cloudabstract.engine import Consent, Options, Plan, Report
from cloudabstract.engine.planning import located
from cloudabstract.engine.planning import saved as saving
from cloudabstract.engine.planning.saved import Saved
from cloudabstract.errors import CallError, ConfigError
from cloudabstract.model import Resource, wire
from cloudabstract.store import RecordedRevision, Revision

from .opened import Listener, Opened, Source

_log = logging.getLogger("cloudabstract.stack")


class Turns(Opened):
    """What is done to the resources of a stack, and was done."""

    def plan(  # noqa: PLR0913  keyword-only, each a word of the command line
        self,
        source: Source,
        *,
        prune: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
    ) -> Plan:
        """What would be done for `source`. Nothing is changed.

        `only` and `exclude` are keys of resources (`LoadBalancer/web`): what those of `only` need
        is taken along, what needs those of `exclude` is left out, and the plan says both.
        Raises SpecError, CallError. What the target cannot do is in `plan.rejections`.
        """
        options = _options(prune, retain_data, allow_data_loss, only, exclude)
        return self.engine.plan(self.read(source).resources, options)

    def apply(  # noqa: PLR0913  keyword-only, each a word of the command line
        self,
        source: Plan | Saved | Source,
        *,
        yes: bool = True,
        prune: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
        only: Iterable[str] = (),
        exclude: Iterable[str] = (),
        report: Listener | None = None,
        action: str = "apply",
    ) -> Report:
        """Make it so. `source` is a plan, the path of a saved plan, or anything `plan` takes.

        Raises SpecError, CapabilityError, ConsentError, StaleError, LeaseError before anything is
        touched. What fails on the way is in the report.
        """
        consent = Consent(yes, frozenset(allow_data_loss))
        told = self._telling(report)
        if isinstance(source, (Plan, Saved)):
            return self.engine.apply(source, consent, told, action)
        saved = self.saved(source)
        if saved is not None:
            return self.engine.apply(saved, consent, told, action)
        spec = self.read(source)
        options = _options(prune, retain_data, consent.data_loss, only, exclude)
        locate = located.locator(spec)
        return self.engine.run(spec.resources, lambda plan: consent, options, told, action, locate)

    def run(
        self,
        source: Source,
        consent: Callable[[Plan], Consent],
        options: Options | None = None,
        report: Listener | None = None,
        action: str = "apply",
    ) -> Report:
        """Plan, let `consent` look at the plan and decide, and apply, all under one lease."""
        spec = self.read(source)
        told = self._telling(report)
        return self.engine.run(
            spec.resources, consent, options, told, action, located.locator(spec)
        )

    def delete(
        self,
        *,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
        report: Listener | None = None,
    ) -> Report:
        """Delete everything this stack owns. Volumes stay or need their names, as in `apply`."""
        return self.apply(
            [],
            retain_data=retain_data,
            allow_data_loss=allow_data_loss,
            report=report,
            action="delete",
        )

    def status(self, source: Source | None = None) -> Report:
        """The status of everything, as found now: of `source`, or of what was applied last."""
        spec = self.applied() if source is None else self.read(source)
        return self.engine.look(self.engine.plan(spec))

    def looks(self, source: Source | None = None, *, every: float = 5.0) -> Iterator[Report]:
        """The status of everything, now and every `every` seconds, without end.

        What cannot be read is told in the log and looked at again; only the first look raises.
        """
        spec = None if source is None else self.read(source)
        yield self.status(spec)
        while True:
            self._clock.sleep(every)
            try:
                report = self.status(spec)
            except CallError as error:
                _log.warning("the target could not be read: %s", error)
                continue
            yield report

    def applied(self) -> tuple[Resource, ...]:
        """The resources of the last revision; empty when nothing was ever applied."""
        revisions = self.history()
        return self.resources_of(revisions[-1].number) if revisions else ()

    def history(self) -> tuple[Revision, ...]:
        """All revisions, oldest first."""
        return self.store.history(self.name).list()

    def revision(self, number: int) -> RecordedRevision:
        """One revision with its spec, plan and report. Raises StoreError when there is none."""
        return self.store.history(self.name).get(number)

    def resources_of(self, number: int) -> tuple[Resource, ...]:
        """The resources of revision `number`."""
        documents = json.loads(self.revision(number).spec or "[]")
        return tuple(wire.from_document(each) for each in documents)

    def saved(self, source: Source) -> Saved | None:
        """The saved plan at the path `source`, or None when it is something else.

        Raises ConfigError when it was made for another stack or target.
        """
        saved = saving.load(source)
        if saved is not None and (saved.stack, saved.target) != (self.name, self.target.name):
            raise ConfigError(
                f"the plan is for stack {saved.stack!r} on target {saved.target!r}, not for "
                f"{self.name!r} on {self.target.name!r}; name them with --stack and --target"
            )
        return saved


def _options(
    prune: bool,
    retain_data: bool,
    data_loss: Iterable[str],
    only: Iterable[str],
    exclude: Iterable[str],
) -> Options:
    chosen, left = frozenset(only), frozenset(exclude)
    return Options(prune, retain_data, frozenset(data_loss), only=chosen, exclude=left)
