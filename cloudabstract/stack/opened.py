"""A stack that is open: its configuration, its target, its store and its engine.

Everything is opened when it is first needed, and closed with the stack.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from cloudabstract import engine as engines
from cloudabstract import spec as specs
from cloudabstract.clock import Clock, SystemClock
from cloudabstract.engine import Event, Settings
from cloudabstract.plugins import Plugins
from cloudabstract.provider import Finding
from cloudabstract.spec import config as configuration
from cloudabstract.spec.config import Config
from cloudabstract.store import Store
from cloudabstract.target import Target

if TYPE_CHECKING:
    from cloudabstract.spec import Spec

Source = Any  # str | os.PathLike | Resource | Mapping, or a sequence of those, or a Spec
Listener = Callable[[Event], None]
Self = TypeVar("Self", bound="Opened")


class Opened:
    """What every face of a stack needs."""

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

    def unlock(self, fence: int) -> None:
        """Take the lease away from its holder. Raises LeaseError unless `fence` holds it."""
        self.store.break_lease(self.name, fence)

    def doctor(self) -> tuple[Finding, ...]:
        """What the target says of itself: identity, permissions, tools."""
        return tuple(self.target.session.checkup())

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

    def __enter__(self: Self) -> Self:
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
            self._store = Store.open(self.config.store, self._clock, self.target.name)
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
        """A listener that tells the plugins, and `report`."""

        def tell(event: Event) -> None:
            self._plugins.report(event)
            if report is not None:
                report(event)

        return tell
