"""An empty plan of a thousand volumes and a hundred balancers costs what their lists are long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.engine import Settings as EngineSettings
from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Resource,
    Storage,
    Volume,
    VolumeSpec,
)
from cloudabstract.testing.aws import Settings
from cloudabstract.testing.aws.strict import StrictAws

BALANCERS, PORTS, VOLUMES = 100, 3, 1000
FLOOR = {  # for the same world, whatever asks: no list is longer than its longest pages allow
    "DescribeVolumes": 2,  # 500 a page
    "DescribeLoadBalancers": 1,  # 400 a page
    "DescribeTargetGroups": 1,
    "DescribeSecurityGroups": 1,  # 1,000 a page
    "GetResources": 7,  # 100 balancers, 300 groups and 300 listeners, 100 a page
    "DescribeListeners": 15,  # 20 a call
}
BESIDE = {  # where things can stand, and what there could be but is not
    "DescribeVpcs": 1,
    "DescribeSubnets": 1,
    "DescribeAvailabilityZones": 1,
    "DescribeAddresses": 1,
    "DescribeSnapshots": 1,
    "DescribeFileSystems": 1,
    "DescribeVolumes": 1,  # those that are attached
    "DescribeVolumesModifications": 1,
}


@pytest.fixture
def aws_settings() -> Settings:
    """Nothing takes time, and a region may have a hundred balancers."""
    return Settings(balancers_per_type=BALANCERS).instant()


@pytest.fixture
def stack(aws: StrictAws, tmp_path: Path) -> Iterator[Stack]:
    """A stack on the strict AWS."""
    target = {"provider": "aws", "region": aws.region}
    with Stack(
        config={"stack": "shop", "target": "prod", "targets": {"prod": target}},
        store=tmp_path / "store.db",
        settings=EngineSettings(ttl=0.0, beat=0.0, who="tests"),
        clock=aws.clock,
    ) as opened:
        yield opened


def world() -> list[Resource]:
    """Balancers with three listeners and three groups each, and volumes."""
    pools = tuple(
        BackendPool(f"pool{each}", addresses=(Member(f"172.31.0.{each + 5}"),))
        for each in range(PORTS)
    )
    ports = tuple(Port(80 + each, name=f"p{each}", backend=f"pool{each}") for each in range(PORTS))
    balancing = LoadBalancerSpec(ports, backends=pools)
    storing = VolumeSpec(capacity=Storage(1 << 30), access_modes=("ReadWriteOnce",))
    return [
        *(LoadBalancer(Metadata(f"web{each}"), balancing) for each in range(BALANCERS)),
        *(Volume(Metadata(f"disk{each}"), storing) for each in range(VOLUMES)),
    ]


@pytest.fixture
def standing(stack: Stack, aws: StrictAws) -> list[Resource]:
    """All of it stands, and nothing is counted yet."""
    wanted = world()
    report = stack.apply(wanted)
    assert report.ok, report.failed[:1]
    aws.calls.clear()
    return wanted


def test_an_empty_plan_costs_the_floor_and_eight_calls(
    stack: Stack, standing: list[Resource], aws: StrictAws
) -> None:
    """27 calls of lists in their longest pages, 8 beside them, and none that changes anything."""
    assert stack.plan(standing).empty
    told: dict[str, Any] = dict(aws.calls.counts)
    assert told == {name: FLOOR.get(name, 0) + BESIDE.get(name, 0) for name in {**FLOOR, **BESIDE}}
    assert aws.calls.mutations == ()
