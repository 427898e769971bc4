"""The engine: composes the stages for one stack on one target. Everything it does is in them.

    plan     survey, resolve, observe, plan: reads only
    apply    takes the lease; plans again and refuses if the world has moved on; walks; records
    run      plan and apply in one turn, under one lease
    look     the status of everything, without changing anything
"""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cloudabstract.clock import Clock
from cloudabstract.errors import Problem, StaleError
from cloudabstract.model import Resource, ResourceKey, wire
from cloudabstract.provider import Found, Objection, PartKey, Provider, Session
from cloudabstract.store import Held, Memory, Store

from . import learn, stale
from .calls import Calls
from .change import Options, Plan
from .consent import Consent, as_problem, require
from .events import Event, Outcome, Report
from .pacing import Pacer
from .perform import Performer
from .saved import Saved
from .status import Seen, World, remembered, statuses
from .turn import Stack, Turn
from .walk import Limits, Walk


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
        self._walk: Walk | None = None
        self._stopped = False

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

    def run(
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
        return self._report(plan, (), self._store.memory(self._stack), plan.matched.found)

    def stop(self) -> None:
        """Finish the calls under way and begin no more; safe from a signal handler."""
        self._stopped = True
        if self._walk is not None:
            self._walk.stop.set()

    def _lease(self) -> Held:
        wanted = self._settings
        return self._store.lease(
            self._stack, wanted.who or whoami(), wanted.ttl, wanted.wait, wanted.beat
        )

    def _plan(self, resources: tuple[Resource, ...], options: Options) -> tuple[Plan, Memory]:
        memory = self._store.memory(self._stack)
        prior = {} if memory.cold else self._prior()
        plan, memory = self._turn.take(resources, memory, prior, options)
        plan = replace(plan, options=options)
        return replace(plan, objections=(*plan.objections, *self._policy(plan))), memory

    def _prior(self) -> Mapping[ResourceKey, Resource]:
        """The resources as they were last applied."""
        history = self._store.history(self._stack)
        revisions = history.list()
        if not revisions:
            return {}
        text = history.get(revisions[-1].number).spec
        resources = (wire.from_document(each) for each in json.loads(text or "[]"))
        return {each.key: each for each in resources}

    def _execute(
        self,
        plan: Plan,
        memory: Memory,
        held: Held,
        report: Callable[[Event], None],
        action: str,
    ) -> Report:
        number = self._begin_revision(plan, memory, held, action)
        self._settle(plan, memory, held, learn.read_seen(memory))
        walk = self._walk = self._new_walk(plan, memory, held, report)
        if self._stopped:
            walk.stop.set()
        try:
            outcomes = walk.run()
        finally:
            self._walk = None
        done = self._report(plan, outcomes, memory, walk.found)
        done = replace(
            done,
            revision=number,
            interrupted=self._stopped and not done.ok,
            timed_out=walk.timed_out,
        )
        self._record(done, memory, held)
        return done

    def _new_walk(
        self, plan: Plan, memory: Memory, held: Held, report: Callable[[Event], None]
    ) -> Walk:
        journal = self._store.journal(self._stack, held.fence)
        pacer = Pacer(self._session.rates, self._clock)
        calls = Calls(self._stack, self._session, journal, memory, pacer)
        performer = Performer(
            self._stack,
            self._provider.name,
            self._session.drivers(),
            calls,
            self._turn.observer,
        )
        walk = Walk(plan, performer, self._clock, report, self._settings.limits)
        calls.stop = walk.stop
        return walk

    def _begin_revision(self, plan: Plan, memory: Memory, held: Held, action: str) -> int:
        """A new revision, or 0 when neither the spec nor the world has changed since the last."""
        spec = spec_text(plan.desired.asked.values())
        reading = self._store.history(self._stack)
        revisions = reading.list()
        if plan.empty and revisions and reading.get(revisions[-1].number).spec == spec:
            return 0
        history = self._store.history(self._stack, held.fence)
        who = self._settings.who or whoami()
        text = json.dumps(plan.as_json(), sort_keys=True)
        return history.begin_revision(
            action, who=who, host=socket.gethostname(), spec=spec, plan=text
        )

    def _settle(self, plan: Plan, memory: Memory, held: Held, seen: Seen) -> None:
        lesson = learn.lesson(plan, memory, seen)
        self._store.settle(
            self._stack,
            held.fence,
            forget=lesson.forget,
            learn=lesson.learn,
            bindings=lesson.bindings,
            salts=lesson.salts,
            protected=lesson.protected,
            notes=lesson.notes,
        )

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
        return Report(plan, outcomes, told, dict(self._session.calls))

    def _record(self, done: Report, memory: Memory, held: Held) -> None:
        self._store.journal(self._stack, held.fence).flush()
        self._store.settle(
            self._stack,
            held.fence,
            notes={
                **learn.lesson(done.plan, memory, remembered(done.statuses)).notes,
            },
        )
        if not done.revision:
            return
        history = self._store.history(self._stack, held.fence)
        outcome = "done" if done.ok else "failed" if done.exit_code == 1 else "partial"
        summary = json.dumps(done.plan.summary, sort_keys=True)
        text = json.dumps([each.as_json() for each in done.outcomes], sort_keys=True)
        history.finish_revision(done.revision, outcome, summary, text)
        history.trim(self._settings.keep)


def spec_text(resources: Iterable[Resource]) -> str:
    """A spec as it is kept in history: every default written out, in the order of keys."""
    documents = [
        wire.to_document(each, defaults=True) for each in sorted(resources, key=lambda r: r.key)
    ]
    return json.dumps(documents, sort_keys=True)


def whoami() -> str:
    """The name of the user who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a bare container
        return "unknown"
