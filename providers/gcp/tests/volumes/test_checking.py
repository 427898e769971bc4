"""Every field of a volume is honoured, visibly told of or rejected with a code; none is ignored.

`CHANGES` has the fields that the parts honour: another value makes other parts. `OBJECTIONS` has
what is told or rejected. `ELSEWHERE` names who honours the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gcp_bench import answers
from gcp_bench.storage import GIB, volume

from cloudabstract.model import (
    DataSource,
    Encryption,
    Performance,
    Storage,
    Topology,
    VolumeSpec,
)
from cloudabstract.provider import Severity

REJECT, NOTE = Severity.REJECT, Severity.NOTE
KEY = "projects/acme/locations/us-central1/keyRings/shop/cryptoKeys/disks"
FAST, MIB = Performance("fast", iops=4000), 2**20
MOUNTED = ("VO019", "spec.volumeMode", NOTE)
ENCRYPTED = ("VO007", "spec.encryption.enabled", NOTE)
Row = tuple[dict[str, Any], set[tuple[str, str, Severity]]]

CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "capacity.storage": ({}, {"capacity": Storage(5 * GIB)}),
    "accessModes": (
        {"performance": FAST, "volume_mode": "Block"},
        {"access_modes": ("ReadWriteMany",)},
    ),
    "volumeMode": ({}, {"volume_mode": "Block"}),
    "fsType": ({}, {"fs_type": "xfs"}),
    "mountOptions": ({}, {"mount_options": ("noatime",)}),
    "topology.zones": ({}, {"topology": Topology(zones=("us-central1-c",))}),
    "performance.tier": ({}, {"performance": Performance("cold")}),
    "performance.iops": ({"performance": FAST}, {"performance": Performance("fast", iops=5000)}),
    "performance.throughput": (
        {"performance": FAST},
        {"performance": replace(FAST, throughput=200 * MIB)},
    ),
    "encryption.key": (
        {"encryption": Encryption(True)},
        {"encryption": Encryption(True, KEY)},
    ),
    "replication": ({}, {"replication": "regional"}),
    "externalRef": ({}, {"external_ref": "data"}),
    "dataSource.kind": (
        {"data_source": DataSource("VolumeSnapshot", "before")},
        {"data_source": DataSource("Volume", "other")},
    ),
    "dataSource.name": (
        {"data_source": DataSource("VolumeSnapshot", "before")},
        {"data_source": DataSource("VolumeSnapshot", "after")},
    ),
    "providerOverrides": ({}, {"provider_overrides": {"gcp": {"type": "pd-ssd"}}}),
}

OBJECTIONS: dict[str, Row] = {
    "nothing unusual": ({}, {MOUNTED}),
    "capacity.storage: too large": (
        {"capacity": Storage(65537 * GIB)},
        {MOUNTED, ("VO008", "spec.capacity.storage", REJECT)},
    ),
    "accessModes: many writers of files": (
        {"access_modes": ("ReadWriteMany",)},
        {MOUNTED, ("VO003", "spec.accessModes", REJECT)},
    ),
    "accessModes: many writers of blocks": (
        {"access_modes": ("ReadWriteMany",), "volume_mode": "Block"},
        {("VO003", "spec.accessModes", REJECT)},
    ),
    "accessModes: many writers of fast blocks": (
        {
            "access_modes": ("ReadWriteMany",),
            "volume_mode": "Block",
            "performance": Performance("fast"),
        },
        set(),
    ),
    "accessModes: many readers": (
        {"access_modes": ("ReadOnlyMany",)},
        {MOUNTED, ("VO002", "spec.accessModes", NOTE)},
    ),
    "accessModes: one writer or many readers": (
        {"access_modes": ("ReadWriteOnce", "ReadOnlyMany")},
        {MOUNTED},
    ),
    "accessModes: many readers of a Hyperdisk": (
        {"access_modes": ("ReadOnlyMany",), "performance": Performance("throughput")},
        {MOUNTED, ("VO002", "spec.accessModes", REJECT)},
    ),
    "accessModes: one pod": ({"access_modes": ("ReadWriteOncePod",)}, {MOUNTED}),
    "volumeMode: blocks": ({"volume_mode": "Block"}, set()),
    "mountOptions: not allowed": (
        {"mount_options": ("noatime", "suid")},
        {MOUNTED, ("VO018", "spec.mountOptions[1]", REJECT)},
    ),
    "mountOptions: smuggled in": (
        {"mount_options": ("noatime,suid",)},
        {MOUNTED, ("VO018", "spec.mountOptions[0]", REJECT)},
    ),
    "mountOptions: of blocks": (
        {"mount_options": ("noatime",), "volume_mode": "Block"},
        {("VO018", "spec.mountOptions", REJECT)},
    ),
    "topology.region: this one": ({"topology": Topology("us-central1")}, {MOUNTED}),
    "topology.region: another": (
        {"topology": Topology("europe-west1")},
        {MOUNTED, ("VO009", "spec.topology.region", REJECT)},
    ),
    "topology.zones: another region's": (
        {"topology": Topology(zones=("europe-west1-b",))},
        {MOUNTED, ("VO009", "spec.topology.zones[0]", REJECT)},
    ),
    "performance.tier: shared": (
        {"performance": Performance("shared")},
        {MOUNTED, ("VO003", "spec.performance.tier", REJECT)},
    ),
    "performance.iops: of a Persistent Disk": (
        {"performance": Performance("standard", iops=4000)},
        {MOUNTED, ("VO006", "spec.performance.iops", REJECT)},
    ),
    "performance.iops: too few": (
        {"performance": Performance("fast", iops=100)},
        {MOUNTED, ("VO006", "spec.performance.iops", REJECT)},
    ),
    "performance.iops: too few for so many TiB": (
        {
            "capacity": Storage(4096 * GIB),
            "performance": Performance(iops=200),
            "provider_overrides": {"gcp": {"type": "hyperdisk-extreme"}},
        },
        {MOUNTED, ("VO006", "spec.performance.iops", REJECT)},
    ),
    "performance.throughput: of a Persistent Disk": (
        {"performance": Performance("cold", throughput=MIB)},
        {MOUNTED, ("VO006", "spec.performance.throughput", REJECT)},
    ),
    "performance.throughput: more than the IOPS carry": (
        {"performance": Performance("fast", iops=4000, throughput=1100 * MIB)},
        {MOUNTED, ("VO006", "spec.performance.throughput", REJECT)},
    ),
    "performance.throughput: rounded up": (
        {"performance": Performance("fast", throughput=200 * MIB + 1)},
        {MOUNTED, ("VO006", "spec.performance.throughput", NOTE)},
    ),
    "encryption.enabled": ({"encryption": Encryption(True)}, {MOUNTED, ENCRYPTED}),
    "encryption.key: no key": (
        {"encryption": Encryption(True, "key-1")},
        {MOUNTED, ("VO007", "spec.encryption.key", REJECT)},
    ),
    "encryption.key: without encryption": (
        {"encryption": Encryption(False, KEY)},
        {MOUNTED, ("VO007", "spec.encryption.key", REJECT)},
    ),
    "replication: of a type in one zone": (
        {"replication": "regional", "performance": Performance("throughput")},
        {MOUNTED, ("VO005", "spec.replication", REJECT)},
    ),
    "replication: in one zone": (
        {"replication": "regional", "topology": Topology(zones=("us-central1-a",))},
        {MOUNTED, ("VO005", "spec.topology.zones", REJECT)},
    ),
    "externalRef: no disk": (
        {"external_ref": "vol-0123/x"},
        {MOUNTED, ("VO017", "spec.externalRef", REJECT)},
    ),
    "externalRef: a disk in two zones": (
        {"external_ref": "projects/acme/regions/us-central1/disks/data"},
        {MOUNTED, ("VO017", "spec.externalRef", REJECT)},
    ),
    "externalRef: with a source": (
        {"external_ref": "data", "data_source": DataSource("Volume", "other")},
        {MOUNTED, ("VO017", "spec.dataSource", REJECT)},
    ),
    "externalRef: keeps its type": (
        {"external_ref": "data", "performance": Performance("cold")},
        {MOUNTED, ("VO017", "spec.performance.tier", NOTE)},
    ),
    "providerOverrides: unknown": (
        {"provider_overrides": {"gcp": {"colour": "red"}}},
        {MOUNTED, ("VO017", "spec.providerOverrides.gcp.colour", REJECT)},
    ),
    "providerOverrides: no such type": (
        {"provider_overrides": {"gcp": {"type": "gp3"}}},
        {MOUNTED, ("VO017", "spec.providerOverrides.gcp.type", REJECT)},
    ),
    "providerOverrides: another's": ({"provider_overrides": {"aws": {"x": 1}}}, {MOUNTED}),
}

ELSEWHERE = {
    "volumeClassName": "the engine, when it binds and applies classes",
    "reclaimPolicy": "the engine; its label is on the disk",
    "claimRef.name": "the engine, when it binds; its label is on the disk",
    "claimRef.namespace": "the engine, and the namespace of a snapshot that is restored",
    "deletionProtection": "the engine; its label is on the disk",
    "managementPolicies": "the engine",
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_field_that_is_honoured_changes_the_parts(field: str) -> None:
    """Neither value is rejected, and they make different parts."""
    usual, change = CHANGES[field]
    before, after = volume(**usual), volume(**{**usual, **change})
    told = answers.objections(before) | answers.objections(after)
    assert REJECT not in {severity for _, _, severity in told}
    assert answers.parts(before, volume("other")) != answers.parts(after, volume("other"))


@pytest.mark.parametrize("case", OBJECTIONS)
def test_what_cannot_be_is_told_with_its_code(case: str) -> None:
    """Just these objections, each with a way out."""
    spec, expected = OBJECTIONS[case]
    asked = volume(**spec)
    assert answers.objections(asked) == expected


def test_every_field_of_a_volume_is_in_the_tables() -> None:
    """A field that is added to the model must be decided about here."""
    known = {*CHANGES, *ELSEWHERE, *(case.partition(":")[0] for case in OBJECTIONS)}
    assert answers.leaves(VolumeSpec) - known == set()
