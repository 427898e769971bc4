"""The process dies before or after each call of a life, or its answers are lost: one more turn.

The conformance suite lets it die between the verbs of drivers; here it dies between the calls that
one verb makes. Every other time the store is lost with the process. A sample of all points is
taken; CLOUDABSTRACT_CRASH_STEP=1 takes them all.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.engine import Limits
from cloudabstract.engine import Settings as EngineSettings
from cloudabstract.model import (
    BackendPool,
    HealthCheck,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Placement,
    Port,
    Resource,
    Route,
    Tls,
)
from cloudabstract.testing.aws import Settings, Stopped, strict_aws
from cloudabstract.testing.aws.strict import StrictAws

REGION = "us-east-1"
OWNER = "cloudabstract:stack"
STEP = int(os.environ.get("CLOUDABSTRACT_CRASH_STEP", "5"))
SIDES = ("before", "after")
WORLD = Settings(balancer_provisioning_seconds=2.0, interfaces_linger_seconds=5.0)
Report = Any


def network() -> LoadBalancer:
    """An NLB with an address of its own, TCP beside UDP, and members of two weights."""
    pool = BackendPool("dns", addresses=(Member("172.31.0.5", weight=3), Member("172.31.0.6")))
    ports = (Port(53, "tcp"), Port(53, "udp", protocol="UDP"))
    place = Placement(zones=(f"{REGION}a",))
    spec = LoadBalancerSpec(ports, backends=(pool,), address_refs=("north",), placement=place)
    return LoadBalancer(Metadata("names"), spec)


def application(*certificates: str) -> LoadBalancer:
    """An ALB with two certificates, two pools and a route."""
    spec = LoadBalancerSpec(
        (Port(443, "https", backend="web", tls=Tls(certificates)),),
        load_balancer_class="l7",
        backends=(
            BackendPool("web", addresses=(Member("172.31.0.5"),)),
            BackendPool("api", addresses=(Member("172.31.0.7"),)),
        ),
        routes=(Route("api", path="/api"),),
        health_check=HealthCheck(path="/healthz"),
    )
    return LoadBalancer(Metadata("site"), spec)


@dataclass
class World:
    """A strict AWS, a folder for the store, and what was ever seen without an owner."""

    aws: StrictAws
    folder: Path
    wanted: Sequence[Resource]
    unowned: list[str]

    def turn(self, resources: Sequence[Resource]) -> Report:
        """One run of a process of its own, one call at a time."""
        limits = Limits(workers=1)
        settings = EngineSettings(ttl=0.0, beat=0.0, who="tests", limits=limits)
        config = {"target": "t", "targets": {"t": {"provider": "aws", "region": REGION}}}
        store = self.folder / "store.db"
        clock = self.aws.clock
        with Stack("s", config=config, store=store, settings=settings, clock=clock) as stack:
            return stack.apply(list(resources)) if resources else stack.delete()

    def open(self, chapter: str) -> Sequence[Resource]:
        """Make the world as it is before a chapter; what is wanted after it."""
        if chapter == "birth":
            return self.wanted
        assert self.turn(self.wanted).ok
        return ()

    def settled(self, resources: Sequence[Resource]) -> None:
        """Another turn changes nothing, and there is one object for each part, all with owners."""
        self.aws.clock.advance(30)
        report = self.turn(resources)
        assert report.ok, [str(each.failure or each.message) for each in report.failed]
        assert [str(each.part) for each in report.plan.changes] == []
        assert objects(self.aws) == len(report.plan.desired.parts)
        assert self.unowned == []

    def forget(self) -> None:
        """Lose the store."""
        for each in self.folder.glob("store.db*"):
            each.unlink()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A fresh one."""
    folder.mkdir()
    with strict_aws(WORLD) as aws:
        acm = aws.client("acm")
        names = ("a.example.com", "b.example.com")
        made = [acm.request_certificate(DomainName=each)["CertificateArn"] for each in names]
        unowned: list[str] = []
        watch(aws, unowned)
        yield World(aws, folder, (network(), application(*made)), unowned)


def watch(aws: StrictAws, unowned: list[str]) -> None:
    """Note what has no owner's tag, after every call."""
    add = aws.calls.add

    def seen(call: Any) -> None:
        add(call)
        if not call.read:
            unowned.extend(f"{each} after {call.operation}" for each in without_owner())

    aws.calls.add = seen  # type: ignore[method-assign]


def moto(service: str) -> Any:
    """moto's own store, so that looking is no call."""
    from moto.backends import get_backend

    return get_backend(service)["123456789012"][REGION]  # type: ignore[call-overload]


def without_owner() -> Iterator[str]:
    """Every object of a kind of ours that has no owner's tag."""
    ec2, elb = moto("ec2"), moto("elbv2")
    ids = [each.allocation_id for each in ec2.addresses]
    ids += [
        one.id for each in ec2.groups.values() for one in each.values() if one.name != "default"
    ]
    owned = {each["resource_id"] for each in ec2.describe_tags() if each["key"] == OWNER}
    yield from (each for each in ids if each not in owned)
    told = elb.tagging_service.get_tag_dict_for_resource
    yield from (arn for arn in _arns(elb) if OWNER not in told(arn))


def _arns(elb: Any) -> Iterator[str]:
    yield from elb.target_groups
    for balancer in elb.load_balancers.values():
        yield balancer.arn
        for listener in balancer.listeners.values():
            yield listener.arn
            yield from (rule.arn for rule in listener.rules.values() if rule.priority != "default")


def objects(aws: StrictAws) -> int:
    """How many parts of ours there are; a group with targets counts for two."""
    ec2, elb = moto("ec2"), moto("elbv2")
    groups = [one for each in ec2.groups.values() for one in each.values()]
    registered = [
        arn
        for arn in elb.target_groups
        if any(each.drained is None for each in aws.targets._targets.get(arn, {}).values())
    ]
    named = sum(1 for each in groups if each.name != "default")
    return len(ec2.addresses) + named + len(list(_arns(elb))) + len(registered)


def boundaries(folder: Path, chapter: str) -> list[tuple[int, str]]:
    """Every point at which a chapter can die: the number of a call that writes, and the side."""
    with world(folder) as told:
        after = told.open(chapter)
        told.aws.calls.clear()
        assert told.turn(after).ok
        numbers = [index for index, call in enumerate(told.aws.calls, 1) if not call.read]
    return list(itertools.product(numbers, SIDES))


def crash(told: World, resources: Sequence[Resource], call: int, side: str) -> str:
    """A turn that dies at its n-th call: what it was about to do, "" when it lived."""
    getattr(told.aws.faults, f"stop_{side}")("*", nth=call)
    try:
        told.turn(resources)
    except Stopped as died:
        return str(died)
    finally:
        told.aws.faults.clear()
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("chapter", ["birth", "death"])
def test_a_crash_at_any_call_is_survived(tmp_path: Path, chapter: str) -> None:
    """Nothing doubled, nothing left over, nothing ever without an owner."""
    failures = {}
    points = list(enumerate(boundaries(tmp_path / "clean", chapter)))
    for index, (call, side) in points[::STEP]:
        with world(tmp_path / str(index)) as told:
            after = told.open(chapter)
            died = crash(told, after, call, side)
            assert died, f"call {call} was not reached"
            if index // 2 % 2:
                told.forget()
            try:
                assert told.turn(after).ok
                told.settled(after)
            except AssertionError as failure:
                failures[f"{call} {died}"] = str(failure)
    assert failures == {}
    assert len(points) > 20


@pytest.mark.parametrize("fault", ["lose_answer", "fail_after"])
@pytest.mark.parametrize("chapter", ["birth", "death"])
def test_lost_answers_are_survived(tmp_path: Path, chapter: str, fault: str) -> None:
    """The first answer to each operation that writes is lost, or a 503: one turn is enough."""
    with world(tmp_path / "clean") as told:
        after = told.open(chapter)
        told.aws.calls.clear()
        told.turn(after)
        operations = sorted({call.operation for call in told.aws.calls.mutations})
    with world(tmp_path / "lossy") as told:
        after = told.open(chapter)
        for operation in operations:
            getattr(told.aws.faults, fault)(operation)
        report = told.turn(after)
        assert report.ok, [str(each.failure or each.message) for each in report.failed]
        told.settled(after)


def test_throttling_costs_time_only(tmp_path: Path) -> None:
    """One in five calls is refused: the turn ends well all the same."""
    with world(tmp_path / "busy") as told:
        told.aws.faults.throttle_share(0.2, seed=7)
        report = told.turn(told.wanted)
        told.aws.faults.clear()
        assert report.ok, [str(each.failure or each.message) for each in report.failed]
        told.settled(told.wanted)
