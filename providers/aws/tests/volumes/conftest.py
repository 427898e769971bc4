"""A strict AWS, stacks on it that take turns, and what bare boto3 finds there.

Every turn is like a process of its own: it has a new session, and the store can be lost between two
of them. The clock stands still between sleeps, so nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.engine import Consent, Engine, Options, Plan, Report, Settings
from cloudabstract.engine.finding.fields import fill
from cloudabstract.engine.planning.consent import losses
from cloudabstract.engine.wanting import naming
from cloudabstract.engine.wanting.resolve import resolve
from cloudabstract.model import (
    ClaimResources,
    DataSource,
    Metadata,
    Performance,
    Resource,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
    VolumeSpec,
)
from cloudabstract.provider import STACK, Batch, Facts, Found, Wanted
from cloudabstract.store import Memory, Store
from cloudabstract.testing.aws import Settings as AwsTimes
from cloudabstract.testing.aws import strict_aws
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

GIB, MIB = 2**30, 2**20
REGION = "us-east-1"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_CLIENTS: dict[str, Any] = {}  # by service, for all worlds


class Make:
    """Resources with as few words as possible."""

    GIB, MIB, REGION, KEY = GIB, MIB, REGION, KEY

    @staticmethod
    def volume(name: str = "archive", size: int = GIB, **spec: Any) -> Volume:
        """A volume with one writer, whose data may go with it."""
        spec = {"access_modes": ("ReadWriteOnce",), "reclaim_policy": "Delete", **spec}
        return Volume(Metadata(name, ""), VolumeSpec(Storage(size), **spec))

    @staticmethod
    def files(name: str = "shelf", size: int = GIB, **spec: Any) -> Volume:
        """A volume with many writers."""
        spec = {"access_modes": ("ReadWriteMany",), "performance": Performance("shared"), **spec}
        return Make.volume(name, size, **spec)

    @staticmethod
    def claim(name: str = "data", size: int = GIB, **spec: Any) -> VolumeClaim:
        """A claim of the default class."""
        asked = ClaimResources(Storage(size))
        spec = {"access_modes": ("ReadWriteOnce",), "resources": asked, **spec}
        return VolumeClaim(Metadata(name), VolumeClaimSpec(**spec))

    @staticmethod
    def snapshot(of: str = "archive", name: str = "before") -> VolumeSnapshot:
        """A snapshot of a volume."""
        return VolumeSnapshot(Metadata(name), VolumeSnapshotSpec(VolumeSource(volume=of)))

    @staticmethod
    def attachment(
        of: str = "archive", instance: str = "host-1", name: str = "mount", **spec: Any
    ) -> VolumeAttachment:
        """A volume at an instance."""
        source = VolumeSource(volume=of)
        return VolumeAttachment(Metadata(name), VolumeAttachmentSpec(source, instance, **spec))

    @staticmethod
    def source(name: str, kind: Any = "VolumeSnapshot") -> DataSource:
        """What a volume begins as a copy of."""
        return DataSource(kind, name)

    @staticmethod
    def settings(**given: Any) -> AwsSettings:
        """A target in one region."""
        return AwsSettings(**{"region": REGION, **given})


class World:
    """One AWS and one store; every turn is a process of its own."""

    def __init__(self, aws: Any, folder: Path, settings: AwsSettings) -> None:
        self.aws = aws
        self.settings = settings
        self.calls: dict[str, int] = {}  # of the last turn
        self._store = folder / "store.db"
        self._there = self._alive()

    def plan(self, resources: Iterable[Resource], **options: Any) -> Plan:
        """What would be done."""
        with self._engine() as engine:
            return engine.plan(tuple(resources), Options(**options))

    def apply(self, *resources: Resource, **options: Any) -> Report:
        """Plan and apply, agreeing to everything."""

        def agree(plan: Plan) -> Consent:
            return Consent(True, frozenset(losses(plan, Consent())))

        with self._engine() as engine:
            return engine.run(resources, agree, Options(**options))

    def settled(self, *resources: Resource) -> Report:
        """Apply, and make sure that it went well and left nothing to do."""
        report = self.apply(*resources)
        failed = [f"{each.change.key}: {each.failure or each.message}" for each in report.failed]
        assert failed == []
        plan = self.plan(resources)
        assert [each.key for each in plan.changes] == []
        assert {str(key): why for key, why in plan.held.items()} == {}
        return report

    def forget(self) -> None:
        """Lose the store: memory, journal and history."""
        for each in self._store.parent.glob(f"{self._store.name}*"):
            each.unlink()

    def client(self, service: str) -> Any:
        """A bare client of boto3; making one takes longer than most tests, so it is shared."""
        return _client(self.aws, service)

    def left(self) -> list[str]:
        """The ids of all that is there now and was not at the beginning, by bare boto3."""
        return sorted(self._alive() - self._there)

    def volumes(self) -> list[dict[str, Any]]:
        """Our volumes as EC2 shows them, those with a tag `cloudabstract:stack`."""
        found = self.client("ec2").describe_volumes()["Volumes"]
        return [each for each in found if "cloudabstract:stack" in _tags(each)]

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A session of its own."""
        with closing(AwsProvider(self.settings).connect()) as session:
            yield session

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        provider = AwsProvider(self.settings)
        with (
            Store.open(self._store, self.aws.clock) as store,
            closing(provider.connect()) as session,
        ):
            yield Engine(
                provider,
                session,
                store,
                stack="shop",
                clock=self.aws.clock,
                settings=Settings(ttl=0.0, beat=0.0, who="tests"),
            )
            self.calls = dict(session.calls)

    def _alive(self) -> set[str]:
        ec2, efs = self.client("ec2"), self.client("efs")
        systems = [each["FileSystemId"] for each in efs.describe_file_systems()["FileSystems"]]
        targets = (efs.describe_mount_targets(FileSystemId=each) for each in systems)
        interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
        return {
            *(each["VolumeId"] for each in ec2.describe_volumes()["Volumes"]),
            *(each["SnapshotId"] for each in ec2.describe_snapshots()["Snapshots"]),
            *(each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]),
            *(each["NetworkInterfaceId"] for each in interfaces),
            *(each["AccessPointId"] for each in efs.describe_access_points()["AccessPoints"]),
            *(each["MountTargetId"] for told in targets for each in told["MountTargets"]),
            *systems,
        }


class Bench:
    """Drivers, with wanted objects as the engine would ask for them."""

    def __init__(self, world: World, session: Any) -> None:
        self.world = world
        self.drivers = session.drivers()
        self._session = session
        self.made: dict[Any, Found] = {}

    def wanted(self, kind: str, *resources: Resource, **changes: Any) -> Wanted:
        """The part of that kind, the first resource's if it has one; refs are filled."""
        provider = AwsProvider(self.world.settings)
        facts: Facts = self._session.survey(resources)
        desired = resolve("shop", resources, provider, facts, Memory())
        fitting = [each for each in desired.parts if each.key.kind == kind]
        first = [each for each in fitting if each.key.resource == resources[0].key]
        named = (*first, *fitting)[0]
        want = {name: fill(value, self.made.get) for name, value in named.part.want.items()}
        token = naming.token("shop", kind, named.name, 0)
        self._key = named.key
        asked = Wanted(kind, named.name, named.place, want, named.labels, token)
        return replace(asked, **changes)

    def make(self, kind: str, *resources: Resource) -> Found:
        """Make that part, and wait until it is ready."""
        found = self.drivers[kind].create(self.wanted(kind, *resources))
        key = self._key
        self.world.aws.clock.advance(100)
        self.made[key] = self.look(found)
        return self.made[key]

    def look(self, found: Found, **batch: Any) -> Found:
        """The object as observe tells it now."""
        asked = Batch(found.place, {STACK: "shop"}, ids=frozenset({found.id}), **batch)
        (seen,) = [each for each in self.drivers[found.kind].observe(asked) if each.id == found.id]
        return seen


def _tags(raw: Any) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in raw.get("Tags", ())}


@pytest.fixture
def aws_settings() -> AwsTimes:
    """Time passes when somebody sleeps; pages are as long as AWS has them."""
    return AwsTimes()


@pytest.fixture
def make() -> type[Make]:
    """Makers of resources."""
    return Make


@pytest.fixture
def settings(aws: Any) -> AwsSettings:
    """A target with two subnets, so that file systems are quickly made."""
    told = _client(aws, "ec2").describe_subnets()["Subnets"]
    subnets = sorted(each["SubnetId"] for each in told)
    return Make.settings(subnets=tuple(subnets[:2]))


@pytest.fixture
def world(aws: Any, settings: AwsSettings, tmp_path: Path) -> World:
    """An empty AWS with an empty store."""
    return World(aws, tmp_path, settings)


@pytest.fixture
def bench(world: World) -> Iterator[Bench]:
    """The drivers of one session."""
    with world.session() as session:
        yield Bench(world, session)


@pytest.fixture
def instance(aws: Any) -> str:
    """The id of an instance called host-1, in zone b."""
    return _launch(aws)


@pytest.fixture
def worlds(tmp_path: Path) -> Callable[..., AbstractContextManager[World]]:
    """Fresh worlds, each with an instance, in which nothing takes time; one at a time."""
    fresh = (tmp_path / str(number) for number in count())

    @contextmanager
    def one(**times: Any) -> Iterator[World]:
        folder = next(fresh)
        folder.mkdir()
        with strict_aws(AwsTimes(**times).instant()) as aws:
            _launch(aws)
            yield World(aws, folder, Make.settings())

    return one


def _client(aws: Any, service: str) -> Any:
    if service not in _CLIENTS:
        _CLIENTS[service] = aws.client(service)
    return _CLIENTS[service]


def _launch(aws: Any) -> str:
    from moto.backends import get_backend

    ec2 = get_backend("ec2")["123456789012"][REGION]
    image, called = next(iter(ec2.amis)), {"instance": {"Name": "host-1"}}
    ec2.run_instances(
        image, 1, "", [], placement=f"{REGION}b", is_instance_type_default=True, tags=called
    )
    told = _client(aws, "ec2").describe_instances()["Reservations"]
    return str(told[-1]["Instances"][0]["InstanceId"])
