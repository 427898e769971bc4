"""The engine: composes the stages for one stack on one target. Everything it does is in them.

plan     survey, resolve, observe, plan: reads only
apply    takes the lease; plans again and refuses if the world has moved on; walks; records
run      plan and apply in one turn, under one lease
look     the status of everything, without changing anything
holding  keeps the lease over several turns, as `watch` does
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from cloudabstract.clock import Clock
from cloudabstract.engine.planning import stale
from cloudabstract.engine.planning.change import Options, Plan
from cloudabstract.engine.planning.consent import Consent, as_problem, require
from cloudabstract.engine.planning.saved import Saved
from cloudabstract.engine.walking import subset
from cloudabstract.engine.walking.aftermath import looked_again
from cloudabstract.engine.walking.events import Event, Outcome, Report
from cloudabstract.engine.walking.runner import Runner, Target, Walked
from cloudabstract.errors import Problem, StaleError
from cloudabstract.model import Resource
from cloudabstract.provider import Found, Objection, PartKey, Provider, Session
from cloudabstract.store import Held, Memory, Store

from . import learn
from .record import Author, Records
from .settings import Settings, whoami
from .status import World, statuses
from .turn import Stack, Turn


def _ignore(event: Event) -> None:
    """Nobody listens."""


def _no_policy(plan: Plan) -> Iterable[Objection]:
    """Nobody objects."""
    return ()


def _all_of(plan: Plan) -> Plan:
    """Nothing is left out."""
    return plan


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
        self.stack = stack
        self.provider = provider
        self.session = session
        self.store = store
        self.clock = clock
        self._policy = policy
        self._settings = settings or Settings()
        limits = self._settings.limits
        self._names = Stack(stack, target or provider.name)
        self.turn = Turn(self._names, provider, session, clock, limits.workers)
        where = Target(provider, session, store, clock)
        self._runner = Runner(stack, where, self.turn.observer, limits)
        author = Author(self._settings.who or whoami(), self._settings.keep)
        self.records = Records(store, stack, author)
        self._held: Held | None = None
        self._counted: Counter[str] = Counter()  # calls that were made before this turn

    def reading(self, provider: Provider) -> Engine:
        """The same engine, but for what resources are expanded to: `provider` says that."""
        other = Engine(
            provider,
            self.session,
            self.store,
            stack=self.stack,
            clock=self.clock,
            target=self.target,
            settings=self._settings,
            policy=self._policy,
        )
        other._held, other._runner = self._held, self._runner
        return other

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
        with self.lease() as held:
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
        narrow: Callable[[Plan], Plan] = _all_of,
    ) -> Report:
        """Plan, ask `consent`, and apply under one lease, so that nothing is read twice.

        `narrow` may leave changes out of the plan before anybody is asked (see `subset`).
        """
        with self.lease() as held:
            plan, memory = self._plan(tuple(resources), options or Options())
            plan = narrow(plan)
            require(plan, consent(plan), locate)
            return self._execute(plan, memory, held, report, action)

    def look(self, plan: Plan) -> Report:
        """The status of everything in `plan`, as it was found; nothing is changed."""
        return self._report(plan, (), self.records.memory(), plan.matched.found)

    @property
    def target(self) -> str:
        """The name of the target."""
        return self._names.target

    @property
    def stopped(self) -> bool:
        """Whether somebody has called `stop`."""
        return self._runner.stopped

    def stop(self) -> None:
        """Finish the calls under way and begin no more; safe from a signal handler."""
        self._runner.stop()

    @contextmanager
    def holding(self) -> Iterator[Held]:
        """Hold the lease meanwhile, over as many turns as are taken. Raises LeaseError."""
        with self.lease() as held:
            before, self._held = self._held, held
            try:
                yield held
            finally:
                self._held = before

    def lease(self) -> AbstractContextManager[Held]:
        """The lease for one turn: the one that is held already, or a new one."""
        if self._held is not None:
            return nullcontext(self._held)
        wanted = self._settings
        who = wanted.who or whoami()
        return self.store.lease(self.stack, who, wanted.ttl, wanted.wait, wanted.beat)

    def walk(
        self, plan: Plan, memory: Memory, held: Held, report: Callable[[Event], None] = _ignore
    ) -> Walked:
        """Make the calls of `plan` and nothing else: what it teaches is left to the caller."""
        return self._runner.walk(plan, memory, held, report, plan.options.once)

    def _plan(self, resources: tuple[Resource, ...], options: Options) -> tuple[Plan, Memory]:
        self._counted = Counter(self.session.calls)
        memory = self.records.memory()
        prior = {} if memory.cold else self.records.prior(resources)
        plan, memory = self.turn.take(resources, memory, prior, options)
        plan = replace(plan, options=options, calls=self._calls())
        plan = replace(plan, objections=(*plan.objections, *self._policy(plan)))
        return subset.selected(plan), memory

    def _execute(
        self,
        plan: Plan,
        memory: Memory,
        held: Held,
        report: Callable[[Event], None],
        action: str,
    ) -> Report:
        number = self.records.begin(plan, held, action)
        memory = self.records.settle(plan, memory, held)
        walked = self.walk(plan, memory, held, report)
        found = looked_again(plan, walked.outcomes, walked.found, self.turn.observer)
        done = replace(
            self._report(plan, walked.outcomes, memory, found),
            revision=number,
            timed_out=walked.timed_out,
            unready=walked.unready,
        )
        done = replace(done, interrupted=self.stopped and not done.ok)
        self.records.finish(done, memory, held)
        return done

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
        told = statuses(world, self.provider, self.clock.now(), learn.read_seen(memory))
        return Report(plan, outcomes, told, self._calls())

    def _calls(self) -> dict[str, int]:
        """API calls of this turn, by operation."""
        return dict(Counter(self.session.calls) - self._counted)
