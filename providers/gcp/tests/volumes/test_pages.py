"""A plan in which nothing is to do costs pages, not objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from gcp_bench.harness import LargePages
from gcp_bench.storage import volume

from cloudabstract.testing.conformance.story import Story, story
from cloudabstract_gcp import ownership

MANY = 300


@pytest.fixture
def large() -> Iterator[Story]:
    """A story on an emulator with pages of 500."""
    with story(LargePages) as begun:
        yield begun


def test_many_disks_are_seen_in_a_page_of_each_kind(large: Story) -> None:
    """300 disks: one list of disks for each of the two kinds, one of snapshots, of instances."""
    assert isinstance(large.harness, LargePages)
    emulator = large.harness.emulator
    resources = [volume(f"data-{number}") for number in range(MANY)]
    for named in large.plan(resources).named.values():
        labels = {**ownership.to_labels(named.labels), "volume-fs-type": "ext4"}
        told = {"type": "pd-balanced", "sizeGb": "1", "labels": labels}
        emulator.world.put("disks", named.name, "us-central1-a", told)
    assert large.turn(resources).ok  # so that the store knows them
    emulator.calls.clear()
    assert large.plan(resources).empty
    made = Counter(call.method for call in emulator.calls)
    assert made["compute.disks.aggregatedList"] == 2
    assert made["compute.snapshots.list"] == 1
    assert made["compute.instances.aggregatedList"] == 1
    assert sum(number for method, number in made.items() if method.endswith(".get")) == 1
    assert emulator.calls.mutating() == []
