"""The engine: composes the stages for one stack on one target. Everything it does is in them.

plan     survey, resolve, observe, plan: reads only
apply    takes the lease; plans again and refuses if the world has moved on; walks; records
run      plan and apply in one turn, under one lease
look     the status of everything, without changing anything
"""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cloudabstract.clock import Clock
from cloudabstract.errors import LeaseError, Problem, StaleError
from cloudabstract.model import Resource
from cloudabstract.provider import Found, Objection, PartKey, Provider, Session
from cloudabstract.store import Held, Memory, Store

from . import learn, stale
from .aftermath import looked_again
from .calls import Calls
from .change import Options, Plan
from .consent import Consent, as_problem, require
from .events import Event, Outcome, Report
from .halt import Halt
from .pacing import Pacer
from .perform import Performer
from .record import Author, Records
from .saved import Saved
from .status import World, statuses
from .turn import Stack, Turn
from .walk import Limits, Walk

_LOST = (
    "the lease of stack {stack!r} was lost in the middle of the run; no further call was begun. "
    "Run again to go on from what exists"
)


@dataclass(frozen=True)
class Settings:
    """How an engine works; the defaults suit a person at a terminal."""

    limits: Limits = field(default_factory=Limits)
    ttl: float = 60.0  # seconds a lease lasts without a heartbeat
    beat: float | None = None  # seconds between heartbeats; None: a third of ttl; 0: none
    wait: float = 0.0  # seconds to wait for a lease that another holds
    who: str = ""
    keep: int = 200  # revisions kept in history


def _ignore(event: Event) -> None:
    """Nobody listens."""


def _no_policy(plan: Plan) -> Iterable[Objection]:
    """Nobody objects."""
    return ()


class Engine:
    """Plans and applies for one stack on one target. Not shared between threads."""

    def __init__(  # noqa: PLR0913  the parts it composes; all but four have defaults
        self,
        provider: Provider,
        session: Session,
        store: Store,
        *,
        stack: str,
        clock: Clock,
        target: str = "",
        settings: Settings | None = None,
        policy: Callable[[Plan], Iterable[Objection]] = _no_policy,
    ) -> None:
        self._policy = policy
        self._provider = provider
        self._session = session
        self._store = store
        self._stack = stack
        self._clock = clock
        self._settings = settings or Settings()
        names = Stack(stack, target or provider.name)
        self._turn = Turn(names, provider, session, clock, self._settings.limits.workers)
        author = Author(self._settings.who or whoami(), self._settings.keep)
        self._records = Records(store, stack, author)
        self._halt = Halt()
        self._stopped = False
        self._counted: Counter[str] = Counter()  # calls that were made before this turn

    def plan(self, resources: Iterable[Resource], options: Options | None = None) -> Plan:
        """What would be done for `resources`. Raises CallError when the target cannot be read."""
        return self._plan(tuple(resources), options or Options())[0]

    def apply(
        self,
        plan: Plan | Saved,
        consent: Consent | None = None,
        report: Callable[[Event], None] = _ignore,
        action: str = "apply",
        locate: Callable[[Objection], Problem] = as_problem,
    ) -> Report:
        """Do what `plan` says, if the world is still as it was when it was made.

        Raises ConsentError, CapabilityError, StaleError or LeaseError before anything is touched.
        """
        saved = plan if isinstance(plan, Saved) else Saved.of(plan)
        with self._lease() as held:
            fresh, memory = self._plan(saved.resources, saved.options)
            moved = stale.changed(saved.changes, [each.as_json() for each in fresh.changes])
            if moved:
                raise StaleError(stale.text(moved))
            require(fresh, consent or Consent(), locate)
            return self._execute(fresh, memory, held, report, action)

    def run(  # noqa: PLR0913  keyword arguments with defaults, each a word of the command line
        self,
        resources: Iterable[Resource],
        consent: Callable[[Plan], Consent],
        options: Options | None = None,
        report: Callable[[Event], None] = _ignore,
        action: str = "apply",
        locate: Callable[[Objection], Problem] = as_problem,
    ) -> Report:
        """Plan, ask `consent`, and apply under one lease, so that nothing is read twice."""
        with self._lease() as held:
            plan, memory = self._plan(tuple(resources), options or Options())
            require(plan, consent(plan), locate)
            return self._execute(plan, memory, held, report, action)

    def look(self, plan: Plan) -> Report:
        """The status of everything in `plan`, as it was found; nothing is changed."""
        return self._report(plan, (), self._records.memory(), plan.matched.found)

    def stop(self) -> None:
        """Finish the calls under way and begin no more; safe from a signal handler."""
        self._stopped = True
        self._halt.asked.set()

    def _lease(self) -> Held:
        wanted = self._settings
        return self._store.lease(
            self._stack, wanted.who or whoami(), wanted.ttl, wanted.wait, wanted.beat
        )

    def _plan(self, resources: tuple[Resource, ...], options: Options) -> tuple[Plan, Memory]:
        self._counted = Counter(self._session.calls)
        memory = self._records.memory()
        prior = {} if memory.cold else self._records.prior(resources)
        plan, memory = self._turn.take(resources, memory, prior, options)
        plan = replace(plan, options=options, calls=self._calls())
        return replace(plan, objections=(*plan.objections, *self._policy(plan))), memory

    def _execute(
        self,
        plan: Plan,
        memory: Memory,
        held: Held,
        report: Callable[[Event], None],
        action: str,
    ) -> Report:
        number = self._records.begin(plan, held, action)
        memory = self._records.settle(plan, memory, held)
        walk = self._new_walk(plan, memory, held, report)
        outcomes = walk.run()
        if self._halt.lost:
            raise LeaseError(_LOST.format(stack=self._stack))
        found = looked_again(plan, outcomes, walk.found, self._turn.observer)
        done = replace(
            self._report(plan, outcomes, memory, found),
            revision=number,
            timed_out=walk.timed_out,
            unready=walk.unready,
        )
        done = replace(done, interrupted=self._stopped and not done.ok)
        self._records.finish(done, memory, held)
        return done

    def _new_walk(
        self, plan: Plan, memory: Memory, held: Held, report: Callable[[Event], None]
    ) -> Walk:
        self._halt = Halt(held.lost)
        if self._stopped:
            self._halt.asked.set()
        journal = self._store.journal(self._stack, held.fence)
        pacer = Pacer(self._session.rates, self._clock)
        calls = Calls(self._stack, self._session, journal, memory, pacer)
        calls.halt = self._halt
        performer = Performer(
            self._stack,
            self._provider.name,
            self._session.drivers(),
            calls,
            self._turn.observer,
        )
        return Walk(plan, performer, self._clock, report, self._settings.limits)

    def _report(
        self,
        plan: Plan,
        outcomes: tuple[Outcome, ...],
        memory: Memory,
        found: Mapping[PartKey, Found],
    ) -> Report:
        world = World(
            plan.desired,
            found,
            plan.objections,
            plan.held,
            plan.matched.lost - found.keys(),
            memory.bindings,
        )
        told = statuses(world, self._provider, self._clock.now(), learn.read_seen(memory))
        return Report(plan, outcomes, told, self._calls())

    def _calls(self) -> dict[str, int]:
        """API calls of this turn, by operation."""
        return dict(Counter(self._session.calls) - self._counted)


def whoami() -> str:
    """The name of the user who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a bare container
        return "unknown"
