"""The walk: performs the steps of a plan, many at a time, and keeps going past failures.

One thread, the walker, owns all state and decides; workers only make calls. The walker hands out
steps that are free, takes their answers from a queue, and in between polls, for all objects that
are PENDING at once. What failed is retried as retry.py says, or stops the steps that need it.
Nothing here sleeps on behalf of one object.
"""

from __future__ import annotations

import contextlib
import heapq
import queue
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random

from cloudabstract.clock import Clock
from cloudabstract.engine.planning.change import Plan
from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.provider import Found, Health, PartKey

from . import retry
from .backwards import graph
from .calls import Answer
from .events import Event, Outcome
from .frontier import Frontier
from .ledger import Ledger
from .pending import Pending
from .perform import Performer
from .steps import Step

_STOPPED = "interrupted"
_SLICE = 0.05  # seconds of real time between looks at the clock while calls are under way


@dataclass(frozen=True)
class Limits:
    """How hard and how long a walk may try."""

    workers: int = 16
    patience: float = 900.0  # seconds an object may stay PENDING
    poll: float = 0.1  # seconds before the first look at PENDING objects; doubles up to 5
    once: frozenset[str] = frozenset()  # resources whose steps are tried once and no more


class Walk:
    """One walk over one plan. `found` is the world as it is known, updated as the walk goes."""

    def __init__(
        self,
        plan: Plan,
        performer: Performer,
        clock: Clock,
        report: Callable[[Event], None],
        limits: Limits,
    ) -> None:
        steps = graph(plan)
        self._performer = performer
        self._clock = clock
        self._workers = limits.workers
        self._once = limits.once
        self._author = plan.desired.author
        self._random = Random(plan.stack)
        self._frontier = Frontier(steps)
        self._ledger = Ledger(plan, steps, clock, report)
        self._pending = Pending(clock, limits.poll, limits.patience)
        self._timers: list[tuple[float, int, Step]] = []
        self._tries: Counter[int] = Counter()
        self._doubtful: set[int] = set()  # steps whose last try may have had its effect
        self._answers: queue.SimpleQueue[tuple[Step, Future[Answer]]] = queue.SimpleQueue()
        self._running = 0
        self._halt = performer.halt
        self.found: dict[PartKey, Found] = dict(plan.matched.found)
        self.timed_out = False

    def run(self) -> tuple[Outcome, ...]:
        """Perform every step; returns one outcome for each change, in the plan's order.

        Raises StoreError or LeaseError when an intent cannot be written; nothing new is begun then.
        """
        with ThreadPoolExecutor(self._workers, "apply") as pool:
            try:
                while self._frontier or self._running or self._timers or self._pending:
                    self._turn(pool)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return self._ledger.outcomes()

    @property
    def unready(self) -> tuple[str, ...]:
        """Objects that were waited for in vain though no change is about them, and why."""
        return tuple(self._ledger.unready)

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        """Hand out what is free, and take what has come."""
        if self._halt:
            self._abandon()
        for step in self._frontier.take():
            self._begin(pool, step)
        self._wait()
        self._poll()

    def _begin(self, pool: ThreadPoolExecutor, step: Step) -> None:
        broken = _STOPPED if self._halt else self._frontier.broken(step)
        if broken:
            self._ledger.skipped(step, broken)
            self._frontier.ended(step, well=False)
        elif step.verb is not None:
            self._submit(pool, step)
        elif step.found is not None:
            self._settle(step, step.found)
        else:
            self._frontier.ended(step, well=True)

    def _submit(self, pool: ThreadPoolExecutor, step: Step) -> None:
        self._tries[step.number] += 1
        if self._tries[step.number] == 1:
            self._ledger.started(step)
        self._running += 1
        look = step.number in self._doubtful
        future = pool.submit(self._performer.perform, step, self.found, look)
        future.add_done_callback(partial(_answered, self._answers, step))

    def _wait(self) -> None:
        """Until an answer comes, or something is due."""
        if self._frontier:
            return
        if self._running:
            with contextlib.suppress(queue.Empty):
                self._take(*self._answers.get(timeout=_SLICE))
        elif self._timers or self._pending:
            due = [timer[0] for timer in self._timers[:1]] + self._pending.due()
            self._clock.sleep(max(0.0, min(due) - self._clock.now()), self._halt.asked)
        while self._timers and self._timers[0][0] <= self._clock.now():
            self._frontier.again(heapq.heappop(self._timers)[2])

    def _take(self, step: Step, future: Future[Answer]) -> None:
        self._running -= 1
        answer = future.result()
        if answer.halted:
            self._skip(step)
        elif answer.failure is not None:
            self._failed(step, answer.failure)
        elif answer.found is None or step.named is None:
            self._done(step)
        else:
            self._settle(step, answer.found)

    def _settle(self, step: Step, found: Found) -> None:
        """An object that exists: ready, broken, or to be waited for."""
        if step.named is not None:
            self.found[step.named.key] = found
        if found.health is Health.PENDING:
            self._await(step, found)
            return
        if found.health is Health.FAILED:
            text = found.reason or "the target says that it failed"
            self._give_up(step, Failure(ErrorCode.INVALID, text, remedy=_remedy(step)), found)
            return
        blame = self._performer.contradiction(step, found, self.found)
        if blame is not None:
            self._give_up(step, blame)
            return
        self._done(step)

    def _await(self, step: Step, found: Found) -> None:
        self._pending.add(step, found)
        self._ledger.waiting(step, found.reason)
        if step.named is not None and step.named.kind.early:
            self._frontier.made(step)

    def _poll(self) -> None:
        """One look at every PENDING object, in as few batches as there are kinds and places."""
        if not self._pending.is_due():
            return
        seen = self._performer.look_at(self._pending.objects(), self.found)
        for step, found in self._pending.settled(seen, self._shows_its_change):
            self._settle(step, found)
        for step, found, text in self._pending.vanished():
            remedy = "apply again to make it anew"
            self._give_up(step, Failure(ErrorCode.NOT_FOUND, text, remedy=remedy), found)
        for step, text in self._pending.overdue():
            self.timed_out = True
            self._give_up(
                step, Failure(ErrorCode.NOT_YET, text, remedy="apply again to go on waiting")
            )

    def _shows_its_change(self, step: Step, found: Found) -> bool:
        """Whether an update can be seen yet: a listing may show an object as it was before."""
        stale = step.verb == "update" and self._performer.contradiction(step, found, self.found)
        return not stale

    def _failed(self, step: Step, failure: Failure) -> None:
        tries, verb = self._tries[step.number], step.verb or "update"
        lag = step.named.kind.lag if step.named is not None else 0.0
        again = retry.after(failure, tries, self._random, verb, lag)
        if again is None or self._halt or self._weary(step):
            self._give_up(step, failure)
            return
        self._doubtful.discard(step.number)
        if again.look:
            self._doubtful.add(step.number)
        heapq.heappush(self._timers, (self._clock.now() + again.delay, step.number, step))
        self._ledger.retrying(step, failure)

    def _weary(self, step: Step) -> bool:
        """Whether the resource has failed so often that one try a turn is enough."""
        return step.resource is not None and str(self._author(step.resource)) in self._once

    def _give_up(self, step: Step, failure: Failure, unready: Found | None = None) -> None:
        born = unready is not None and step.verb == "create"
        self._ledger.failed(step, failure, unready.id if unready is not None and born else "")
        self._frontier.ended(step, well=False)

    def _done(self, step: Step) -> None:
        self._ledger.done(step)
        self._frontier.ended(step, well=True)

    def _abandon(self) -> None:
        """Stopped: nothing new is begun; what is under way is still waited for."""
        for step in (*(timer[2] for timer in self._timers), *self._pending.drop()):
            self._skip(step)
        self._timers.clear()

    def _skip(self, step: Step) -> None:
        self._ledger.skipped(step, _STOPPED)
        self._frontier.ended(step, well=False)


def _remedy(step: Step) -> str:
    """What to do about an object that failed before it could be used."""
    return "remove it, and apply again to make it anew" if step.verb == "create" else ""


def _answered(
    answers: queue.SimpleQueue[tuple[Step, Future[Answer]]], step: Step, future: Future[Answer]
) -> None:
    answers.put((step, future))
