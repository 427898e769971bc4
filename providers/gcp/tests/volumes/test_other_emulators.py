"""Emulators of others know less than Google does: volumes live on them all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gcp_bench.harness import GcpHarness
from gcp_bench.storage import volume
from gcp_bench.wire import WIRE, Manners

from cloudabstract.testing.conformance.samples import attachment, claim, restored, snapshot
from cloudabstract.testing.conformance.story import check_settled, story

LESS = {
    "no filters": Manners(filters=False),
    "no wait": Manners(lacks=("/wait",)),
    "no list of operations": Manners(lacks=("aggregated/operations",)),
    "no balancers": Manners(
        lacks=("networkEndpointGroups", "backendServices", "urlMaps", "target", "sslCertificates")
    ),
    "snapshots by disks.createSnapshot only": Manners(lacks=("POST projects/acme/global/snap",)),
    "operations without the id of their target": Manners(drops=("targetId",)),
    "operations without their target": Manners(drops=("targetId", "targetLink", "selfLink")),
    "next to nothing": Manners(
        lacks=("/wait", "aggregated/operations", "networkEndpointGroups", "urlMaps", "target"),
        filters=False,
        drops=("targetId", "targetLink"),
    ),
}
_FIRST = (volume(), claim(), snapshot("archive"), attachment("archive", "vm-8"))
_LATER = (
    volume(size=2),
    volume("pair", size=10, replication="regional"),
    claim(size=3 * 2**30),
    snapshot("archive"),
    restored("before"),
    attachment("archive", "vm-6"),
)


@pytest.fixture(autouse=True)
def _manners() -> Iterator[None]:
    """Whatever a test does, the next one's emulator is the usual one."""
    yield
    WIRE.manners = None


@pytest.mark.parametrize("less", LESS)
def test_volumes_live_their_life_on_an_emulator_that_knows_less(less: str) -> None:
    """Made, changed, deleted; nothing is left to do after each, and nothing of it at the end."""
    WIRE.manners = LESS[less]
    with story(GcpHarness) as told:
        for resources in (_FIRST, _LATER, ()):
            check_settled(told, resources, told.turn(resources))
        assert told.alive() == ()
