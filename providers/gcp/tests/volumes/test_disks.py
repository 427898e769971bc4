"""What is sent to Compute Engine for a volume, and what comes of changes."""

from __future__ import annotations

from typing import Any

import pytest
from gcp_bench.storage import volume

from cloudabstract.model import DataSource, Encryption, Performance, Topology
from cloudabstract.testing.conformance.samples import attachment, restored, snapshot
from cloudabstract.testing.conformance.story import Story
from cloudabstract.testing.gce import Emulator

MIB = 2**20
KEY = "projects/acme/locations/us-central1/keyRings/shop/cryptoKeys/disks"
TYPES = {
    "standard": (Performance("standard"), "zonal", "pd-balanced"),
    "balanced": (Performance("balanced"), "zonal", "pd-balanced"),
    "fast": (Performance("fast"), "zonal", "pd-ssd"),
    "fast with iops": (Performance("fast", iops=5000), "zonal", "hyperdisk-balanced"),
    "throughput": (Performance("throughput"), "zonal", "hyperdisk-throughput"),
    "cold": (Performance("cold"), "zonal", "pd-standard"),
    "standard twice": (Performance("standard"), "regional", "pd-balanced"),
    "fast twice": (Performance("fast"), "regional", "pd-ssd"),
    "fast with iops twice": (
        Performance("fast", iops=5000),
        "regional",
        "hyperdisk-balanced-high-availability",
    ),
    "cold twice": (Performance("cold"), "regional", "pd-standard"),
}


def _sent(emulator: Emulator, method: str) -> list[dict[str, Any]]:
    return [dict(call.body) for call in emulator.calls if call.method == f"compute.{method}"]


def _disk(emulator: Emulator) -> dict[str, Any]:
    (disk,) = emulator.world.all("disks")
    return dict(disk.fields)


def _name(link: str) -> str:
    return link.rpartition("/")[2]


@pytest.mark.parametrize("case", TYPES)
def test_each_tier_is_a_type(told: Story, emulator: Emulator, case: str) -> None:
    """The type of the disk that stands is the one that the tier means."""
    performance, replication, expected = TYPES[case]
    report = told.turn([volume(performance=performance, replication=replication)])
    assert report.ok, report.outcomes
    assert _name(_disk(emulator)["type"]) == expected
    assert told.plan([volume(performance=performance, replication=replication)]).empty


def test_every_figure_is_sent(told: Story, emulator: Emulator) -> None:
    """A Hyperdisk gets its IOPS, throughput and access mode from us, none from Google."""
    told.turn([volume(size=20, performance=Performance("fast", throughput=250 * MIB))])
    disk = _disk(emulator)
    assert (disk["provisionedIops"], disk["provisionedThroughput"]) == ("3000", "250")
    assert (disk["accessMode"], disk["sizeGb"]) == ("READ_WRITE_SINGLE", "20")


def test_iops_and_throughput_change_in_place_in_one_call(told: Story, emulator: Emulator) -> None:
    """Both rates in one update, after the size; the disk stays the same."""
    told.turn([volume(size=20, performance=Performance("fast", iops=4000))])
    before = _disk(emulator)["id"]
    emulator.calls.clear()
    faster = volume(size=30, performance=Performance("fast", iops=12000, throughput=300 * MIB))
    assert told.turn([faster]).ok
    disk = _disk(emulator)
    assert (disk["id"], disk["sizeGb"]) == (before, "30")
    assert (disk["provisionedIops"], disk["provisionedThroughput"]) == ("12000", "300")
    methods = [call.method for call in emulator.calls.mutating()]
    assert methods == ["compute.disks.resize", "compute.disks.update"]


def test_sizes_are_what_the_iops_need(told: Story, emulator: Emulator) -> None:
    """500 IOPS for each GiB: 4,000 of them take 8 GiB, and the plan says why."""
    small = volume(size=1, performance=Performance("fast", iops=4000))
    (change,) = told.plan([small]).changes
    assert any("hyperdisk-balanced needs" in note for note in change.notes)
    told.turn([small])
    assert _disk(emulator)["sizeGb"] == "8"


def test_a_regional_disk_stands_in_two_zones(told: Story, emulator: Emulator) -> None:
    """In those that the topology names, else in the first two of the region; it grows in place."""
    told.turn([volume(size=10, replication="regional")])
    zones = sorted(_name(each) for each in _disk(emulator)["replicaZones"])
    assert zones == ["us-central1-a", "us-central1-b"]
    assert told.turn([volume(size=12, replication="regional")]).ok
    assert _disk(emulator)["sizeGb"] == "12"


def test_a_volume_stands_where_its_topology_says(told: Story, emulator: Emulator) -> None:
    """The first zone that is named; without any, the first of the region, on every turn."""
    told.turn([volume("here"), volume("there", topology=Topology(zones=("us-central1-c",)))])
    places = {disk.name.split("-")[1]: disk.place for disk in emulator.world.all("disks")}
    assert places == {"here": "us-central1-a", "there": "us-central1-c"}


def test_a_key_of_ones_own_encrypts(told: Story, emulator: Emulator) -> None:
    """It is sent, and that Google answers with a version of the key is no difference."""
    wanted = volume(encryption=Encryption(True, KEY))
    told.turn([wanted])
    disk = _disk(emulator)
    assert disk["diskEncryptionKey"] == {"kmsKeyName": KEY}
    version = {"kmsKeyName": f"{KEY}/cryptoKeyVersions/3"}
    emulator.world.change(disk["selfLink"], {"diskEncryptionKey": version})
    assert told.plan([wanted]).empty


def test_labels_say_what_the_instance_is_to_do(told: Story, emulator: Emulator) -> None:
    """File system and options stand on the disk in Google's letters, and change in place."""
    told.turn([volume(fs_type="xfs", mount_options=("noatime", "allocsize=64k"))])
    labels = _disk(emulator)["labels"]
    assert labels["volume-fs-type"] == "xfs"
    assert labels["volume-mount-options"] == "noatime_2callocsize_3d64k"
    assert told.turn([volume(fs_type="xfs")]).ok
    assert "volume-mount-options" not in _disk(emulator)["labels"]
    assert told.plan([volume(fs_type="xfs")]).empty


def test_many_writers_get_a_hyperdisk(told: Story, emulator: Emulator) -> None:
    """ReadWriteMany as blocks, in tier fast: READ_WRITE_MANY, attached to two instances."""
    shared = volume(
        access_modes=("ReadWriteMany",), volume_mode="Block", performance=Performance("fast")
    )
    users = (attachment("archive", "vm-6", "one"), attachment("archive", "vm-8", "two"))
    assert told.turn([shared, *users]).ok
    disk = _disk(emulator)
    assert (_name(disk["type"]), disk["accessMode"]) == ("hyperdisk-balanced", "READ_WRITE_MANY")
    assert sorted(_name(each) for each in disk["users"]) == ["vm-6", "vm-8"]


def test_a_clone_begins_where_its_source_is(told: Story, emulator: Emulator) -> None:
    """Google clones within a zone: without a zone of its own, the clone stands beside it."""
    there = volume("archive", topology=Topology(zones=("us-central1-f",)))
    clone = volume("clone", size=2, data_source=DataSource("Volume", "archive"))
    assert told.turn([there, clone]).ok
    disks = {disk.name.split("-")[1]: disk for disk in emulator.world.all("disks")}
    assert disks["clone"].place == "us-central1-f"
    assert disks["clone"].fields["sourceDiskId"] == disks["archive"].id
    assert told.plan([there, clone]).empty


def test_a_restored_volume_outlives_its_snapshot(told: Story, emulator: Emulator) -> None:
    """The snapshot stands in the disk's region; without it the restored disk is as it was."""
    kept = (volume(), restored("before"))
    told.turn([*kept, snapshot("archive")])
    (copy,) = emulator.world.all("snapshots")
    assert copy.fields["storageLocations"] == ["us-central1"]
    before = {disk.id for disk in emulator.world.all("disks")}
    assert told.turn(kept).ok
    assert {disk.id for disk in emulator.world.all("disks")} == before
    assert emulator.world.all("snapshots") == []


def test_an_override_names_any_type(told: Story, emulator: Emulator) -> None:
    """providerOverrides.gcp.type goes before the tier; its IOPS have the smallest figure."""
    told.turn([volume(size=100, provider_overrides={"gcp": {"type": "hyperdisk-extreme"}})])
    disk = _disk(emulator)
    assert (_name(disk["type"]), disk["provisionedIops"]) == ("hyperdisk-extreme", "200")
    assert "accessMode" not in disk
