"""Volumes that a person made with bare boto3 are discovered, adopted, and planned empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from cloudabstract import Stack
from cloudabstract.model import Performance, Resource, Volume, VolumeSpec
from cloudabstract.provider import STACK

Hands = Any  # see conftest.py
Adopted = Callable[..., list[Resource]]
GIB, MIB = 2**30, 2**20
IGNORED = "cloudabstract.dev/ignore-fields"
OWNER = f"cloudabstract:{STACK}"


def only(resources: list[Resource]) -> VolumeSpec:
    """The spec of the one volume."""
    (volume,) = resources
    return cast(Volume, volume).spec


def tags_of(hands: Hands, id_: str) -> dict[str, str]:
    """The tags of a volume."""
    (told,) = hands.ec2.describe_volumes(VolumeIds=[id_])["Volumes"]
    return {each["Key"]: each["Value"] for each in told["Tags"]}


def test_a_volume_keeps_its_tags_and_gets_ours(hands: Hands, adopted: Adopted) -> None:
    """Everything at its default: nothing to be said but its size; what is on it nobody knows."""
    id_ = hands.volume("pg data", 20, AvailabilityZone="us-east-1b")
    (volume,) = adopted()
    assert str(volume.key) == "Volume/pg-data"
    spec = only([volume])
    assert (spec.capacity.storage, spec.volume_mode) == (20 * GIB, "Filesystem")
    assert volume.metadata.annotations == {IGNORED: "aws.volume/fs_type"}
    assert (spec.performance, spec.encryption, spec.topology.zones) == (None, None, ())
    assert spec.reclaim_policy == "Retain"
    told = tags_of(hands, id_)
    assert (told["Name"], told["owner"], told[OWNER]) == ("pg data", "dba", "shop")


@pytest.mark.parametrize(
    ("asked", "performance", "overrides"),
    [
        ({"VolumeType": "gp2"}, None, {"volumeType": "gp2"}),
        ({"VolumeType": "standard"}, None, {"volumeType": "standard"}),
        ({"VolumeType": "io2", "Iops": 3000}, Performance("fast"), {}),
        ({"VolumeType": "io2", "Iops": 4000}, Performance("fast", 4000), {}),
        (
            {"VolumeType": "io1", "Iops": 200},
            Performance("fast", 200),
            {"volumeType": "io1"},
        ),
        ({"VolumeType": "st1", "Size": 125}, Performance("throughput"), {}),
        ({"VolumeType": "sc1", "Size": 125}, Performance("cold"), {}),
        ({"Iops": 3500}, Performance("standard", 3500), {}),
        ({"Throughput": 250}, Performance("standard", None, 250 * MIB), {}),
        ({"Iops": 4000, "Throughput": 1000}, Performance("standard", None, 1000 * MIB), {}),
    ],
    ids=str,
)
def test_types_and_figures_are_said_where_they_are_not_the_usual_ones(
    hands: Hands, adopted: Adopted, asked: Any, performance: Performance | None, overrides: Any
) -> None:
    """By tier where there is one; a figure that others bring along is not said twice."""
    size = asked.pop("Size", 8)
    hands.volume("", size, **asked)
    plain = performance is None or (performance.iops, performance.throughput) == (None, None)
    spec = only(adopted(local=plain))
    assert spec.performance == performance
    assert spec.provider_overrides == ({"aws": overrides} if overrides else {})


def test_an_encrypted_volume_and_one_that_is_shared(hands: Hands, adopted: Adopted) -> None:
    """The key is Amazon's affair, and stays the one it is."""
    hands.volume("secret", 8, Encrypted=True)
    hands.volume("both", 8, VolumeType="io2", Iops=3000, MultiAttachEnabled=True)
    both, secret = (cast(Volume, each).spec for each in adopted(local=False))
    assert (both.access_modes, both.volume_mode) == (("ReadWriteMany",), "Block")
    assert secret.encryption is not None
    assert (secret.encryption.enabled, secret.encryption.key) == (True, None)


def test_an_attached_volume_stays_attached(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """It can be had without the attachment; what instances start from is not offered."""
    (machine,) = hands.instances()
    id_ = hands.volume("data")
    hands.ec2.attach_volume(VolumeId=id_, InstanceId=machine, Device="/dev/sdf")
    (found,) = stack_of().discover()
    assert f"it is attached to {machine} as /dev/sdf, and stays so" in found.portable.unsaid
    adopted()
    (told,) = hands.ec2.describe_volumes(VolumeIds=[id_])["Volumes"]
    assert [each["InstanceId"] for each in told["Attachments"]] == [machine]


def test_volumes_of_one_name_are_told_apart(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """Names need not be unique on AWS. Each is known by its id: one that vanishes is lost, and no
    empty one is made in its place.
    """
    ids = [hands.volume("twin"), hands.volume("twin"), hands.volume()]
    spec = adopted()
    assert [str(each.key) for each in spec][:2] == ["Volume/twin", "Volume/twin-2"]
    assert all(tags_of(hands, each)[OWNER] == "shop" for each in ids)
    for each in ids:
        hands.ec2.delete_volume(VolumeId=each)
    plan = stack_of().plan(spec)
    assert plan.empty
    assert [each.code for each in plan.objections if each.code == "VO016"] == ["VO016"] * 3


def test_a_file_system_brings_what_leads_to_it(hands: Hands, adopted: Adopted) -> None:
    """Mount targets and access points of any sort stay as they are, and nobody's."""
    system = hands.efs.create_file_system(
        CreationToken="by hand",
        ThroughputMode="elastic",
        Tags=[{"Key": "Name", "Value": "home"}],
    )["FileSystemId"]
    target = hands.efs.create_mount_target(FileSystemId=system, SubnetId=hands.subnets[0])
    root = {"Path": "/users"}
    hands.efs.create_access_point(FileSystemId=system, ClientToken="1", RootDirectory=root)
    spec = only(adopted())
    assert spec.access_modes == ("ReadWriteMany",)
    assert spec.provider_overrides == {
        "aws": {"throughputMode": "elastic", "mountTargets": "own"},
    }
    known = hands.efs.describe_mount_targets(FileSystemId=system)["MountTargets"]
    assert [each["MountTargetId"] for each in known] == [target["MountTargetId"]]
    (point,) = hands.efs.describe_access_points()["AccessPoints"]
    assert not point.get("Tags")


def test_a_file_system_of_ours_comes_back_whole(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """Released by its stack, it is read with its mount targets, firewall and access point."""
    spec = {
        "kind": "Volume",
        "metadata": {"name": "shelf"},
        "spec": {
            "capacity": {"storage": "5Gi"},
            "accessModes": ["ReadWriteMany"],
            "performance": {"tier": "shared"},
        },
    }
    shop = stack_of()
    assert shop.apply([spec]).ok
    assert shop.release("Volume/shelf").ok
    (found,) = shop.discover()
    kinds = {each.kind for each in found.objects}
    assert kinds == {
        "aws.file_system",
        "aws.mount_target",
        "aws.access_point",
        "aws.security_group",
    }
    read = only(adopted())
    assert read.capacity.storage == 5 * GIB
    assert read.provider_overrides == {}
