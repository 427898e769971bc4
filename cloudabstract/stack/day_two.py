"""What happens to a stack after its first apply: over the days and years that it lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cloudabstract.engine import Consent, Options, Report
from cloudabstract.errors import CloudAbstractError
from cloudabstract.model import Resource, ResourceKey

from .opened import Listener, Source
from .turns import Turns

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.discovering import Discovery
    from cloudabstract.engine.keeping.drift import Drift
    from cloudabstract.engine.keeping.garbage import Garbage
    from cloudabstract.engine.keeping.reconcile import Pace, Reconciler, Turned, Wishes
    from cloudabstract.store import PastCall, Revision

    Observers = tuple[Callable[[Turned], None], ...]


class DayTwo(Turns):
    """Watching, going back, and things that change hands."""

    _reconciler: Reconciler | None = None
    _stop_asked = False

    def watch(  # noqa: PLR0913  keyword-only, each a word of the command line
        self,
        source: Source | None = None,
        *,
        every: float = 30.0,
        yes: bool = False,
        prune: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
        share: bool = False,
        once: bool = False,
        metrics_port: int | None = None,
        observer: Callable[[Turned], None] | None = None,
    ) -> Turned | None:
        """Keep the stack as `source` says, or as it was applied last, until `stop` is called.

        Takes a turn every `every` seconds and when a file of the spec changes; holds the lease all
        the while, or with `share` in each turn only. `yes` and `allow_data_loss` agree to what a
        changed spec asks for; what drift would destroy takes an apply in any case. With `once` it
        returns after one turn. With `metrics_port` it serves /metrics and /healthz on loopback.

        Returns the last turn. Raises SpecError for a first spec that is not valid, LeaseError.
        """
        from cloudabstract.engine.keeping.reconcile import Pace, Wishes
        from cloudabstract.engine.keeping.watchlog import WatchLog

        self._stop_asked = False
        named, log = frozenset(allow_data_loss), WatchLog()
        wishes = Wishes(
            Options(prune, retain_data, named), Consent(yes, named), self._telling(log.event)
        )
        turns: list[Turned] = []
        pace = Pace(every=every, poll=min(1.0, every), share=share)
        own = [log.turned, _keeping(turns), *([observer] if observer is not None else [])]
        with self._telling_turns(metrics_port, every) as served:
            self._take_turns(source, pace, wishes, (*served, *own), once)
        return turns[-1] if turns else None

    def _take_turns(
        self, source: Source, pace: Pace, wishes: Wishes, observers: Observers, once: bool
    ) -> None:
        """One turn, or turns until somebody says stop; perhaps somebody has already."""
        from cloudabstract.engine.keeping.reconcile import Reconciler
        from cloudabstract.spec.changing import Files

        try:
            files = Files(_inputs(self.applied() if source is None else source))
            self._reconciler = Reconciler(self.engine, files, pace, wishes, observers)
            if self._stop_asked:
                return
            if once:
                self._reconciler.once()
            else:
                self._reconciler.run()
        finally:
            self._reconciler, self._engine = None, None  # a stopped engine makes no more calls

    def stop(self) -> None:
        """Finish the calls under way and begin no more; ends a watch. Safe in signal handlers."""
        self._stop_asked = True
        if self._reconciler is not None:
            self._reconciler.stop()
        else:
            super().stop()

    def drift(self, source: Source | None = None) -> tuple[Drift, ...]:
        """How the world differs from what was applied last, the gravest first. Reads only."""
        from cloudabstract.engine.keeping import drift as drifting

        spec = self.applied() if source is None else self.read(source).resources
        return drifting.drift(self.engine.plan(spec, Options(closely=True)))

    def rollback(  # noqa: PLR0913  keyword-only, each a word of the command line
        self,
        to: int | None = None,
        *,
        yes: bool = True,
        retain_data: bool = False,
        allow_data_loss: Iterable[str] = (),
        keep_sizes: bool = False,
        report: Listener | None = None,
    ) -> Report:
        """Apply the spec of revision `to` again; without, that of before the last change.

        With `keep_sizes` volumes that have grown since stay as large as they are, instead of
        refusing the rollback. Raises as `apply` does, and StoreError for an unknown revision.
        """
        spec = self.rollback_spec(to, keep_sizes=keep_sizes)
        return self.apply(
            spec,
            yes=yes,
            retain_data=retain_data,
            allow_data_loss=allow_data_loss,
            report=report,
            action="rollback",
        )

    def rollback_spec(self, to: int | None = None, *, keep_sizes: bool = False) -> list[Resource]:
        """What a rollback to revision `to` would apply. Raises StoreError, CloudAbstractError."""
        from .rollback import kept_sizes

        spec = self.resources_of(to if to is not None else self.rollback_target().number)
        return kept_sizes(spec, self.applied()) if keep_sizes else list(spec)

    def rollback_target(self) -> Revision:
        """The latest revision that had another spec. Raises CloudAbstractError if there is none."""
        from .rollback import target_of

        return target_of(self.history(), lambda number: self.revision(number).spec)

    def wait(
        self,
        resource: str,
        until: str,
        *,
        timeout: float = 300.0,
        seen: Callable[[str], None] | None = None,
    ) -> str:
        """Wait until `resource` (`KIND/NAME`) is `until`: a condition, a phase, or `deleted`.

        Returns what it is then. Raises TimedOutError after `timeout` seconds.
        """
        from . import waiting

        look = waiting.Look(self.status, self._clock, seen or (lambda state: None))
        return waiting.wait(look, resource, until, timeout)

    def events(self, limit: int = 100) -> tuple[PastCall, ...]:
        """The latest calls that were made for this stack, oldest first."""
        return self.store.past_calls(self.name, limit)

    def garbage(self) -> Garbage:
        """What carries the marks of stacks that this store does not know, or was released."""
        from cloudabstract.engine.keeping import garbage

        return garbage.look(self.engine)

    def collect(
        self,
        addresses: Iterable[str],
        *,
        yes: bool = True,
        allow_data_loss: Iterable[str] = (),
        report: Listener | None = None,
    ) -> Report:
        """Delete what `garbage` lists under these addresses.

        Raises ConsentError unless each that holds data is in `allow_data_loss`, too.
        """
        from cloudabstract.engine.keeping import garbage

        consent = Consent(yes, frozenset(allow_data_loss))
        return garbage.collect(self.engine, addresses, consent, self._telling(report))

    def discover(self, kinds: Iterable[str] = ()) -> tuple[Discovery, ...]:
        """What stands on the target and was made by nobody here, in portable words."""
        from cloudabstract.engine.keeping import discovering

        return discovering.discover(self.engine, kinds)

    def adopt(
        self,
        discovery: Discovery,
        resource: Resource | None = None,
        *,
        report: Listener | None = None,
    ) -> Report:
        """Put our labels on something that exists, so that the next plan is empty.

        `resource` is what it becomes; without, what `discover` said. Raises CapabilityError.
        """
        from cloudabstract.engine.keeping import adopting

        wanted = discovery.resource if resource is None else resource
        return adopting.adopt(self.engine, discovery, wanted, self._telling(report))

    def release(self, key: ResourceKey | str, *, report: Listener | None = None) -> Report:
        """Take our labels off the objects of a resource, and leave them as they are."""
        from cloudabstract.engine.keeping import adopting

        known = {str(each.key): each.key for each in self.applied()}
        found = known.get(str(key))
        if found is None:
            raise CloudAbstractError(f"{key} is not in what was applied last")
        return adopting.release(self.engine, found, self._telling(report))

    @contextmanager
    def _telling_turns(
        self, port: int | None, every: float
    ) -> Iterator[list[Callable[[Turned], None]]]:
        """What is to hear of turns: with a port, the numbers that are served there."""
        if port is None:
            yield []
            return
        from cloudabstract.engine.keeping.endpoint import Endpoint, Health
        from cloudabstract.engine.keeping.metrics import Metrics

        metrics = Metrics(self.name, self.target.name, self.target.provider.name)
        health = Health(self._clock, every)
        with Endpoint(metrics, health, port):
            yield [metrics.turned, health.turned]


def _keeping(turns: list[Turned]) -> Callable[[Turned], None]:
    def keep(turn: Turned) -> None:
        turns[:] = [turn]

    return keep


def _inputs(source: Any) -> list[object]:
    """A source as the inputs it is made of."""
    if isinstance(source, (list, tuple)):
        return list(source)
    return list(source) if hasattr(source, "resources") else [source]
