"""Volumes at instances: whose an attachment is, device names, and what others attached."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import Performance

KIND = "aws.attachment"


def attachments(world: Any) -> dict[str, tuple[str, str]]:
    """Volume -> (instance, device), of our volumes, by bare boto3."""
    return {
        raw["VolumeId"]: (each["InstanceId"], each["Device"])
        for raw in world.volumes()
        for each in raw["Attachments"]
        if each["State"] == "attached"
    }


def test_a_volume_is_attached_in_the_zone_of_its_instance(
    make: Any, world: Any, instance: str
) -> None:
    """By name; status tells the device; the instance's own disk is left alone."""
    spec = (make.volume(), make.attachment())
    report = world.settled(*spec)
    (raw,) = world.volumes()
    assert raw["AvailabilityZone"] == "us-east-1b"
    assert attachments(world) == {raw["VolumeId"]: (instance, "/dev/sdf")}
    status = report["VolumeAttachment/mount"]
    assert status.device == "/dev/sdf"
    assert status.condition("Attached").status == "True"
    world.settled(make.volume())
    world.aws.clock.advance(60)
    assert attachments(world) == {}
    world.forget()
    world.settled(make.volume())


def test_every_volume_gets_a_device_of_its_own(make: Any, world: Any, instance: str) -> None:
    """Attached at the same time by several threads; one that is asked for is kept."""
    volumes = [make.volume(f"v{index}") for index in range(5)]
    asked = [make.attachment(f"v{index}", name=f"a{index}") for index in range(4)]
    asked.append(make.attachment("v4", name="a4", device="/dev/sdp"))
    world.settled(*volumes, *asked)
    devices = sorted(device for _, device in attachments(world).values())
    assert devices[-1] == "/dev/sdp"
    assert len(set(devices)) == 5


def test_what_others_attached_is_left_alone(make: Any, world: Any, instance: str) -> None:
    """Somebody attached our volume by hand: it is not detached because the spec does not say so."""
    world.settled(make.volume(), make.attachment())
    world.settled(make.volume())
    world.aws.clock.advance(60)
    (raw,) = world.volumes()
    world.client("ec2").attach_volume(
        VolumeId=raw["VolumeId"], InstanceId=instance, Device="/dev/sdm"
    )
    world.aws.clock.advance(60)
    for _ in range(2):
        world.settled(make.volume())
        assert attachments(world) == {raw["VolumeId"]: (instance, "/dev/sdm")}
        world.forget()


def test_what_others_attached_is_not_taken_over(make: Any, world: Any, instance: str) -> None:
    """It would be detached one day: TAKEN, and how to go on."""
    there = make.volume(topology=type(make.volume().spec.topology)(None, ("us-east-1b",)))
    world.settled(there)
    (raw,) = world.volumes()
    world.client("ec2").attach_volume(
        VolumeId=raw["VolumeId"], InstanceId=instance, Device="/dev/sdm"
    )
    world.aws.clock.advance(60)
    report = world.apply(there, make.attachment())
    (failed,) = report.failed
    assert failed.failure.code.value == "TAKEN"


def test_another_device_is_another_attachment(make: Any, world: Any, instance: str) -> None:
    """It goes before it comes back: the plan says that there is a gap."""
    world.settled(make.volume(), make.attachment(device="/dev/sdg"))
    later = (make.volume(), make.attachment(device="/dev/sdh"))
    (change,) = world.plan(later).changes
    assert (change.action.value, change.gap) == ("replace", True)
    world.settled(*later)
    assert [device for _, device in attachments(world).values()] == ["/dev/sdh"]


def test_an_instance_that_is_not_there_fails_alone(make: Any, world: Any) -> None:
    """The volume is made; the message says what is missing."""
    report = world.apply(make.volume(), make.attachment(instance="nobody"))
    (failed,) = report.failed
    assert "no instance called 'nobody'" in str(failed.failure)
    assert len(world.volumes()) == 1


def test_blocks_can_be_shared_by_several_instances(make: Any, world: Any, instance: str) -> None:
    """An io2 with Multi-Attach at two instances, detached from one of them."""
    ec2 = world.client("ec2")
    (image,) = {
        each["ImageId"]
        for told in ec2.describe_instances()["Reservations"]
        for each in told["Instances"]
    }
    other = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, Placement={"AvailabilityZone": "us-east-1b"}
    )["Instances"][0]["InstanceId"]
    world.aws.clock.advance(60)
    shared = make.volume(
        access_modes=("ReadWriteMany",), volume_mode="Block", performance=Performance("fast")
    )
    both = (make.attachment(name="a"), make.attachment(instance=other, name="b"))
    world.settled(shared, *both)
    (raw,) = world.volumes()
    assert {each["InstanceId"] for each in raw["Attachments"]} == {instance, other}
    world.settled(shared, both[0])
    world.aws.clock.advance(60)
    (raw,) = world.volumes()
    assert {each["InstanceId"] for each in raw["Attachments"]} == {instance}


def test_a_volume_that_was_detached_by_others_is_attached_again(
    make: Any, world: Any, instance: str
) -> None:
    """It is drift like any other."""
    world.settled(make.volume(), make.attachment())
    (raw,) = world.volumes()
    world.client("ec2").detach_volume(VolumeId=raw["VolumeId"])
    world.aws.clock.advance(60)
    world.settled(make.volume(), make.attachment())
    assert list(attachments(world)) == [raw["VolumeId"]]


@pytest.mark.parametrize("device", [None, "/dev/sdk"])
def test_an_attachment_is_made_once(
    make: Any, bench: Any, instance: str, device: str | None
) -> None:
    """Asked twice, as after a lost answer: the same one."""
    spec = (make.volume(), make.attachment(device=device))
    bench.make("aws.volume", *spec)
    wanted = bench.wanted(KIND, *spec)
    first = bench.drivers[KIND].create(wanted)
    again = bench.drivers[KIND].create(wanted)
    assert (again.id, again.name, again.labels) == (first.id, first.name, first.labels)
    assert len(bench.world.aws.calls.of("AttachVolume")) == 1
