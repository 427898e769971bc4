"""Walks agreed plans through the choke point, and stops when told to or when the lease is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cloudabstract.clock import Clock
from cloudabstract.engine.finding.observe import Observer
from cloudabstract.engine.planning.change import Plan
from cloudabstract.errors import LeaseError
from cloudabstract.provider import Found, PartKey, Provider, Session
from cloudabstract.store import Held, Memory, Store

from .calls import Calls
from .events import Event, Outcome
from .halt import Halt
from .pacing import Pacer
from .perform import Performer
from .walk import Limits, Walk

_LOST = (
    "the lease of stack {stack!r} was lost in the middle of the run; no further call was begun. "
    "Run again to go on from what exists"
)


@dataclass(frozen=True)
class Walked:
    """What came of one walk; `found` is the world as it is known then."""

    outcomes: tuple[Outcome, ...]
    found: Mapping[PartKey, Found]
    timed_out: bool
    unready: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """Where a runner makes its calls."""

    provider: Provider
    session: Session
    store: Store
    clock: Clock


class Runner:
    """Makes the calls of plans, for one stack."""

    def __init__(self, stack: str, target: Target, eye: Observer, limits: Limits) -> None:
        self._stack = stack
        self._target = target
        self._eye = eye
        self._limits = limits
        self._halt = Halt()
        self.stopped = False

    def stop(self) -> None:
        """Finish the calls under way and begin no more; safe from a signal handler."""
        self.stopped = True
        self._halt.asked.set()

    def walk(
        self,
        plan: Plan,
        memory: Memory,
        held: Held,
        report: Callable[[Event], None],
        once: frozenset[str] = frozenset(),
    ) -> Walked:
        """Perform `plan`; what is of the resources `once` is not tried again in this walk.

        Raises LeaseError when the lease was lost on the way.
        """
        self._halt = Halt(held.lost)
        if self.stopped:
            self._halt.asked.set()
        limits = replace(self._limits, once=once)
        walk = Walk(plan, self._performer(memory, held), self._target.clock, report, limits)
        outcomes = walk.run()
        if self._halt.lost:
            raise LeaseError(_LOST.format(stack=self._stack))
        return Walked(outcomes, walk.found, walk.timed_out, walk.unready)

    def _performer(self, memory: Memory, held: Held) -> Performer:
        target = self._target
        journal = target.store.journal(self._stack, held.fence)
        pacer = Pacer(target.session.rates, target.clock)
        calls = Calls(self._stack, target.session, journal, memory, pacer)
        calls.halt = self._halt
        drivers = target.session.drivers()
        return Performer(self._stack, target.provider.name, drivers, calls, self._eye)
