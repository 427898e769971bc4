"""Every field of every spec is honoured, visibly degraded or rejected with a code; none is ignored.

The tables have a row for each thing that a rule looks at. `HONOURED` names every other field and
where it is honoured; the last test holds both together against the model.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from cloudabstract.model import (
    DataSource,
    Encryption,
    Metadata,
    Performance,
    Storage,
    Topology,
    VolumeAttachmentSpec,
    VolumeAttributesClass,
    VolumeAttributesClassSpec,
    VolumeClass,
    VolumeClassSpec,
    VolumeSnapshotSpec,
    VolumeSpec,
)
from cloudabstract.model.volume import PerformanceChange
from cloudabstract.provider import BUILT_IN_CLASSES, CODES, Severity
from cloudabstract_aws import volumes

GIB, MIB = 2**30, 2**20
REJECT, DEGRADE, NOTE = Severity.REJECT, Severity.DEGRADE, Severity.NOTE
UNMOUNTED = ("VO019", "spec.volumeMode", NOTE)
GROWS = ("VO014", "spec.capacity.storage", DEGRADE)
SHARED = Performance("shared")
MANY = ("ReadWriteMany",)
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
Row = tuple[dict[str, Any], set[tuple[str, str, Severity]]]


def refused(code: str, field: str) -> tuple[str, str, Severity]:
    """One rejection."""
    return code, f"spec.{field}", REJECT


DISK: dict[str, Row] = {
    "nothing unusual": ({}, {UNMOUNTED}),
    "capacity: larger than the type": (
        {"capacity": Storage(65_537 * GIB)},
        {UNMOUNTED, refused("VO008", "capacity.storage")},
    ),
    "access_modes: one pod": ({"access_modes": ("ReadWriteOncePod",)}, {UNMOUNTED}),
    "access_modes: many readers": (
        {"access_modes": ("ReadOnlyMany",)},
        {UNMOUNTED, refused("VO002", "accessModes")},
    ),
    "access_modes: many writers of a gp3's blocks": (
        {"access_modes": MANY, "volume_mode": "Block"},
        {refused("VO003", "accessModes")},
    ),
    "access_modes: many writers of an io2's blocks": (
        {"access_modes": MANY, "volume_mode": "Block", "performance": Performance("fast")},
        set(),
    ),
    "volume_mode: blocks": ({"volume_mode": "Block"}, set()),
    "fs_type: xfs": ({"fs_type": "xfs"}, {UNMOUNTED}),
    "mount_options: allowed": ({"mount_options": ("noatime", "commit=30")}, {UNMOUNTED}),
    "mount_options: not allowed": (
        {"mount_options": ("noatime", "suid")},
        {UNMOUNTED, refused("VO018", "mountOptions[1]")},
    ),
    "mount_options: of blocks": (
        {"mount_options": ("noatime",), "volume_mode": "Block"},
        {refused("VO018", "mountOptions")},
    ),
    "topology: of the target": ({"topology": Topology("us-east-1", ("us-east-1a",))}, {UNMOUNTED}),
    "topology: a local zone": (
        {"topology": Topology("us-west-2", ("us-west-2-lax-1a",))},
        {UNMOUNTED},
    ),
    "topology: no region": (
        {"topology": Topology("nowhere-1")},
        {UNMOUNTED, refused("VO009", "topology.region")},
    ),
    "topology: a zone of another region": (
        {"topology": Topology(None, ("eu-west-1a",))},
        {UNMOUNTED, refused("VO009", "topology.zones")},
    ),
    "performance: too few iops": (
        {"performance": Performance("balanced", 100)},
        {UNMOUNTED, refused("VO006", "performance.iops")},
    ),
    "performance: more iops than the size allows": (
        {"performance": Performance("balanced", 16_000)},
        {UNMOUNTED, refused("VO006", "performance.iops")},
    ),
    "performance: iops of a disk that has none": (
        {"performance": Performance("cold", 500)},
        {UNMOUNTED, refused("VO006", "performance.iops")},
    ),
    "performance: throughput within": (
        {"performance": Performance("balanced", None, 250 * MIB)},
        {UNMOUNTED},
    ),
    "performance: throughput rounded up": (
        {"performance": Performance("balanced", None, 250 * MIB + 1)},
        {UNMOUNTED, ("VO006", "spec.performance.throughput", NOTE)},
    ),
    "performance: too little throughput": (
        {"performance": Performance("balanced", None, MIB)},
        {UNMOUNTED, refused("VO006", "performance.throughput")},
    ),
    "performance: more throughput than the iops carry": (
        {"performance": Performance("balanced", 3000, 1000 * MIB)},
        {UNMOUNTED, refused("VO006", "performance.throughput")},
    ),
    "performance: throughput of a disk that has none": (
        {"performance": Performance("throughput", None, 250 * MIB)},
        {UNMOUNTED, refused("VO006", "performance.throughput")},
    ),
    "performance: throughput that an io2 has by itself": (
        {"performance": Performance("fast", 4000, 250 * MIB)},
        {UNMOUNTED, ("VO006", "spec.performance.throughput", NOTE)},
    ),
    "performance: throughput that an io2 of these iops has not": (
        {"performance": Performance("fast", 400, 250 * MIB)},
        {UNMOUNTED, refused("VO006", "performance.throughput")},
    ),
    "encryption: with a key": ({"encryption": Encryption(True, KEY)}, {UNMOUNTED}),
    "encryption: with an alias": ({"encryption": Encryption(True, "alias/shop")}, {UNMOUNTED}),
    "encryption: a key that is none": (
        {"encryption": Encryption(True, "key-1")},
        {UNMOUNTED, refused("VO007", "encryption.key")},
    ),
    "encryption: a key and no encryption": (
        {"encryption": Encryption(False, KEY)},
        {UNMOUNTED, refused("VO007", "encryption.key")},
    ),
    "replication": (
        {"replication": "regional"},
        {UNMOUNTED, refused("VO005", "replication")},
    ),
    "external_ref: a volume": ({"external_ref": "vol-0123456789abcdef0"}, {UNMOUNTED}),
    "external_ref: a file system": (
        {"external_ref": "fs-0123456789abcdef0"},
        {UNMOUNTED, refused("VO017", "externalRef")},
    ),
    "data_source: of what is adopted": (
        {
            "external_ref": "vol-0123456789abcdef0",
            "data_source": DataSource("VolumeSnapshot", "before"),
        },
        {UNMOUNTED, refused("VO017", "dataSource")},
    ),
    "provider_overrides: a type": (
        {"provider_overrides": {"aws": {"volumeType": "io1"}}},
        {UNMOUNTED},
    ),
    "provider_overrides: a type that is none": (
        {"provider_overrides": {"aws": {"volumeType": "io9"}}},
        {UNMOUNTED, refused("VO017", "providerOverrides.aws.volumeType")},
    ),
    "provider_overrides: unknown": (
        {"provider_overrides": {"aws": {"colour": "red"}}},
        {UNMOUNTED, refused("VO017", "providerOverrides.aws.colour")},
    ),
    "provider_overrides: of another provider": (
        {"provider_overrides": {"gcp": {"colour": "red"}}},
        {UNMOUNTED},
    ),
}
FILES: dict[str, Row] = {
    "nothing unusual": ({}, {GROWS}),
    "access_modes: many readers": ({"access_modes": ("ReadOnlyMany",)}, {GROWS}),
    "access_modes: one pod": (
        {"access_modes": ("ReadWriteOncePod",)},
        {GROWS, refused("VO017", "accessModes")},
    ),
    "access_modes: many writers of a cold disk's files": (
        {"performance": Performance("cold")},
        {GROWS, refused("VO003", "accessModes")},
    ),
    "volume_mode: blocks": (
        {"volume_mode": "Block"},
        {GROWS, refused("VO004", "volumeMode")},
    ),
    "fs_type: xfs": ({"fs_type": "xfs"}, {GROWS, refused("VO017", "fsType")}),
    "mount_options: of NFS": ({"mount_options": ("tls", "nconnect=4")}, {GROWS}),
    "mount_options: of a disk": (
        {"mount_options": ("discard",)},
        {GROWS, refused("VO018", "mountOptions[0]")},
    ),
    "performance: iops": (
        {"performance": Performance("shared", 3000)},
        {GROWS, refused("VO006", "performance.iops")},
    ),
    "performance: throughput": (
        {"performance": Performance("shared", None, 100 * MIB)},
        {GROWS},
    ),
    "performance: too much throughput": (
        {"performance": Performance("shared", None, 4000 * MIB)},
        {GROWS, refused("VO006", "performance.throughput")},
    ),
    "replication": ({"replication": "regional"}, {GROWS}),
    "data_source": (
        {"data_source": DataSource("VolumeSnapshot", "before")},
        {GROWS, refused("VO017", "dataSource")},
    ),
    "external_ref: a file system": ({"external_ref": "fs-0123456789abcdef0"}, {GROWS}),
    "external_ref: a volume": (
        {"external_ref": "vol-0123456789abcdef0"},
        {GROWS, refused("VO017", "externalRef")},
    ),
    "provider_overrides: throughput and permissions": (
        {"provider_overrides": {"aws": {"throughputMode": "elastic", "permissions": "0770"}}},
        {GROWS},
    ),
    "provider_overrides: of a disk": (
        {"provider_overrides": {"aws": {"volumeType": "gp3"}}},
        {GROWS, refused("VO017", "providerOverrides.aws.volumeType")},
    ),
}
CLASS: dict[str, Row] = {
    "nothing unusual": ({}, set()),
    "provisioner: ours": ({"provisioner": "aws"}, set()),
    "provisioner: the CSI driver's": ({"provisioner": "ebs.csi.aws.com"}, set()),
    "provisioner: none": ({"provisioner": "kubernetes.io/no-provisioner"}, set()),
    "provisioner: another's": (
        {"provisioner": "pd.csi.storage.gke.io"},
        {refused("VO017", "provisioner")},
    ),
    "performance": (
        {"performance": Performance("fast", 10**6)},
        {refused("VO006", "performance.iops")},
    ),
    "performance: shared": ({"performance": SHARED}, set()),
    "fs_type: of files": (
        {"performance": SHARED, "fs_type": "xfs"},
        {refused("VO017", "fsType")},
    ),
    "mount_options": ({"mount_options": ("suid",)}, {refused("VO018", "mountOptions[0]")}),
    "allowed_topologies": (
        {"allowed_topologies": (Topology("nowhere-1"),)},
        {refused("VO009", "allowedTopologies.region")},
    ),
    "encryption": (
        {"encryption": Encryption(False, KEY)},
        {refused("VO007", "encryption.key")},
    ),
    "replication": ({"replication": "regional"}, {refused("VO005", "replication")}),
    "provider_overrides": (
        {"provider_overrides": {"aws": {"colour": "red"}}},
        {refused("VO017", "providerOverrides.aws.colour")},
    ),
}
ATTRIBUTES: dict[str, Row] = {
    "iops": ({"iops": 8000}, set()),
    "iops that nothing has": ({"iops": 10**6}, {refused("VC001", "performance.iops")}),
    "iops of a cold disk": (
        {"tier": "cold", "iops": 3000},
        {refused("VC001", "performance.iops")},
    ),
    "throughput that nothing has": (
        {"throughput": 10**5 * MIB},
        {refused("VC001", "performance.throughput")},
    ),
    "a file system": ({"tier": "shared"}, {refused("VC001", "performance.tier")}),
}
ATTACHMENT: dict[str, Row] = {
    "nothing unusual": ({}, set()),
    "device": ({"device": "/dev/sdh"}, set()),
    "device: no name of EC2's": ({"device": "C:"}, {refused("VO017", "device")}),
    "read_only": ({"read_only": True}, {refused("VO017", "readOnly")}),
}
HONOURED = {
    "VolumeSpec": {
        "volume_class_name": "engine: binding",
        "reclaim_policy": "engine: the owner's label, test_owning",
        "claim_ref": "engine: binding",
        "deletion_protection": "engine: guards_owner",
        "management_policies": "engine: permits, endings",
    },
    "VolumeClassSpec": {
        "reclaim_policy": "engine: given to the volume",
        "volume_binding_mode": "engine: binding",
        "allow_volume_expansion": "engine: guards_storage",
        "default": "engine: classes",
    },
    "VolumeSnapshotSpec": {
        "source": "expand, test_snapshots",
        "deletion_policy": "engine: the owner's label",
        "deletion_protection": "engine: guards_owner",
    },
    "VolumeAttachmentSpec": {
        "source": "expand, test_attachments",
        "instance": "expand, test_attachments",
    },
}


def told(resource: Any, make: Any) -> set[tuple[str, str, Severity]]:
    """What is objected to; every objection is complete."""
    objections = list(volumes.check(resource, make.settings()))
    for each in objections:
        assert each.code in CODES
        assert each.message
        assert each.alternative or each.severity is not REJECT
        assert bool(each.reason) == (each.severity is DEGRADE)
    return {(each.code, each.field, each.severity) for each in objections}


@pytest.mark.parametrize("row", DISK)
def test_disks(make: Any, row: str) -> None:
    """Fields of a Volume that becomes an EBS volume."""
    given, expected = DISK[row]
    spec = {"access_modes": ("ReadWriteOnce",), **given}
    size = spec.pop("capacity", Storage(GIB)).storage
    assert told(make.volume(size=size, **spec), make) == expected


@pytest.mark.parametrize("row", FILES)
def test_files(make: Any, row: str) -> None:
    """Fields of a Volume that becomes an EFS file system."""
    given, expected = FILES[row]
    assert told(make.files(**given), make) == expected


@pytest.mark.parametrize("row", CLASS)
def test_classes(make: Any, row: str) -> None:
    """Fields of a VolumeClass, tried with a volume that has room for everything."""
    given, expected = CLASS[row]
    found = told(VolumeClass(Metadata("c", ""), VolumeClassSpec(**given)), make)
    assert {each for each in found if each[2] is REJECT} == expected


@pytest.mark.parametrize("row", ATTRIBUTES)
def test_attributes_classes(make: Any, row: str) -> None:
    """What no volume can be switched to is infeasible."""
    given, expected = ATTRIBUTES[row]
    spec = VolumeAttributesClassSpec(PerformanceChange(**given))
    assert told(VolumeAttributesClass(Metadata("c", ""), spec), make) == expected


@pytest.mark.parametrize("row", ATTACHMENT)
def test_attachments(make: Any, row: str) -> None:
    """Fields of a VolumeAttachment."""
    given, expected = ATTACHMENT[row]
    assert told(make.attachment(**given), make) == expected


def test_built_in_classes_are_accepted(make: Any) -> None:
    """standard, the default, fast, cold and shared, none of them with a rejection."""
    found = {each.metadata.name: told(each, make) for each in BUILT_IN_CLASSES}
    assert list(found) == ["standard", "fast", "cold", "shared"]
    assert not [row for rows in found.values() for row in rows if row[2] is REJECT]
    assert [each.metadata.name for each in BUILT_IN_CLASSES if each.spec.default] == ["standard"]


@pytest.mark.parametrize(
    ("spec", "tables"),
    [
        (VolumeSpec, (DISK, FILES)),
        (VolumeClassSpec, (CLASS,)),
        (VolumeAttachmentSpec, (ATTACHMENT,)),
        (VolumeSnapshotSpec, ()),
        (VolumeAttributesClassSpec, ()),
    ],
)
def test_no_field_is_forgotten(spec: type, tables: tuple[dict[str, Row], ...]) -> None:
    """Each field of the model has a row, or is honoured where HONOURED says."""
    named = {name for table in tables for given, _ in table.values() for name in given}
    honoured = HONOURED.get(spec.__name__, {})
    if spec is VolumeAttributesClassSpec:
        named = {"performance"}  # all rows of ATTRIBUTES
    assert {each.name for each in fields(spec)} == named | honoured.keys()
    assert named & honoured.keys() == set()
