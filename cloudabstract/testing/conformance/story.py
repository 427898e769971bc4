"""The life of one stack in one world, told turn by turn, each turn a process of its own.

Every turn opens the store and a session anew, plans, agrees to everything, applies, and closes. A
turn that crashes leaves the store as a kill does: what was committed by then, and nothing else.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from cloudabstract.engine import Consent, Engine, Event, Options, Plan, Report, Settings
from cloudabstract.engine.keeping import adopting, discovering
from cloudabstract.engine.keeping.discovering import Discovery
from cloudabstract.engine.planning.consent import losses
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import RELEASED, STACK, Driver, Found, Kind
from cloudabstract.store import Store
from cloudabstract.testing.calls import Call, Crash, Fault
from cloudabstract.testing.faulty import FaultySession, Record

from .bench import STACK_NAME
from .harness import Alive, Harness

T = TypeVar("T")
Resources = Iterable[Resource]


def agree(plan: Plan) -> Consent:
    """Consent to everything, each loss of data by name."""
    return Consent(yes=True, data_loss=frozenset(losses(plan, Consent())))


class Story:
    """One world and one store. Make it with `story`."""

    def __init__(self, harness: Harness, folder: Path) -> None:
        self.harness = harness
        self._store = folder / "store.db"
        self._saved = folder / "killed.db"
        self.strangers: frozenset[str] = frozenset()  # ids that are not ours and must stay
        self.record = Record()  # of the last turn
        self.unowned: list[str] = []  # what was seen without an owner, and when

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The provider's kinds by name."""
        return {kind.name: kind for kind in self.harness.provider().kinds}

    def plan(self, resources: Resources, options: Options | None = None) -> Plan:
        """What would be done; changes nothing."""
        return self._run(lambda engine: engine.plan(tuple(resources), options), ())

    def turn(
        self,
        resources: Resources,
        *faults: Fault,
        consent: Callable[[Plan], Consent] = agree,
        options: Options | None = None,
    ) -> Report:
        """Plan and apply. Raises what the engine raises."""
        asked = tuple(resources)
        return self._run(lambda engine: engine.run(asked, consent, options), faults)

    def release(self, key: ResourceKey) -> None:
        """Let go of a resource; its objects stay. Raises AssertionError when that fails."""
        report = self._run(lambda engine: adopting.release(engine, key, _ignore), ())
        assert report.ok, [str(each.failure) for each in report.failed]

    def discover(self) -> tuple[Discovery, ...]:
        """What belongs to no stack, read back."""
        return self._run(discovering.discover, ())

    def adopt(self, found: Discovery) -> None:
        """Make it ours, as it was read back. Raises AssertionError when that fails."""

        def work(engine: Engine) -> Report:
            return adopting.adopt(engine, found, found.resource, _ignore)

        report = self._run(work, ())
        assert report.ok, [str(each.failure) for each in report.failed]

    def crashes(self, resources: Resources, *faults: Fault) -> bool:
        """A turn that is to die: whether it did. The store is then as the kill left it."""
        try:
            self.turn(resources, *faults)
        except Crash:
            self.forget()
            self._saved.replace(self._store)
            return True
        return False

    def forget(self) -> None:
        """Lose the store: memory, journal and history."""
        for each in self._store.parent.glob(f"{self._store.name}*"):
            each.unlink()

    def alive(self) -> tuple[Alive, ...]:
        """Everything in the world, strangers' objects apart."""
        return tuple(each for each in self.harness.inspect() if each.id not in self.strangers)

    def owned(self, each: Alive) -> bool:
        """Whether somebody can tell whose it is; a registration is its parent's."""
        labels = each.labels
        return bool(self.kinds[each.kind].identity or STACK in labels or RELEASED in labels)

    def wait(self) -> None:
        """Until deletions that were begun are through."""
        self.harness.clock.sleep(self.harness.settling)

    def drive(self, deed: Callable[[Driver, Found], object], found: Found) -> None:
        """Do to `found` what a third party does, through a session of its own."""
        with closing(self.harness.provider().connect()) as session:
            deed(session.drivers()[found.kind], found)

    def _run(self, work: Callable[[Engine], T], faults: tuple[Fault, ...]) -> T:
        provider = self.harness.provider()
        with (
            Store.open(self._store, self.harness.clock) as store,
            closing(FaultySession(provider.connect(), *faults)) as session,
        ):
            self.record = session.record
            session.on_crash = self._save
            session.on_write = self._watch
            settings = Settings(ttl=0.0, beat=0.0, who="conformance")
            engine = Engine(
                provider,
                session,
                store,
                stack=STACK_NAME,
                clock=self.harness.clock,
                settings=settings,
            )
            return work(engine)

    def _save(self) -> None:
        """What another process can read of the store now is what a kill leaves."""
        with (
            closing(sqlite3.connect(self._store)) as now,
            closing(sqlite3.connect(self._saved)) as saved,
        ):
            now.backup(saved)

    def _watch(self, call: Call) -> None:
        """Note everything that has no owner after this call."""
        for each in self.alive():
            if not self.owned(each):
                self.unowned.append(f"{each.kind} {each.name} after {call}")


def _ignore(event: Event) -> None:
    """Nobody listens."""


@contextmanager
def story(harness: type[Harness]) -> Iterator[Story]:
    """A fresh world with an empty store, gone afterwards."""
    world = harness()
    try:
        with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
            yield Story(world, Path(folder))
    finally:
        world.close()


def check_settled(told: Story, resources: Resources, report: Report | None = None) -> None:
    """Nothing is left to do, left over, doubled, or unowned. Raises AssertionError."""
    if report is not None:
        failed = [f"{each.change.key}: {each.failure or each.message}" for each in report.failed]
        assert report.ok, f"the turn failed: {failed}"
    plan = told.plan(resources)
    assert plan.empty, f"there is still to do: {[each.key for each in plan.changes]}"
    held = {str(key): why for key, why in plan.held.items()}
    assert not held, f"parts are held back: {held}"
    kinds = told.kinds
    wanted = sorted(
        (each.key.kind, each.place, "" if each.kind.identity else each.name)
        for each in plan.desired.parts
    )
    there = [each for each in told.alive() if RELEASED not in each.labels]
    alive = sorted((each.kind, each.place, _name(each, kinds)) for each in there)
    assert alive == wanted, f"left over or missing: {_difference(alive, wanted)}"
    assert told.unowned == [], "objects without an owner"


def _name(each: Alive, kinds: dict[str, Kind]) -> str:
    return "" if kinds[each.kind].identity else each.name


def _difference(alive: list[tuple[str, str, str]], wanted: list[tuple[str, str, str]]) -> str:
    extra, missing = list(alive), list(wanted)
    for each in alive:
        if each in missing:
            missing.remove(each)
            extra.remove(each)
    return f"{extra} too much, {missing} not there"
