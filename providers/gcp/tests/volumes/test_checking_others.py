"""Every field of a class, an attributes class, a snapshot and an attachment is accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from gcp_bench import answers
from gcp_bench.storage import volume

from cloudabstract.model import (
    Encryption,
    Metadata,
    Performance,
    Topology,
    VolumeAttachmentSpec,
    VolumeAttributesClass,
    VolumeAttributesClassSpec,
    VolumeClass,
    VolumeClassSpec,
    VolumeSnapshotSpec,
    VolumeSource,
)
from cloudabstract.model.volume import PerformanceChange
from cloudabstract.provider import Severity
from cloudabstract.testing.conformance.samples import attachment, snapshot

REJECT, NOTE, MIB = Severity.REJECT, Severity.NOTE, 2**20
ENCRYPTED = ("VO007", "spec.encryption.enabled", NOTE)
Row = tuple[dict[str, Any], set[tuple[str, str, Severity]]]

CLASS: dict[str, Row] = {
    "provisioner": ({"provisioner": "ebs.csi.aws.com"}, {("VO017", "spec.provisioner", REJECT)}),
    "provisioner: ours": ({"provisioner": "pd.csi.storage.gke.io"}, set()),
    "performance.tier": (
        {"performance": Performance("shared")},
        {("VO003", "spec.performance.tier", NOTE)},
    ),
    "performance.iops": (
        {"performance": Performance("cold", iops=100)},
        {("VO006", "spec.performance.iops", REJECT)},
    ),
    "performance.throughput": (
        {"performance": Performance("cold", throughput=MIB)},
        {("VO006", "spec.performance.throughput", REJECT)},
    ),
    "fsType": ({"fs_type": "xfs"}, set()),
    "mountOptions": ({"mount_options": ("suid",)}, {("VO018", "spec.mountOptions[0]", REJECT)}),
    "allowedTopologies[].region": (
        {"allowed_topologies": (Topology("nowhere-1"),)},
        {("VO009", "spec.allowedTopologies[0].region", REJECT)},
    ),
    "allowedTopologies[].zones": (
        {"allowed_topologies": (Topology(zones=("nowhere-1a",)), Topology("us-central1"))},
        set(),
    ),
    "encryption.enabled": ({"encryption": Encryption(True)}, {ENCRYPTED}),
    "encryption.key": (
        {"encryption": Encryption(True, "key-1")},
        {("VO007", "spec.encryption.key", REJECT)},
    ),
    "replication": (
        {"performance": Performance("throughput"), "replication": "regional"},
        {("VO005", "spec.replication", REJECT)},
    ),
    "providerOverrides": (
        {"provider_overrides": {"gcp": {"x": 1}}},
        {("VO017", "spec.providerOverrides.gcp.x", REJECT)},
    ),
}
CLASS_ELSEWHERE = {"reclaimPolicy", "volumeBindingMode", "allowVolumeExpansion", "default"}


@pytest.mark.parametrize("case", CLASS)
def test_a_class_is_told_what_its_volumes_would_be(case: str) -> None:
    """With the codes of volumes, before any claim uses it."""
    spec, expected = CLASS[case]
    assert answers.objections(VolumeClass(Metadata("own", ""), VolumeClassSpec(**spec))) == expected


def test_every_field_of_a_class_is_in_the_table() -> None:
    """What is not is the engine's: policies, binding, expansion and the default."""
    known = {case.partition(":")[0] for case in CLASS} | CLASS_ELSEWHERE
    assert answers.leaves(VolumeClassSpec) - known == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (PerformanceChange(tier="shared"), "VC001"),
        (PerformanceChange(iops=10**6), "VC001"),
        (PerformanceChange(throughput=2**40), "VC001"),
        (PerformanceChange(iops=5000, throughput=300 * MIB), ""),
    ],
)
def test_an_attributes_class_that_no_disk_can_have_is_rejected(
    change: PerformanceChange, code: str
) -> None:
    """All three of its fields; what some disk can have is for the plan to say."""
    made = VolumeAttributesClass(Metadata("own", ""), VolumeAttributesClassSpec(change))
    assert {told[0] for told in answers.objections(made)} == ({code} if code else set())


def test_every_field_of_an_attachment_makes_a_difference() -> None:
    """Source, instance, device and mode; a device that Google would not take is VO017."""
    usual = attachment("archive", "vm-8")
    changes: Iterable[dict[str, Any]] = (
        {"source": VolumeSource(volume="other")},
        {"instance": "vm-6"},
        {"device": "data"},
        {"read_only": True},
    )
    known = (volume(), volume("other"))
    for change in changes:
        other = replace(usual, spec=replace(usual.spec, **change))
        assert answers.parts(other, *known) != answers.parts(usual, *known), change
    wrong = replace(usual, spec=replace(usual.spec, device="/dev/sdf"))
    assert answers.objections(wrong) == {("VO017", "spec.device", REJECT)}
    left = {"source.claim"}  # the engine has followed it to its volume
    fields = {"source.volume", "instance", "device", "readOnly"}
    assert answers.leaves(VolumeAttachmentSpec) == fields | left


def test_every_field_of_a_snapshot_is_accounted_for() -> None:
    """The source is in the part; policy, protection and claims are the engine's."""
    known = (volume(), volume("other"))
    assert answers.parts(snapshot("archive"), *known) != answers.parts(snapshot("other"), *known)
    engines = {"source.claim", "deletionPolicy", "deletionProtection"}
    assert answers.leaves(VolumeSnapshotSpec) == {"source.volume"} | engines
