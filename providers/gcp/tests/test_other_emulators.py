"""Emulators of others know less than Google does: a balancer lives on them all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gcp_bench.harness import GcpHarness
from gcp_bench.wire import WIRE, Manners

from cloudabstract.testing.conformance.samples import balancer, changed_balancer
from cloudabstract.testing.conformance.story import check_settled, story

LESS = {
    "no filters": Manners(filters=False),
    "no wait": Manners(lacks=("/wait",)),
    "no list of operations": Manners(lacks=("aggregated/operations",)),
    "no application balancers": Manners(
        lacks=("urlMaps", "targetHttpProxies", "targetHttpsProxies", "sslCertificates")
    ),
    "no disks": Manners(lacks=("disks", "snapshots")),
    "operations without the id of their target": Manners(drops=("targetId",)),
    "operations without their target": Manners(drops=("targetId", "targetLink", "selfLink")),
    "next to nothing": Manners(
        lacks=("/wait", "aggregated/operations", "urlMaps", "target", "disks", "snapshots"),
        filters=False,
        drops=("targetId", "targetLink"),
    ),
}


@pytest.fixture(autouse=True)
def _manners() -> Iterator[None]:
    """Whatever a test does, the next one's emulator is the usual one."""
    yield
    WIRE.manners = None


@pytest.mark.parametrize("less", LESS)
def test_a_balancer_lives_its_life_on_an_emulator_that_knows_less(less: str) -> None:
    """Made, changed, deleted; nothing is left to do after each, and nothing of it at the end."""
    WIRE.manners = LESS[less]
    with story(GcpHarness) as told:
        for resources in ((balancer(),), (changed_balancer(balancer()),), ()):
            check_settled(told, resources, told.turn(resources))
        assert told.alive() == ()
