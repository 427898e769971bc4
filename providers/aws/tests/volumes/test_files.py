"""File systems for many writers: their whole life, through the engine, asserted in bare boto3."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import Metadata, Performance, VolumeClass, VolumeClassSpec
from cloudabstract.provider import Health


def systems(world: Any) -> list[dict[str, Any]]:
    """Every file system, by bare boto3."""
    found: list[dict[str, Any]] = world.client("efs").describe_file_systems()["FileSystems"]
    return found


def test_a_file_system_lives_and_dies_whole(make: Any, world: Any) -> None:
    """Firewall, mount targets, access point; grown by word; and then nothing is left."""
    shared = make.claim("media", volume_class_name="shared", access_modes=("ReadWriteMany",))
    report = world.settled(shared)
    (system,) = systems(world)
    efs = world.client("efs")
    targets = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]
    assert {each["SubnetId"] for each in targets} == set(world.settings.subnets)
    (point,) = efs.describe_access_points()["AccessPoints"]
    status = report["VolumeClaim/media"]
    assert (status.phase, status.capacity) == ("Bound", make.GIB)
    assert status.path == f"{system['FileSystemId']}.efs.us-east-1.amazonaws.com:/"
    assert status.condition("Degraded").reason == "CapacityNotEnforced"
    assert point["AccessPointId"] in status.condition("Mountable").message
    larger = make.claim(
        "media", 2 * make.GIB, volume_class_name="shared", access_modes=("ReadWriteMany",)
    )
    assert world.settled(larger)["VolumeClaim/media"].capacity == 2 * make.GIB
    world.settled()
    world.aws.clock.advance(60)
    assert world.left() == []


def test_nfs_is_let_in_from_the_vpc(make: Any, world: Any) -> None:
    """The mount targets have our security group, not the VPC's default one."""
    world.settled(make.files())
    (system,) = systems(world)
    efs, ec2 = world.client("efs"), world.client("ec2")
    targets = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]
    for each in targets:
        told = efs.describe_mount_target_security_groups(MountTargetId=each["MountTargetId"])
        (group,) = ec2.describe_security_groups(GroupIds=told["SecurityGroups"])["SecurityGroups"]
        (rule,) = group["IpPermissions"]
        assert (rule["FromPort"], rule["IpProtocol"]) == (2049, "tcp")
        assert [each["CidrIp"] for each in rule["IpRanges"]] == ["172.31.0.0/16"]


def test_a_file_system_is_made_with_everything_said(make: Any, world: Any) -> None:
    """Mode, throughput, encryption, backup: no default of EFS counts."""
    world.settled(make.files())
    (call,) = world.aws.calls.of("CreateFileSystem")
    said = {name: it for name, it in call.params.items() if name not in ("Tags", "CreationToken")}
    assert said == {
        "PerformanceMode": "generalPurpose",
        "Encrypted": False,
        "ThroughputMode": "bursting",
        "Backup": False,
    }


def test_a_file_system_becomes_faster_in_place(make: Any, world: Any) -> None:
    """Provisioned throughput comes and goes."""
    world.settled(make.files())
    fast = make.files(performance=Performance("shared", throughput=50 * make.MIB))
    world.settled(fast)
    (system,) = systems(world)
    assert (system["ThroughputMode"], system["ProvisionedThroughputInMibps"]) == ("provisioned", 50)
    world.settled(make.files())
    assert [each["ThroughputMode"] for each in systems(world)] == ["bursting"]


def test_a_file_system_that_is_kept_can_be_taken_back(make: Any, world: Any) -> None:
    """reclaimPolicy Retain: the data stays, everything around it goes, and comes back."""
    kept = make.files(reclaim_policy="Retain")
    world.settled(kept)
    (before,) = systems(world)
    world.settled()
    world.aws.clock.advance(60)
    assert world.left() == [before["FileSystemId"]]
    world.forget()
    world.settled(kept)
    (after,) = systems(world)
    assert (after["FileSystemId"], after["NumberOfMountTargets"]) == (before["FileSystemId"], 2)


@pytest.mark.parametrize("kind", ["aws.file_system", "aws.access_point", "aws.mount_target"])
def test_what_a_token_made_is_found_again(make: Any, bench: Any, kind: str) -> None:
    """Asked twice, by another session: the same object, and READY when EFS says so."""
    shelf = make.files()
    for needed in ("aws.file_system", "aws.security_group"):
        if needed != kind:
            bench.make(needed, shelf)
    wanted = bench.wanted(kind, shelf)
    first = bench.drivers[kind].create(wanted)
    with bench.world.session() as session:
        again = session.drivers()[kind].create(wanted)
    assert (again.id, first.health) == (first.id, Health.PENDING)
    bench.world.aws.clock.advance(100)
    used = {"aws.file_system": tuple(bench.made.values())}
    assert bench.look(first, used=used).health is Health.READY


def test_a_mount_target_that_is_gone_is_made_again(make: Any, world: Any) -> None:
    """Somebody deleted one: the next apply repairs it."""
    world.settled(make.files())
    (system,) = systems(world)
    efs = world.client("efs")
    target = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"][0]
    efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    world.aws.clock.advance(100)
    world.settled(make.files())
    assert systems(world)[0]["NumberOfMountTargets"] == 2


def test_a_claim_of_an_old_default_keeps_its_file_system(make: Any, world: Any) -> None:
    """Its class was shared by a default that is gone: networks are looked up for it all the same,
    also when the store that remembered the class is lost."""
    default = VolumeClass(
        Metadata("shared"), VolumeClassSpec(performance=Performance("shared"), default=True)
    )
    claim = make.claim("media")
    world.settled(default, claim)
    (system,) = systems(world)
    assert [each.key for each in world.plan([claim]).changes] == []
    world.forget()
    plan = world.plan([claim])
    assert [each.key for each in plan.changes] == []
    assert world.apply(claim).ok
    assert [each["FileSystemId"] for each in systems(world)] == [system["FileSystemId"]]
