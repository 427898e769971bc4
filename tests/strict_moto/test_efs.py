"""Rows about EFS: file systems, mount targets, access points."""

from __future__ import annotations

from typing import Any

import pytest


def state(cloud: Any, system: str) -> str:
    [now] = cloud.efs.describe_file_systems(FileSystemId=system)["FileSystems"]
    return str(now["LifeCycleState"])


def states(efs: Any) -> list[str]:
    """Those of all access points."""
    return [one["LifeCycleState"] for one in efs.describe_access_points()["AccessPoints"]]


def mount(cloud: Any, system: str, **params: Any) -> str:
    subnet = cloud.subnets()[0]
    made = cloud.efs.create_mount_target(FileSystemId=system, SubnetId=subnet, **params)
    return str(made["MountTargetId"])


@pytest.mark.row("file-system-creating", "efs FileSystemDescription.LifeCycleState")
def test_a_new_file_system_is_creating_first(cloud: Any) -> None:
    """A file system is `creating` for a while, and has no mount targets before it is made."""
    system = cloud.efs.create_file_system(CreationToken="t")["FileSystemId"]
    assert state(cloud, system) == "creating"
    asked = {"FileSystemId": system, "SubnetId": cloud.subnets()[0]}
    cloud.refuses("IncorrectFileSystemLifeCycleState", cloud.efs.create_mount_target, **asked)
    cloud.advance(10)
    assert state(cloud, system) == "available"


@pytest.mark.row("file-system-exists", "efs FileSystemAlreadyExists.FileSystemId")
def test_the_file_system_of_a_token_is_named(cloud: Any) -> None:
    """FileSystemAlreadyExists says which file system the creation token belongs to."""
    system = cloud.file_system("t")
    create = cloud.efs.create_file_system
    error = cloud.refuses("FileSystemAlreadyExists", create, CreationToken="t")
    assert error.response.get("FileSystemId") == system


@pytest.mark.row("file-system-update", "efs UpdateFileSystem")
def test_a_file_system_can_be_updated(cloud: Any) -> None:
    """UpdateFileSystem changes the throughput mode; the file system is `updating` meanwhile."""
    system = cloud.file_system()
    answer = cloud.efs.update_file_system(FileSystemId=system, ThroughputMode="elastic")
    assert (answer["ThroughputMode"], answer["LifeCycleState"]) == ("elastic", "updating")
    again = {"FileSystemId": system, "ThroughputMode": "bursting"}
    cloud.refuses("IncorrectFileSystemLifeCycleState", cloud.efs.update_file_system, **again)
    cloud.advance(10)
    assert state(cloud, system) == "available"


@pytest.mark.row("file-system-throughput", "efs CreateFileSystemRequest.ThroughputMode")
def test_provisioned_throughput_needs_a_figure(cloud: Any) -> None:
    """ThroughputMode provisioned without ProvisionedThroughputInMibps is refused."""
    asked = {"CreationToken": "t", "ThroughputMode": "provisioned"}
    cloud.refuses("BadRequest", cloud.efs.create_file_system, **asked)


@pytest.mark.row("file-system-deleting", "efs DeleteFileSystem")
def test_a_deleted_file_system_stays_deleting_for_a_while(cloud: Any) -> None:
    """DeleteFileSystem returns while the file system is still `deleting`."""
    system = cloud.file_system()
    cloud.efs.delete_file_system(FileSystemId=system)
    assert state(cloud, system) == "deleting"
    cloud.advance(10)
    describe = cloud.efs.describe_file_systems
    cloud.refuses("FileSystemNotFound", describe, FileSystemId=system)


@pytest.mark.row("mount-target-states", "efs DeleteMountTarget")
def test_mount_targets_come_and_go_slowly(cloud: Any) -> None:
    """A mount target is `creating` and `deleting`, and until it is gone the file system stays."""
    system = cloud.file_system()
    target = mount(cloud, system)
    describe = cloud.efs.describe_mount_targets
    seen = [describe(MountTargetId=target)["MountTargets"][0]["LifeCycleState"]]
    cloud.advance(100)
    seen.append(describe(MountTargetId=target)["MountTargets"][0]["LifeCycleState"])
    cloud.efs.delete_mount_target(MountTargetId=target)
    seen.append(describe(MountTargetId=target)["MountTargets"][0]["LifeCycleState"])
    assert seen == ["creating", "available", "deleting"]
    cloud.refuses("FileSystemInUse", cloud.efs.delete_file_system, FileSystemId=system)
    cloud.advance(100)
    cloud.efs.delete_file_system(FileSystemId=system)


@pytest.mark.row("group-of-mount-target", "ec2 DeleteSecurityGroup")
def test_the_group_of_a_mount_target_cannot_be_deleted(cloud: Any) -> None:
    """A security group in use by a mount target is a dependency until that is gone."""
    group = cloud.group()
    target = mount(cloud, cloud.file_system(), SecurityGroups=[group])
    delete = cloud.ec2.delete_security_group
    cloud.refuses("DependencyViolation", delete, GroupId=group)
    cloud.efs.delete_mount_target(MountTargetId=target)
    cloud.refuses("DependencyViolation", delete, GroupId=group)
    cloud.advance(100)
    delete(GroupId=group)


@pytest.mark.row("access-point-token", "efs AccessPointAlreadyExists.AccessPointId")
def test_a_client_token_makes_one_access_point(cloud: Any) -> None:
    """CreateAccessPoint twice with one ClientToken is AccessPointAlreadyExists, and says which."""
    asked = {"ClientToken": "t", "FileSystemId": cloud.file_system()}
    made = cloud.efs.create_access_point(**asked)
    error = cloud.refuses("AccessPointAlreadyExists", cloud.efs.create_access_point, **asked)
    assert error.response["AccessPointId"] == made["AccessPointId"]


@pytest.mark.row("access-point-states", "efs AccessPointDescription.LifeCycleState")
def test_access_points_come_and_go_slowly(cloud: Any) -> None:
    """An access point is `creating`, `available`, and `deleting` before it is gone."""
    efs, system = cloud.efs, cloud.file_system()
    made = efs.create_access_point(ClientToken="t", FileSystemId=system)["AccessPointId"]
    seen = [states(efs)]
    cloud.advance(10)
    seen.append(states(efs))
    efs.delete_access_point(AccessPointId=made)
    seen.append(states(efs))
    cloud.advance(10)
    assert [*seen, states(efs)] == [["creating"], ["available"], ["deleting"], []]


@pytest.mark.row("access-point-parent", "efs CreateAccessPoint")
def test_an_access_point_needs_a_file_system(cloud: Any) -> None:
    """An access point of a file system that does not exist is FileSystemNotFound."""
    asked = {"ClientToken": "t", "FileSystemId": "fs-0123456789abcdef0"}
    cloud.refuses("FileSystemNotFound", cloud.efs.create_access_point, **asked)
