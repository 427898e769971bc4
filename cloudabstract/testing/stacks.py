"""Stacks on a memory cloud, for tests of deployments: plan, apply, look at the world, break it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudabstract.engine import Consent, Engine, Options, Plan, Report, Settings
from cloudabstract.engine.planning.consent import losses
from cloudabstract.model import Resource
from cloudabstract.store import Store

from .calls import Fault
from .faulty import FaultySession
from .memory import Cloud, MemoryProvider, MemorySettings


class MemoryStack:
    """One stack on one memory cloud. Consent is given to everything, unless a test withholds it."""

    def __init__(self, name: str, cloud: Cloud, store: Store) -> None:
        self.name = name
        self.cloud = cloud
        self._store = store

    def plan(self, resources: Iterable[Resource], options: Options | None = None) -> Plan:
        """What would be done for `resources`, the whole spec of this stack."""
        return self._engine(()).plan(tuple(resources), options)

    def apply(
        self,
        resources: Iterable[Resource],
        *faults: Fault,
        consent: Consent | None = None,
        options: Options | None = None,
    ) -> Report:
        """Plan and apply in one turn, with `faults`. Raises as the engine does, or Crash."""

        def agree(plan: Plan) -> Consent:
            return consent or Consent(True, frozenset(losses(plan, Consent())))

        return self._engine(faults).run(tuple(resources), agree, options)

    def delete(self) -> Report:
        """Let go of everything the stack owns."""
        return self.apply(())

    def _engine(self, faults: tuple[Fault, ...]) -> Engine:
        provider = MemoryProvider(MemorySettings(), self.cloud)
        session = FaultySession(provider.connect(), *faults)
        return Engine(
            provider,
            session,
            self._store,
            stack=self.name,
            clock=self.cloud.clock,
            settings=Settings(ttl=0.0, beat=0.0),
        )


@contextmanager
def stacks(cloud: Cloud, path: Path) -> Iterator[Callable[[str], MemoryStack]]:
    """A function that makes stacks on `cloud` by name; their store is at `path`."""
    with Store.open(path, cloud.clock) as store:
        yield lambda name: MemoryStack(name, cloud, store)
