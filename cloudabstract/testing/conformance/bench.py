"""A world on the bench: the engine's work done by hand, one object at a time.

Names, labels and tokens come from the engine's own pure functions, so that drivers are tried with
exactly what they will be given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import pytest

from cloudabstract.engine.finding import fields
from cloudabstract.engine.wanting import naming
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired, resolve
from cloudabstract.errors import ErrorCode
from cloudabstract.model import Resource
from cloudabstract.provider import STACK, Batch, Facts, Found, Health, Kind, PartKey, Wanted, refs
from cloudabstract.store import Memory

from .harness import Alive, Harness

T = TypeVar("T")
STACK_NAME = "conformance"
PATIENCE = 1800.0  # seconds of the world's clock
PAUSE = 2.0


class Bench:
    """One world with one session to it, and what has been made there so far."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.clock = harness.clock
        self.provider = harness.provider()
        self.session = self.provider.connect()
        self.kinds: Mapping[str, Kind] = {kind.name: kind for kind in self.provider.kinds}
        self.made: dict[PartKey, Found] = {}

    def restart(self) -> None:
        """Go on with a new session, as a process does that was started anew."""
        self.session.close()
        self.provider = self.harness.provider()
        self.session = self.provider.connect()

    def close(self) -> None:
        """Close the session and the world."""
        self.session.close()
        self.harness.close()

    def facts(self, resources: Iterable[Resource]) -> Facts:
        """What the session surveys for these resources."""
        return self.session.survey(tuple(resources))

    def desired(self, resources: Iterable[Resource]) -> Desired:
        """The parts of `resources`, named and labelled."""
        asked = tuple(resources)
        return resolve(STACK_NAME, asked, self.provider, self.facts(asked), Memory())

    def sample_of(self, kind: str) -> tuple[Desired, NamedPart]:
        """A sample with a part of that kind, and the first such part."""
        for sample in self.harness.samples().values():
            desired = self.desired(sample.resources)
            for named in desired.parts:
                if named.key.kind == kind:
                    return desired, named
        pytest.fail(f"no sample has a part of kind {kind}")

    def prepare(self, kind: str) -> Wanted:
        """Make everything that a part of that kind needs; what is wanted of the part itself."""
        desired, named = self.sample_of(kind)
        self._make_needs(desired, named)
        return self.wanted(named)

    def make(self, kind: str) -> Found:
        """One object of that kind, ready, with all that it needs."""
        return self.create(self.prepare(kind))

    def make_all(self, resources: Iterable[Resource]) -> dict[PartKey, Found]:
        """Every part of `resources`, ready."""
        for named in self.desired(resources).parts:
            self._make_part(named)
        return self.made

    def create(self, wanted: Wanted) -> Found:
        """Create and wait until it is ready."""
        return self.ready(self.driver(wanted.kind).create(wanted))

    def attempt(self, call: Callable[[], T]) -> T | ErrorCode:
        """What `call` gives, or the code of what it raises."""
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises is classified here
            return self.session.classify(error).code

    def driver(self, kind: str) -> Any:
        """The driver of a kind."""
        return self.session.drivers()[kind]

    def wanted(self, named: NamedPart, **changes: Any) -> Wanted:
        """What the engine would ask for, refs filled in."""
        want = fields.fill(named.part.want, self.made.get)
        token = naming.token(STACK_NAME, named.key.kind, named.name, 0)
        asked = Wanted(named.key.kind, named.name, named.place, want, named.labels, token)
        return Wanted(**{**vars(asked), **changes})

    def ready(self, found: Found) -> Found:
        """`found` as it is when it is ready. Fails the test when it never is."""
        until = self.clock.now() + PATIENCE
        seen: Found | None = found
        while seen is None or seen.health is Health.PENDING:
            if self.clock.now() > until:
                pytest.fail(
                    f"{found.kind} {found.name or found.id} is not ready after {PATIENCE} s"
                )
            self.clock.sleep(PAUSE)
            seen = self.look(found)
        assert seen.health is Health.READY, f"{found.kind} {found.name} failed: {seen.reason}"
        return seen

    def gone(self, found: Found) -> None:
        """Wait until `found` is absent. Fails the test when it never is."""
        until = self.clock.now() + PATIENCE
        while self.look(found) is not None:
            if self.clock.now() > until:
                pytest.fail(f"{found.kind} {found.name or found.id} is still there")
            self.clock.sleep(PAUSE)

    def look(self, found: Found) -> Found | None:
        """`found` as observe tells it now, by name and id; None when it is absent."""
        batch = self.batch(found.kind, found.place, names=[found.name], ids=[found.id])
        return self.only(each for each in self.see(found.kind, batch) if each.id == found.id)

    def batch(
        self,
        kind: str,
        place: str,
        labels: Mapping[str, str] | None = None,
        names: Iterable[str] = (),
        ids: Iterable[str] = (),
    ) -> Batch:
        """What the engine would ask for, with the parents made so far."""
        used = {
            parent: tuple(each for each in self.made.values() if each.kind == parent)
            for parent in self.kinds[kind].uses
        }
        asked = {STACK: STACK_NAME} if labels is None else labels
        return Batch(place, asked, frozenset(filter(None, names)), frozenset(ids), used)

    def see(self, kind: str, batch: Batch) -> tuple[Found, ...]:
        """What observe answers."""
        return tuple(self.driver(kind).observe(batch))

    @staticmethod
    def only(found: Iterable[Found]) -> Found | None:
        """The one of `found`, or None. Fails the test when it is told twice."""
        several = tuple(found)
        assert len(several) <= 1, f"observe told one object {len(several)} times: {several[0]}"
        return several[0] if several else None

    def alive(self, kind: str = "") -> tuple[Alive, ...]:
        """What exists in the world, of one kind or of all."""
        return tuple(each for each in self.harness.inspect() if kind in ("", each.kind))

    def standing(self, found: Found) -> Alive:
        """`found` as the world shows it. Fails the test when it does not."""
        there = [each for each in self.alive(found.kind) if each.id == found.id]
        assert there, f"the world has no {found.kind} with the id {found.id} that was told"
        return there[0]

    def _make_needs(self, desired: Desired, named: NamedPart) -> None:
        by_key = {each.key: each for each in desired.parts}
        needs = {ref.to for value in named.part.want.values() for ref in refs(value)}
        for each in desired.parts:  # in order: each after what it needs
            if each.key in needs | set(named.part.after) and each.key not in self.made:
                self._make_needs(desired, by_key[each.key])
                self._make_part(each)

    def _make_part(self, named: NamedPart) -> None:
        if named.key not in self.made:
            self.made[named.key] = self.create(self.wanted(named))
