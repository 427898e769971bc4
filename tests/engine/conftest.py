"""Worlds to plan and apply in: a memory cloud, a store that can be lost, processes that can die."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from cloudabstract.engine import (
    Action,
    Change,
    Consent,
    Delta,
    Engine,
    Options,
    Plan,
    Report,
    Settings,
)
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.planning.consent import losses
from cloudabstract.engine.walking.calls import Answer
from cloudabstract.engine.walking.halt import Halt
from cloudabstract.engine.walking.pending import Seen
from cloudabstract.engine.walking.steps import Step
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.errors import Failure
from cloudabstract.model import (
    BackendPool,
    ClaimResources,
    DataSource,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Resource,
    ResourceKey,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeClass,
    VolumeClassSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
    VolumeSpec,
)
from cloudabstract.provider import (
    RELEASED,
    STACK,
    Found,
    Health,
    Host,
    Kind,
    Part,
    PartKey,
    Ref,
    Session,
)
from cloudabstract.store import Store
from cloudabstract.testing.calls import Call, Crash, Fault
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.faulty import FaultySession, Record
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings, Thing

GIB = 2**30


class World:
    """One memory cloud and one store; every turn is a process of its own."""

    def __init__(self, folder: Path, lag: int = 0) -> None:
        self.clock = FakeClock()
        self.cloud = Cloud(self.clock)
        self.provider = MemoryProvider(MemorySettings(lag=lag), self.cloud)
        self.settings = Settings(ttl=0.0, beat=0.0, who="test")
        self.store = folder / "store.db"
        self.wrap: Callable[[Store], Any] = lambda store: store  # what the engine gets for a store
        self.record = Record()  # the calls of the last turn
        self.unowned: list[str] = []  # what stood there without an owner, and when

    def plan(self, resources: Iterable[Resource], **options: Any) -> Plan:
        """What would be done."""
        with self.engine() as engine:
            return engine.plan(tuple(resources), Options(**options))

    def apply(self, resources: Iterable[Resource], *faults: Fault, **options: Any) -> Report:
        """Plan and apply, agreeing to everything."""
        with self.engine(*faults) as engine:
            return engine.run(tuple(resources), agree, Options(**options))

    def crash(self, resources: Iterable[Resource], *faults: Fault) -> bool:
        """A turn that is to die: whether it did. The store is then as a kill leaves it."""
        saved = self.store.with_name("killed.db")

        def save() -> None:
            with closing(sqlite3.connect(self.store)) as now, closing(sqlite3.connect(saved)) as to:
                now.backup(to)

        try:
            with self.engine(*faults, on_crash=save) as engine:
                engine.run(tuple(resources), agree)
        except Crash:
            self.forget()
            saved.replace(self.store)
            return True
        return False

    def forget(self) -> None:
        """Lose the store: memory, journal and history."""
        for each in self.store.parent.glob(f"{self.store.name}*"):
            each.unlink()

    @contextmanager
    def engine(
        self, *faults: Fault, session: Session | None = None, on_crash: Callable[[], None] = list
    ) -> Iterator[Engine]:
        """An engine with a store and a session of its own."""
        with (
            Store.open(self.store, self.clock) as store,
            closing(FaultySession(session or self.provider.connect(), *faults)) as faulty,
        ):
            self.record = faulty.record
            faulty.on_crash = on_crash
            faulty.on_write = self._watch
            yield Engine(
                self.provider,
                faulty,
                self.wrap(store),
                stack="shop",
                clock=self.clock,
                settings=self.settings,
            )

    @property
    def alive(self) -> tuple[Thing, ...]:
        """Everything that stands and is ours."""
        return tuple(each for each in self.cloud.objects() if STACK in each.owner or not each.name)

    @property
    def ids(self) -> set[str]:
        """The ids of everything that stands."""
        return {each.id for each in self.cloud.objects()}

    def check_settled(self, resources: Iterable[Resource]) -> None:
        """Nothing is left to do, left over, doubled or unowned."""
        plan = self.plan(resources)
        assert [each.key for each in plan.changes] == []
        assert plan.held == {}
        wanted = sorted((each.key.kind, each.place, _told(each)) for each in plan.desired.parts)
        there = sorted((each.kind, each.place, each.name) for each in self.alive)
        assert there == wanted
        assert self.unowned == []

    def _watch(self, call: Call) -> None:
        for each in self.cloud.objects():
            if each.name and not {STACK, RELEASED} & each.owner.keys():
                self.unowned.append(f"{each.id} after {call}")


def _told(named: Any) -> str:
    return "" if named.kind.identity else str(named.name)


def agree(plan: Plan) -> Consent:
    """Consent to everything, each loss of data by name."""
    return Consent(yes=True, data_loss=frozenset(losses(plan, Consent())))


class Make:
    """Resources in as few words as a test needs."""

    GIB = GIB
    agree = staticmethod(agree)

    @staticmethod
    def volume(name: str = "archive", size: int = GIB, **spec: Any) -> Volume:
        """A hand-made volume; `labels` are its metadata's."""
        labels = spec.pop("labels", {})
        spec = {"capacity": Storage(size), "access_modes": ("ReadWriteOnce",), **spec}
        return Volume(Metadata(name, "", labels), VolumeSpec(**spec))

    @staticmethod
    def claim(name: str = "data", size: int = GIB, **spec: Any) -> VolumeClaim:
        """A claim of the default class."""
        namespace = spec.pop("namespace", "default")
        asked = ClaimResources(Storage(size))
        spec = {"access_modes": ("ReadWriteOnce",), "resources": asked, **spec}
        return VolumeClaim(Metadata(name, namespace), VolumeClaimSpec(**spec))

    @staticmethod
    def storage_class(name: str, **spec: Any) -> VolumeClass:
        """A class of volumes that can grow."""
        spec = {"allow_volume_expansion": True, **spec}
        return VolumeClass(Metadata(name, ""), VolumeClassSpec(**spec))

    @staticmethod
    def snapshot(of: str = "data", name: str = "before", **spec: Any) -> VolumeSnapshot:
        """A snapshot of a claim."""
        return VolumeSnapshot(Metadata(name), VolumeSnapshotSpec(VolumeSource(claim=of), **spec))

    @staticmethod
    def attachment(
        of: str = "data", instance: str = "host-1", name: str = "mount"
    ) -> VolumeAttachment:
        """A claim's volume at an instance."""
        return VolumeAttachment(
            Metadata(name), VolumeAttachmentSpec(VolumeSource(claim=of), instance)
        )

    @staticmethod
    def source(name: str, kind: Any = "VolumeSnapshot") -> DataSource:
        """What a volume begins as a copy of."""
        return DataSource(kind, name)

    @staticmethod
    def balancer(name: str = "web", *last: int, **spec: Any) -> LoadBalancer:
        """One port, one pool, backends at 10.0.0.x."""
        members = tuple(Member(f"10.0.0.{each}") for each in last or (5,))
        spec = {"ports": (Port(80),), "backends": (BackendPool("web", members),), **spec}
        return LoadBalancer(Metadata(name), LoadBalancerSpec(**spec))


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Builders of resources."""
    return Make


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, in memory where that can be had: no test here is about disks."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="engine-", dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


@pytest.fixture
def world() -> Iterator[World]:
    """An empty world with one machine in each zone."""
    with folder() as where:
        made = World(where)
        made.cloud.add_hosts([Host("host-1", "10.0.0.9", zone="here-a")])
        made.cloud.add_hosts([Host("host-2", "10.0.0.10", zone="here-b")])
        yield made


@pytest.fixture(scope="session")
def worlds() -> Callable[..., Any]:
    """Worlds by the dozen, for properties: `with worlds() as world`."""

    @contextmanager
    def opened(lag: int = 0) -> Iterator[World]:
        with folder() as where:
            yield World(where, lag)

    return opened


class Toy:
    """Plans drawn by hand: numbered objects, each of a kind of its own, that use one another."""

    def __init__(self) -> None:
        self.kinds: dict[int, Kind] = {}
        self.parts: dict[int, NamedPart] = {}
        self.found: dict[int, Found] = {}
        self.changes: list[Change] = []
        self.pending: set[int] = set()

    def add(self, number: int, action: Action | None, *uses: int, **kind: Any) -> Toy:
        """An object that uses others, and what becomes of it (None: nothing)."""
        names = tuple(self.kinds[each].name for each in uses)
        made = self.kinds[number] = Kind(f"toy.n{number}", uses=names, **kind)
        key = self.key(number)
        health = Health.PENDING if number in self.pending else Health.READY
        ids = [self.id(each) for each in uses]
        found = Found(made.name, self.id(number), f"name{number}", "here", {"to": ids}, {}, health)
        if action is not Action.CREATE:
            self.found[number] = found
        if action not in (Action.DELETE, Action.RELEASE):
            to = [Ref(self.key(each), "id") for each in uses]
            points = tuple(("to", self.key(each)) for each in uses)
            part = Part(key, "here", {"to": to})
            self.parts[number] = NamedPart(part, made, f"name{number}", points=points)
        if action is not None:
            gap = action is Action.REPLACE and made.exclusive
            old = "" if action is Action.CREATE else self.id(number)
            self.changes.append(
                Change(
                    action,
                    key,
                    "here",
                    f"name{number}",
                    id=old,
                    old_name=f"name{number}" if action is Action.REPLACE else "",
                    gap=gap,
                    fields={"to": Delta(1, 2)} if action is Action.UPDATE else {},
                )
            )
        return self

    @property
    def plan(self) -> Plan:
        """All of it as a plan."""
        wanted = {number: each for number, each in self.found.items() if number in self.parts}
        orphans = [each for number, each in self.found.items() if number not in self.parts]
        matched = Matched({self.key(n): each for n, each in wanted.items()}, orphans=tuple(orphans))
        return Plan(
            "shop",
            "toy",
            tuple(self.changes),
            desired=Desired({}, tuple(self.parts.values())),
            matched=matched,
            kinds=tuple(self.kinds.values()),
        )

    @staticmethod
    def key(number: int) -> PartKey:
        """The part with that number."""
        resource = ResourceKey("LoadBalancer", f"r{number}", "default")
        return PartKey(resource, f"toy.n{number}", "only")

    @staticmethod
    def id(number: int) -> str:
        """The id of the object with that number."""
        return f"id-{number}"


@pytest.fixture(scope="session")
def toy() -> type[Toy]:
    """Plans drawn by hand."""
    return Toy


class Script:
    """In place of the performer: answers as it is told, and writes down what was asked."""

    def __init__(self, answers: Mapping[tuple[str, int], Any] | None = None) -> None:
        self.answers = dict(answers or {})  # (verb, number) -> Failures, one a try, then success
        self.begun: list[tuple[str, int, bool]] = []  # (verb, number, looked first)
        self.looks: list[list[str]] = []
        self.seen: Callable[[Found], Found | None] = lambda found: found
        self.during: Callable[[str, int], None] = lambda verb, number: None
        self.halt = Halt()

    def perform(self, step: Step, world: Any, look: bool) -> Answer:
        """One call."""
        number = int(step.kind.removeprefix("toy.n"))
        verb = str(step.verb)
        self.begun.append((verb, number, look))
        self.during(verb, number)
        left = self.answers.get((verb, number), [])
        answer = left.pop(0) if left else None
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Failure):
            return Answer(failure=answer)
        if verb == "delete" or step.named is None:
            return Answer()
        made = Found(step.kind, f"id-{number}", f"name{number}", "here", {}, {})
        return Answer(answer or made)

    def look_at(self, pending: Iterable[Found], world: Any) -> Seen:
        """What is there now."""
        asked = list(pending)
        self.looks.append([each.id for each in asked])
        seen = {(each.kind, each.place, each.id): self.seen(each) for each in asked}
        return Seen({key: found for key, found in seen.items() if found is not None})

    def contradiction(self, step: Step, found: Found, world: Any) -> None:
        """Nobody is blamed."""


@pytest.fixture(scope="session")
def script() -> type[Script]:
    """Performers that answer as they are told."""
    return Script
