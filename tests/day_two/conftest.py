"""A memory cloud in which time passes, a store that can be lost, and resources in few words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.engine import Consent, Engine, Limits, Options, Plan, Report, Settings
from cloudabstract.engine.keeping.reconcile import Pace, Reconciler, Turned, Wishes
from cloudabstract.engine.planning.consent import losses
from cloudabstract.errors import SpecError
from cloudabstract.model import (
    BackendPool,
    ClaimResources,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Resource,
    Storage,
    Volume,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeSpec,
)
from cloudabstract.stack import Stack
from cloudabstract.store import Store
from cloudabstract.testing.calls import Fault
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.faulty import FaultySession, Record
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings, Thing, worlds

GIB = 2**30


class World:
    """One memory cloud and one store; each call is a process of its own."""

    GIB = GIB

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.cloud = Cloud(self.clock)
        self.provider = MemoryProvider(MemorySettings(), self.cloud)
        self.store = folder / "store.db"
        self.folder = folder
        self.record = Record()  # the calls of the last engine
        self.ttl = 0.0  # seconds; a lease of 0 is anybody's

    @contextmanager
    def engine(
        self, *faults: Fault, stack: str = "shop", limits: Limits | None = None
    ) -> Iterator[Engine]:
        """An engine with a store and a session of its own."""
        settings = Settings(limits or Limits(), ttl=self.ttl, beat=0.0, who="test")
        with (
            Store.open(self.store, self.clock) as store,
            closing(FaultySession(self.provider.connect(), *faults)) as session,
        ):
            self.record = session.record
            yield Engine(
                self.provider, session, store, stack=stack, clock=self.clock, settings=settings
            )

    def plan(self, *resources: Resource, **options: Any) -> Plan:
        """What would be done."""
        with self.engine() as engine:
            return engine.plan(resources, Options(**options))

    def apply(self, *resources: Resource, stack: str = "shop", **options: Any) -> Report:
        """Plan and apply, agreeing to everything."""
        with self.engine(stack=stack) as engine:
            report = engine.run(resources, agree, Options(**options))
        assert report.ok, [each.failure for each in report.failed]
        return report

    def forget(self) -> None:
        """Lose the store."""
        for each in self.store.parent.glob(f"{self.store.name}*"):
            each.unlink()

    def only(self, kind: str) -> Thing:
        """The one object of a kind."""
        return self.cloud.one(kind)

    @property
    def ids(self) -> set[str]:
        """The ids of everything that stands."""
        return {each.id for each in self.cloud.objects()}


def agree(plan: Plan) -> Consent:
    """Consent to everything, each loss of data by name."""
    return Consent(yes=True, data_loss=frozenset(losses(plan, Consent())))


class Make:
    """Resources; `notes` are annotations, without our prefix."""

    GIB = GIB
    agree = staticmethod(agree)

    @staticmethod
    def balancer(name: str = "web", *last: int, **spec: Any) -> LoadBalancer:
        """One port, one pool, backends at 10.0.0.x."""
        metadata = _metadata(name, spec)
        members = tuple(Member(f"10.0.0.{each}") for each in last or (5,))
        spec = {"ports": (Port(80),), "backends": (BackendPool("web", members),), **spec}
        return LoadBalancer(metadata, LoadBalancerSpec(**spec))

    @staticmethod
    def volume(name: str = "archive", size: int = GIB, **spec: Any) -> Volume:
        """A hand-made volume."""
        metadata = _metadata(name, spec)
        spec = {"capacity": Storage(size), "access_modes": ("ReadWriteOnce",), **spec}
        return Volume(metadata, VolumeSpec(**spec))

    @staticmethod
    def claim(name: str = "data", size: int = GIB, **spec: Any) -> VolumeClaim:
        """A claim of the default class."""
        metadata = _metadata(name, spec)
        spec = {
            "access_modes": ("ReadWriteOnce",),
            "resources": ClaimResources(Storage(size)),
            **spec,
        }
        return VolumeClaim(metadata, VolumeClaimSpec(**spec))


def _metadata(name: str, spec: dict[str, Any]) -> Metadata:
    notes = {f"cloudabstract.dev/{key}": value for key, value in spec.pop("notes", {}).items()}
    labels, namespace = spec.pop("labels", {}), spec.pop("namespace", "default")
    return Metadata(name, namespace, labels, notes)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Builders of resources."""
    return Make


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty world."""
    return World(tmp_path)


@pytest.fixture
def summary() -> Callable[[Iterable[Any]], list[str]]:
    """Changes as `update memory.pool 80-tcp-web`."""
    return lambda changes: [
        f"{each.action.value} {each.part.kind} {each.part.role}" for each in changes
    ]


class Source:
    """A spec that a test writes while it is watched."""

    def __init__(self, *resources: Resource) -> None:
        self.resources = resources
        self.dirty = False
        self.broken = False

    def write(self, *resources: Resource) -> None:
        """Another spec, as if its file had changed."""
        self.resources, self.dirty, self.broken = resources, True, False

    def spoil(self) -> None:
        """Make the file one that cannot be read."""
        self.dirty = self.broken = True

    def read(self) -> Iterable[Resource]:
        """The resources as they are now."""
        self.dirty = False
        if self.broken:
            raise SpecError("line 3: this is not valid")
        return self.resources

    def changed(self) -> bool:
        """Whether somebody has written."""
        return self.dirty


class Watch:
    """A watch over the world, with all that its turns came to."""

    def __init__(self, engine: Engine, source: Source, pace: Pace, wishes: Wishes) -> None:
        self.source = source
        self.turns: list[Turned] = []
        self.after: Callable[[Turned], object] = lambda turn: None  # what a test does meanwhile
        self.reconciler = Reconciler(engine, source, pace, wishes, [self._seen])

    def turn(self) -> Turned:
        """One turn."""
        return self.reconciler.turn()

    def run(self, turns: int) -> None:
        """So many turns, with the waiting between them."""
        self._last = len(self.turns) + turns
        self.reconciler.run()

    def _seen(self, turn: Turned) -> None:
        self.turns.append(turn)
        self.after(turn)
        if len(self.turns) >= getattr(self, "_last", len(self.turns) + 1):
            self.reconciler.stop()


@pytest.fixture
def watching(world: World) -> Callable[..., Any]:
    """`with watching(*resources, faults=..., pace=..., yes=...) as watch`."""

    @contextmanager
    def opened(
        *resources: Resource,
        faults: tuple[Fault, ...] = (),
        pace: Pace | None = None,
        yes: bool = False,
        losses: Iterable[str] = (),
    ) -> Iterator[Watch]:
        named = frozenset(losses)
        wishes = Wishes(Options(data_loss=named), Consent(yes, named))
        with world.engine(*faults) as engine:
            yield Watch(engine, Source(*resources), pace or Pace(), wishes)

    return opened


@pytest.fixture
def stack(world: World) -> Iterator[Callable[..., Stack]]:
    """Stacks on the world's cloud by name; all share one store, but those with another `folder`."""
    opened: list[Stack] = []
    worlds._worlds["day-two"] = world.cloud

    def made(name: str = "shop", folder: Path | None = None) -> Stack:
        target = {"provider": "memory", "world": "day-two"}
        config = {"stack": name, "target": "mem", "targets": {"mem": target}, "plugins": []}
        store = (folder or world.folder) / "stack.db"
        opened.append(Stack(config=config, store=store, clock=world.clock))
        return opened[-1]

    yield made
    for each in opened:
        each.close()
    worlds.forget("day-two")
