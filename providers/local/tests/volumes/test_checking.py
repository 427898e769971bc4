"""Every field of every spec is honoured, visibly degraded or rejected with a code; none is ignored.

The tables have one row for each field that a rule looks at. `HONOURED` names every other field and
the test, or the part of the product, that proves it.
"""

from __future__ import annotations

import socket
from dataclasses import fields, replace
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
from cloudabstract_local import volumes
from cloudabstract_local.settings import LocalSettings
from cloudabstract_local.volumes.probe import Abilities

ABLE = Abilities(mount=True, online_growth=True, xfs=True)
UNABLE = Abilities(why_not="only root may mount images")
REJECT, DEGRADE, NOTE = Severity.REJECT, Severity.DEGRADE, Severity.NOTE
FOLDER = {"local": {"medium": "directory"}}
Row = tuple[dict[str, Any], Abilities, set[tuple[str, str, Severity]]]

VOLUME: dict[str, Row] = {
    "nothing unusual": ({}, ABLE, set()),
    "capacity too large": (
        {"capacity": Storage(2**60)},
        ABLE,
        {("VO008", "spec.capacity.storage", REJECT)},
    ),
    "provider_overrides: a folder": (
        {"provider_overrides": FOLDER},
        ABLE,
        {("VO014", "spec.capacity.storage", DEGRADE)},
    ),
    "access_modes: many writers on an image": (
        {"access_modes": ("ReadWriteMany",)},
        ABLE,
        {("VO003", "spec.accessModes", REJECT)},
    ),
    "access_modes: many readers": ({"access_modes": ("ReadOnlyMany",)}, ABLE, set()),
    "access_modes: one pod": ({"access_modes": ("ReadWriteOncePod",)}, ABLE, set()),
    "access_modes: many readers of a folder, unmounted": (
        {"access_modes": ("ReadOnlyMany",), "provider_overrides": FOLDER},
        UNABLE,
        {("VO014", "spec.capacity.storage", DEGRADE), ("VO002", "spec.accessModes", REJECT)},
    ),
    "access_modes: many readers of an image, unmounted": (
        {"access_modes": ("ReadOnlyMany",)},
        UNABLE,
        {("VO019", "spec.volumeMode", DEGRADE), ("VO002", "spec.accessModes", DEGRADE)},
    ),
    "volume_mode: blocks of an image": ({"volume_mode": "Block"}, ABLE, set()),
    "volume_mode: blocks of a folder": (
        {"volume_mode": "Block", "performance": Performance("shared")},
        ABLE,
        {("VO014", "spec.capacity.storage", DEGRADE), ("VO004", "spec.volumeMode", REJECT)},
    ),
    "volume_mode: an image that nobody may mount": (
        {},
        UNABLE,
        {("VO019", "spec.volumeMode", DEGRADE)},
    ),
    "fs_type: xfs with its program": ({"fs_type": "xfs"}, ABLE, set()),
    "fs_type: xfs without": (
        {"fs_type": "xfs"},
        replace(ABLE, xfs=False),
        {("VO017", "spec.fsType", REJECT)},
    ),
    "fs_type: of a folder": (
        {"fs_type": "xfs", "provider_overrides": FOLDER},
        ABLE,
        {("VO014", "spec.capacity.storage", DEGRADE), ("VO017", "spec.fsType", REJECT)},
    ),
    "mount_options: allowed": ({"mount_options": ("noatime", "commit=30")}, ABLE, set()),
    "mount_options: not allowed": (
        {"mount_options": ("noatime", "suid")},
        ABLE,
        {("VO018", "spec.mountOptions[1]", REJECT)},
    ),
    "mount_options: smuggled in": (
        {"mount_options": ("noatime,suid",)},
        ABLE,
        {("VO018", "spec.mountOptions[0]", REJECT)},
    ),
    "mount_options: of a folder": (
        {"mount_options": ("noatime",), "provider_overrides": FOLDER},
        ABLE,
        {("VO014", "spec.capacity.storage", DEGRADE), ("VO018", "spec.mountOptions", REJECT)},
    ),
    "mount_options: of blocks": (
        {"mount_options": ("noatime",), "volume_mode": "Block"},
        ABLE,
        {("VO018", "spec.mountOptions", REJECT)},
    ),
    "mount_options: unmounted": (
        {"mount_options": ("noatime",)},
        UNABLE,
        {("VO019", "spec.volumeMode", DEGRADE), ("VO018", "spec.mountOptions", NOTE)},
    ),
    "topology: here": ({"topology": Topology("local", (socket.gethostname(),))}, ABLE, set()),
    "topology: a region elsewhere": (
        {"topology": Topology("us-east-1")},
        ABLE,
        {("VO009", "spec.topology", REJECT)},
    ),
    "topology: zones elsewhere": (
        {"topology": Topology(zones=("a", "b"))},
        ABLE,
        {("VO009", "spec.topology", REJECT)},
    ),
    "performance: a tier": (
        {"performance": Performance("fast")},
        ABLE,
        {("VO017", "spec.performance.tier", NOTE)},
    ),
    "performance: iops": (
        {"performance": Performance(iops=4000)},
        ABLE,
        {("VO006", "spec.performance.iops", REJECT)},
    ),
    "performance: throughput": (
        {"performance": Performance(throughput=2**28)},
        ABLE,
        {("VO006", "spec.performance.throughput", REJECT)},
    ),
    "encryption": (
        {"encryption": Encryption(True)},
        ABLE,
        {("VO007", "spec.encryption.enabled", REJECT)},
    ),
    "encryption: a key": (
        {"encryption": Encryption(True, "mine")},
        ABLE,
        {("VO007", "spec.encryption.enabled", REJECT), ("VO017", "spec.encryption.key", REJECT)},
    ),
    "encryption: a key for nothing": (
        {"encryption": Encryption(False, "mine")},
        ABLE,
        {("VO007", "spec.encryption.key", REJECT)},
    ),
    "replication": ({"replication": "regional"}, ABLE, {("VO005", "spec.replication", REJECT)}),
    "external_ref: below imports": ({"external_ref": "imports/old.img"}, ABLE, set()),
    "external_ref: elsewhere": (
        {"external_ref": "/srv/old.img"},
        ABLE,
        {("VO017", "spec.externalRef", REJECT)},
    ),
    "external_ref: as blocks": (
        {"external_ref": "imports/old.img", "volume_mode": "Block"},
        ABLE,
        {("VO004", "spec.volumeMode", REJECT)},
    ),
    "data_source: of what is adopted": (
        {"external_ref": "imports/old.img", "data_source": DataSource("Volume", "x")},
        ABLE,
        {("VO017", "spec.dataSource", REJECT)},
    ),
    "provider_overrides: unknown": (
        {"provider_overrides": {"local": {"colour": "red"}}},
        ABLE,
        {("VO017", "spec.providerOverrides.local.colour", REJECT)},
    ),
    "provider_overrides: no such medium": (
        {"provider_overrides": {"local": {"medium": "tape"}}},
        ABLE,
        {("VO017", "spec.providerOverrides.local.medium", REJECT)},
    ),
    "provider_overrides: to somebody else": (
        {"provider_overrides": {"aws": {"type": "gp2"}}},
        ABLE,
        set(),
    ),
}
CLASS: dict[str, Row] = {
    "nothing unusual": ({"volume_binding_mode": "WaitForFirstConsumer"}, ABLE, set()),
    "provisioner: ours": ({"provisioner": "local"}, ABLE, set()),
    "provisioner: none": ({"provisioner": "kubernetes.io/no-provisioner"}, ABLE, set()),
    "provisioner: another's": (
        {"provisioner": "ebs.csi.aws.com"},
        ABLE,
        {("VO017", "spec.provisioner", REJECT)},
    ),
    "performance": (
        {"performance": Performance(iops=1)},
        ABLE,
        {("VO006", "spec.performance.iops", REJECT)},
    ),
    "encryption": (
        {"encryption": Encryption(True)},
        ABLE,
        {("VO007", "spec.encryption.enabled", REJECT)},
    ),
    "replication": ({"replication": "regional"}, ABLE, {("VO005", "spec.replication", REJECT)}),
    "fs_type": (
        {"fs_type": "xfs"},
        replace(ABLE, xfs=False),
        {("VO017", "spec.fsType", REJECT)},
    ),
    "mount_options": (
        {"mount_options": ("dev",)},
        ABLE,
        {("VO018", "spec.mountOptions[0]", REJECT)},
    ),
    "allowed_topologies: one is here": (
        {"allowed_topologies": (Topology("us-east-1"), Topology("local"))},
        ABLE,
        set(),
    ),
    "allowed_topologies: none is": (
        {"allowed_topologies": (Topology("us-east-1"),)},
        ABLE,
        {("VO009", "spec.allowedTopologies", REJECT)},
    ),
    "provider_overrides": (
        {"provider_overrides": {"local": {"colour": "red"}}},
        ABLE,
        {("VO017", "spec.providerOverrides.local.colour", REJECT)},
    ),
}
ATTACHMENT: dict[str, Row] = {
    "instance: local": ({}, ABLE, set()),
    "instance: elsewhere": (
        {"instance": "i-123"},
        ABLE,
        {("VO009", "spec.instance", REJECT)},
    ),
    "device": ({"device": "/dev/sdb"}, ABLE, {("VO017", "spec.device", REJECT)}),
    "read_only": ({"read_only": True}, ABLE, set()),
    "read_only: unmounted": ({"read_only": True}, UNABLE, {("VO017", "spec.readOnly", REJECT)}),
}
# Fields that no rule looks at, and what honours them.
HONOURED = {
    VolumeSpec: {
        "volume_class_name": "the engine binds by it",
        "reclaim_policy": "the engine's label; test_owning: a released volume keeps data",
        "claim_ref": "the engine binds by it",
        "deletion_protection": "the engine's label",
        "management_policies": "the engine plans by it",
    },
    VolumeClassSpec: {
        "reclaim_policy": "the engine applies it",
        "volume_binding_mode": "the engine binds by it",
        "allow_volume_expansion": "the engine plans by it",
        "default": "the engine chooses by it",
    },
    VolumeSnapshotSpec: {
        "source": "test_snapshots",
        "deletion_policy": "the engine's label",
        "deletion_protection": "the engine's label",
    },
    VolumeAttachmentSpec: {"source": "test_using"},
}


def told(resource: Any, able: Abilities, settings: LocalSettings | None = None) -> set[Any]:
    """What the check says, and that each has a known code and a message."""
    objections = list(volumes.check(resource, settings or LocalSettings(), able))
    for each in objections:
        assert each.code in CODES
        assert each.message
        assert bool(each.reason) == (each.severity is DEGRADE)
        assert each.alternative or each.severity is NOTE
    return {(each.code, each.field, each.severity) for each in objections}


@pytest.mark.parametrize("case", VOLUME)
def test_of_a_volume(bench: Any, case: str) -> None:
    """Exactly the objections of the table."""
    change, able, expected = VOLUME[case]
    volume = bench.volume()
    assert told(replace(volume, spec=replace(volume.spec, **change)), able) == expected


@pytest.mark.parametrize("case", CLASS)
def test_of_a_class(case: str) -> None:
    """Exactly the objections of the table."""
    change, able, expected = CLASS[case]
    assert told(VolumeClass(Metadata("own", ""), VolumeClassSpec(**change)), able) == expected


@pytest.mark.parametrize("case", ATTACHMENT)
def test_of_an_attachment(bench: Any, case: str) -> None:
    """Exactly the objections of the table."""
    change, able, expected = ATTACHMENT[case]
    made = bench.attachment()
    assert told(replace(made, spec=replace(made.spec, **change)), able) == expected


def test_of_an_attributes_class() -> None:
    """Numbers are infeasible on any medium here; a tier is only a name."""
    spec = VolumeAttributesClassSpec(PerformanceChange("fast", 4000, 2**28))
    assert told(VolumeAttributesClass(Metadata("gold", ""), spec), ABLE) == {
        ("VC001", "spec.performance.iops", REJECT),
        ("VC001", "spec.performance.throughput", REJECT),
        ("VO017", "spec.performance.tier", NOTE),
    }


def test_a_snapshot_meets_no_objection(bench: Any) -> None:
    """Every field of it is honoured, on every medium."""
    assert told(bench.snapshot(), UNABLE) == set()


def test_built_in_classes_meet_no_rejection() -> None:
    """standard, the default, and fast, cold and shared; claims of them may grow."""
    assert [each.metadata.name for each in BUILT_IN_CLASSES if each.spec.default] == ["standard"]
    assert {each.metadata.name for each in BUILT_IN_CLASSES} == {
        "standard",
        "fast",
        "cold",
        "shared",
    }
    for each in BUILT_IN_CLASSES:
        assert {severity for _, _, severity in told(each, UNABLE)} <= {NOTE}
        spec = each.spec
        assert (spec.reclaim_policy, spec.allow_volume_expansion) == ("Delete", True)


def test_mount_never_is_a_choice_not_a_shortcoming(bench: Any) -> None:
    """The user said so: it is told as a note, not as a degradation."""
    settings = LocalSettings(mount="never")
    assert told(bench.volume(), ABLE, settings) == {("VO019", "spec.volumeMode", NOTE)}


def test_a_pool_of_limited_size_refuses_larger_volumes(bench: Any) -> None:
    """`capacity` of the target is the largest volume too."""
    settings = LocalSettings(capacity=2**20 * 32)
    assert told(bench.volume(mib=64), ABLE, settings) == {
        ("VO008", "spec.capacity.storage", REJECT)
    }


@pytest.mark.parametrize(
    ("spec", "table"),
    [
        (VolumeSpec, VOLUME),
        (VolumeClassSpec, CLASS),
        (VolumeAttachmentSpec, ATTACHMENT),
        (VolumeSnapshotSpec, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_no_field_is_forgotten(spec: type, table: dict[str, Row]) -> None:
    """Each has a row in its table or a line in HONOURED: a new field of the model fails here."""
    changed = {name for change, _, _ in table.values() for name in change}
    titled = {title.partition(":")[0].split(" ")[0] for title in table}
    known = changed | titled | HONOURED[spec].keys()
    assert {each.name for each in fields(spec)} - known == set()
