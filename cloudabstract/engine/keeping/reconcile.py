"""Watching a stack: take a turn, wait, take a turn. Level-triggered: each turn looks at what is.

    turn     every `every` seconds, at once when the spec changes, and when a back-off is over
    repair   what healing.py allows; the rest is left out, told and counted
    failing  a resource that fails is left alone for a while that grows (backoff.py), and then each
             of its calls is tried once; everything else goes on meanwhile
    lease    held for the watch's whole life, with a heartbeat, or with `share` for each turn only

A spec that cannot be read leaves the last good one in force. A target that cannot be read makes the
turn fail, and the next ones come later. Only a lost lease, or a call to `stop`, ends a watch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Protocol

from cloudabstract.engine.engine import Engine
from cloudabstract.engine.planning.change import Options, Plan, Why
from cloudabstract.engine.planning.consent import Consent
from cloudabstract.engine.walking.events import Event, Report, Stage
from cloudabstract.errors import CloudAbstractError, LeaseError, RejectedError
from cloudabstract.model import Resource
from cloudabstract.store import Held

from . import healing
from .backoff import Backoff, Wait

_TURN = "the turn as a whole"  # its key among the back-offs of resources
_SWEEP = 20  # turns after which one looks everywhere again


class Source(Protocol):
    """Protocol: where the spec comes from."""

    def read(self) -> Iterable[Resource]:
        """The resources as they are now. Raises RejectedError when they are not valid."""
        ...

    def changed(self) -> bool:
        """Whether they may be others than those read last; cheap, asked often."""
        ...


@dataclass(frozen=True)
class Pace:
    """When turns are taken; times in seconds."""

    every: float = 30.0
    poll: float = 1.0  # between two looks at the spec's files while waiting
    first: float = 5.0  # what failed is left alone for so long, then twice as long ...
    longest: float = 300.0  # ... up to this
    share: bool = False  # give the lease back between turns


@dataclass(frozen=True)
class Wishes:
    """What the watch may do, and who listens."""

    options: Options = field(default_factory=Options)
    consent: Consent = field(default_factory=Consent)
    report: Callable[[Event], None] = lambda event: None


@dataclass(frozen=True)
class Turned:
    """What came of one turn."""

    number: int
    at: float  # when it ended, seconds since the epoch
    seconds: float
    report: Report | None = None
    error: CloudAbstractError | None = None
    drift: Mapping[str, int] = field(default_factory=dict)  # resource -> objects that differed
    failing: Mapping[str, Wait] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """Whether the target could be read, and nothing is failing."""
        return self.error is None and not self.failing

    @property
    def exit_code(self) -> int:
        """What a single turn exits with: as an apply; 5 and 6 for what takes a person."""
        if self.error is not None:
            return self.error.exit_code
        if self.report is None or self.report.exit_code:
            return self.report.exit_code if self.report is not None else 0
        plan = self.report.plan
        whys = {each.why for each in plan.left_out}
        if Why.REJECTED in whys:
            return 5
        return 6 if Why.CONSENT in whys or plan.matched.lost else 0


class Reconciler:
    """Keeps one stack as its spec says, until stopped. One thread; `stop` from any."""

    def __init__(
        self,
        engine: Engine,
        source: Source,
        pace: Pace | None = None,
        wishes: Wishes | None = None,
        observers: Iterable[Callable[[Turned], None]] = (),
    ) -> None:
        self._engine = engine
        self._source = source
        self._pace = pace or Pace()
        self._wishes = wishes or Wishes()
        self._observers = tuple(observers)
        self._clock = engine.clock
        self._backoff = Backoff(self._pace.first, self._pace.longest)
        self._stop = threading.Event()
        self._resources: tuple[Resource, ...] | None = None
        self._invalid: RejectedError | None = None
        self._number = 0
        self._sweep = True

    def run(self) -> None:
        """Take turns until `stop`. Raises LeaseError when another holds the stack, or took it."""
        with self._for_life() as held:
            while not self._stop.is_set():
                self.turn()
                if held is not None and held.lost.is_set():
                    raise LeaseError(f"the lease of stack {self._engine.stack!r} was lost")
                self._wait()

    def once(self) -> Turned:
        """One turn."""
        with self._for_life():
            return self.turn()

    def stop(self) -> None:
        """Finish the calls under way and end; safe from a signal handler."""
        self._stop.set()
        self._engine.stop()

    def turn(self) -> Turned:
        """Look, repair what may be repaired, and tell the observers."""
        began = self._clock.now()
        self._number += 1
        self._read()
        report: Report | None = None
        error: CloudAbstractError | None = None
        try:
            report = self._repair()
            self._backoff.succeeded(_TURN)
        except LeaseError as refused:
            if not self._pace.share or self._number == 1:
                raise
            error = refused
        except CloudAbstractError as failure:
            error = failure
            self._backoff.failed(_TURN, self._clock.now())
        turned = self._turned(began, report, error or self._invalid)
        for observer in self._observers:
            observer(turned)
        return turned

    def _read(self) -> None:
        """Read the spec anew if it may have changed; a broken one changes nothing."""
        if self._resources is not None and not self._source.changed():
            return
        try:
            self._resources = tuple(self._source.read())
            self._invalid = None
        except RejectedError as error:
            self._invalid = error
            if self._resources is None:
                raise
            return
        self._backoff.clear()
        self._sweep = True

    def _repair(self) -> Report:
        self._sweep = self._sweep or self._number % _SWEEP == 0
        options = replace(
            self._wishes.options,
            everywhere=self._sweep,
            closely=self._sweep,
            once=frozenset(self._backoff.failing),
        )
        report = self._engine.run(
            self._resources or (),
            lambda plan: self._wishes.consent,
            options,
            self._wishes.report,
            "watch",
            narrow=self._narrow,
        )
        self._sweep = False
        self._learn(report)
        return report

    def _narrow(self, plan: Plan) -> Plan:
        now = self._clock.now()
        return healing.narrowed(plan, self._wishes.consent, self._backoff.waiting(now))

    def _learn(self, report: Report) -> None:
        """Which resources fail, and which do no more."""
        author, now = report.plan.desired.author, self._clock.now()
        failed = {
            str(author(each.change.part.resource))
            for each in report.outcomes
            if each.stage is Stage.FAILED
        }
        tried = {str(author(each.change.part.resource)) for each in report.outcomes}
        waiting = {str(author(each.change.part.resource)) for each in report.plan.left_out}
        self._backoff.keep(failed | waiting)
        for key in tried - failed:
            self._backoff.succeeded(key)
        for key in failed:
            self._backoff.failed(key, now)

    def _turned(
        self, began: float, report: Report | None, error: CloudAbstractError | None
    ) -> Turned:
        now = self._clock.now()
        failing = {key: it for key, it in self._backoff.failing.items() if key != _TURN}
        drift = healing.drifted(report.plan) if report is not None else {}
        calls = dict(report.calls) if report is not None else {}
        return Turned(self._number, now, now - began, report, error, drift, failing, calls)

    def _wait(self) -> None:
        """Until the next turn is due, the spec has changed, or somebody says stop."""
        until = self._clock.now() + self._pace.every
        due = self._backoff.due()
        if due is not None:
            whole = _TURN in self._backoff.failing
            until = max(until, due) if whole else min(until, due)
        while not self._stop.is_set():
            left = until - self._clock.now()
            if left <= 0:
                return
            self._clock.sleep(min(self._pace.poll, left), self._stop)
            if self._source.changed():
                return

    def _for_life(self) -> AbstractContextManager[Held | None]:
        return nullcontext() if self._pace.share else self._engine.holding()
