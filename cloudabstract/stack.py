"""`Stack`: the Python face of everything. The command line is a thin layer over it.

    stack = Stack("shop", target="prod")
    plan = stack.plan("shop.yaml")          # path, folder, "-", or a list of model objects
    report = stack.apply(plan)
    report["LoadBalancer/web"].addresses

A stack owns what it made on its target, and nothing else. Configuration is found as the command
line finds it, or passed in. Calling `apply` or `delete` agrees to destructive steps, as saying so
in code is saying it; the loss of data has to be agreed to by name all the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cloudabstract import engine as engines
from cloudabstract import spec as specs
from cloudabstract.clock import Clock, SystemClock
from cloudabstract.engine import Consent, Event, Options, Plan, Report, Settings, located
from cloudabstract.engine import saved as saving
from cloudabstract.engine.saved import Saved
from cloudabstract.errors import ConfigError
from cloudabstract.model import Resource, wire
from cloudabstract.plugins import Plugins
from cloudabstract.provider import Finding
from cloudabstract.spec import config as configuration
from cloudabstract.spec.config import Config
from cloudabstract.store import RecordedRevision, Revision, Store
from cloudabstract.target import Target

if TYPE_CHECKING:
    from cloudabstract.spec import Spec

Source = Any  # str | os.PathLike | Resource | Mapping, or a sequence of those, or a Spec
Listener = Callable[[Event], None]


class Stack:
    """The resources of one owner on one target."""

    def __init__(  # noqa: PLR0913  all have defaults; each is one line of configuration
        self,
        name: str | None = None,
        target: str | None = None,
        *,
        config: Config | str | os.PathLike[str] | Mapping[str, Any] | None = None,
        store: str | os.PathLike[str] | None = None,
        settings: Settings | None = None,
        clock: Clock | None = None,
        plugins: Plugins | None = None,
    ) -> None:
        """Open a stack; nothing is read or written yet.

        `config` is a Config, the path of a cloudabstract.yaml, or its contents as a mapping.
        Raises ConfigError when configuration, name and target do not fit together.
        """
        path = None if store is None else os.fspath(store)
        self.config = configuration.choose(config, configuration.Flags(name, target, path))
        self.name = self.config.stack
        self._plugins = plugins or Plugins(self.config.plugins)
        self.target = Target.open(self.config.chosen, self._plugins)
        self._settings = settings
        self._clock = clock or SystemClock()
        self._store: Store | None = None
        self._engine: engines.Engine | None = None

    def read(self, source: Source) -> Spec:
        """The spec in `source`. Raises SpecError with every problem at once."""
        if isinstance(source, specs.Spec):
            return source
        return specs.read(source).require()

    def plan(
        self,
        source: Source,
        *,
        prune: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
    ) -> Plan:
        """What would be done for `source`. Nothing is changed.

        Raises SpecError, CallError. What the target cannot do is in `plan.rejections`.
        """
        options = Options(prune, retain_data, frozenset(allow_data_loss))
        return self.engine.plan(self.read(source).resources, options)

    def apply(  # noqa: PLR0913  keyword-only, each a word of the command line
        self,
        source: Plan | Saved | Source,
        *,
        yes: bool = True,
        prune: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
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
        options = Options(prune, retain_data, consent.data_loss)
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

    def unlock(self, fence: int) -> None:
        """Take the lease away from its holder. Raises LeaseError unless `fence` holds it."""
        self.store.break_lease(self.name, fence)

    def doctor(self) -> tuple[Finding, ...]:
        """What the target says of itself: identity, permissions, tools."""
        return tuple(self.target.session.checkup())

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

    def stop(self) -> None:
        """Finish the calls under way and begin no more; safe from a signal handler."""
        if self._engine is not None:
            self._engine.stop()

    def close(self) -> None:
        """Close the session and the store; a second call does nothing."""
        self._engine = None
        self.target.close()
        if self._store is not None:
            self._store.close()
            self._store = None

    def __enter__(self) -> Stack:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The open store. Raises StoreError when it cannot be used."""
        if self._store is None:
            self._store = Store.open(self.config.store, self._clock)
        return self._store

    @property
    def engine(self) -> engines.Engine:
        """The engine for this stack on its target; connects on first use."""
        if self._engine is None:
            self._engine = engines.Engine(
                self.target.provider,
                self.target.session,
                self.store,
                stack=self.name,
                clock=self._clock,
                target=self.target.name,
                settings=self._settings,
                policy=self._plugins.check_plan,
            )
        return self._engine

    def _telling(self, report: Listener | None) -> Listener:
        def tell(event: Event) -> None:
            self._plugins.report(event)
            if report is not None:
                report(event)

        return tell
