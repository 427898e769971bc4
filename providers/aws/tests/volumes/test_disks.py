"""`aws.volume`: made once, found in pages, changed and marked; asserted in bare boto3."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import Encryption, Performance
from cloudabstract.provider import RELEASED, STACK, Batch, Health, Marks

KIND = "aws.volume"


def test_a_volume_is_made_with_everything_said(make: Any, bench: Any) -> None:
    """Type, size, figures, zone, encryption with its key, and every tag in the create call."""
    speed = Performance("balanced", 4000, 250 * make.MIB)
    volume = make.volume(
        size=100 * make.GIB, performance=speed, encryption=Encryption(True, make.KEY)
    )
    bench.make(KIND, volume)
    (call,) = bench.world.aws.calls.of("CreateVolume")
    said = {name: it for name, it in call.params.items() if name not in ("TagSpecifications",)}
    token = said.pop("ClientToken")
    assert said == {
        "AvailabilityZone": "us-east-1a",
        "VolumeType": "gp3",
        "Size": 100,
        "Iops": 4000,
        "Throughput": 250,
        "MultiAttachEnabled": False,
        "Encrypted": True,
        "KmsKeyId": make.KEY,
    }
    assert len(token) == 64
    (made,) = bench.world.volumes()
    tags = {each["Key"]: each["Value"] for each in made["Tags"]}
    assert tags["cloudabstract:resource"] == "Volume/archive"
    assert tags["cloudabstract.memo:fs-type"] == "ext4"
    assert tags["Name"].startswith("shop-archive-volume-")


def test_what_is_not_encrypted_is_said_too(make: Any, bench: Any) -> None:
    """No default of the account is inherited in silence; a copy has what its source has."""
    bench.make(KIND, make.volume())
    (call,) = bench.world.aws.calls.of("CreateVolume")
    assert call.params["Encrypted"] is False
    bench.make(
        KIND, make.volume("copy", data_source=make.source("archive", "Volume")), make.volume()
    )
    (call,) = bench.world.aws.calls.of("CopyVolumes")
    assert "Encrypted" not in call.params


def test_a_new_volume_is_pending_and_one_that_is_dying_is_absent(make: Any, bench: Any) -> None:
    """`creating` is waited for; `deleting` is as good as gone, though EC2 shows it still."""
    found = bench.drivers[KIND].create(bench.wanted(KIND, make.volume()))
    assert (found.health, found.reason) == (Health.PENDING, "creating")
    bench.world.aws.clock.advance(10)
    assert bench.look(found).health is Health.READY
    bench.drivers[KIND].delete(found)
    assert [each["State"] for each in bench.world.volumes()] == ["deleting"]
    batch = Batch(found.place, {STACK: "shop"}, frozenset({found.name}), frozenset({found.id}))
    assert bench.drivers[KIND].observe(batch) == []


def test_the_same_token_with_other_tags_finds_what_was_made(make: Any, bench: Any) -> None:
    """A setting changed between the crash and the next run: no second volume."""
    wanted = bench.wanted(KIND, make.volume())
    first = bench.drivers[KIND].create(wanted)
    again = replace(wanted, labels={**wanted.labels, "protected": "true"})
    assert bench.drivers[KIND].create(again).id == first.id
    assert len(bench.world.volumes()) == 1


def test_the_token_of_a_dead_volume_is_spent(make: Any, bench: Any, world: Any) -> None:
    """The engine takes the next one."""
    wanted = bench.wanted(KIND, make.volume())
    found = bench.make(KIND, make.volume())
    bench.drivers[KIND].delete(found)
    world.aws.clock.advance(100)
    with world.session() as session, pytest.raises(Exception) as refused:
        session.drivers()[KIND].create(wanted)
    assert session.classify(refused.value).code is ErrorCode.SPENT


def test_an_update_says_what_changes_and_nothing_else(make: Any, bench: Any) -> None:
    """Growth is a size; a change of figures names the type, too; a tag is no modification."""
    found = bench.make(KIND, make.volume())
    driver, aws = bench.drivers[KIND], bench.world.aws
    found = driver.update(found, {"mount_options": ["noatime"], "size": found.fields["size"]})
    assert aws.calls.of("ModifyVolume") == ()
    assert bench.look(found).fields["mount_options"] == ["noatime"]
    found = driver.update(found, {"size": 2 * make.GIB})
    assert aws.calls.of("ModifyVolume")[0].params == {"VolumeId": found.id, "Size": 2}
    aws.clock.advance(1000)
    driver.update(bench.look(found), {"throughput": 250})
    assert aws.calls.of("ModifyVolume")[1].params == {
        "VolumeId": found.id,
        "VolumeType": "gp3",
        "Iops": 3000,
        "Throughput": 250,
    }


def test_a_volume_that_is_modified_is_told_as_it_will_be(make: Any, bench: Any) -> None:
    """PENDING until the new size is in force; a process that died meanwhile has nothing to do."""
    found = bench.make(KIND, make.volume())
    changed = bench.drivers[KIND].update(found, {"size": 2 * make.GIB})
    assert (changed.health, changed.reason) == (Health.PENDING, "modifying")
    seen = bench.look(found)
    assert (seen.health, seen.fields["size"]) == (Health.PENDING, 2 * make.GIB)
    bench.world.aws.clock.advance(60)
    seen = bench.look(found)
    assert (seen.health, seen.fields["size"]) == (Health.READY, 2 * make.GIB)
    assert seen.not_before > bench.world.aws.clock.now()
    bench.world.aws.clock.advance(1000)
    assert bench.look(found).not_before == 0.0


def test_it_is_never_without_an_owner(make: Any, bench: Any) -> None:
    """Released, taken back and disowned: after each call it says whose it is."""
    found, driver = bench.make(KIND, make.volume()), bench.drivers[KIND]
    assert isinstance(driver, Marks)
    owners = []
    add = bench.world.aws.calls.add

    def look(call: Any) -> None:
        add(call)
        tags = bench.look(found).labels if call.operation in ("CreateTags", "DeleteTags") else {}
        owners.append(tags.get(STACK) or tags.get(RELEASED))

    bench.world.aws.calls.add = look
    released = driver.mark(found, {RELEASED: "shop"})
    driver.mark(released, found.labels)
    assert {each for each in owners if each} == {"shop"}
    assert bench.look(found).labels == found.labels


def test_settings_tags_are_on_everything_and_are_repaired(make: Any, world: Any) -> None:
    """Tags of the target come with the create call; a missing one is set again."""
    world.settings = replace(world.settings, tags={"team": "web"})
    world.settled(make.volume())
    (raw,) = world.volumes()
    world.client("ec2").delete_tags(Resources=[raw["VolumeId"]], Tags=[{"Key": "team"}])
    (change,) = world.plan([make.volume()]).changes
    assert list(change.fields) == ["tags"]
    world.settled(make.volume())


def test_unwieldy_labels_come_back(make: Any, bench: Any) -> None:
    """A resource's key may be longer than a tag."""
    wanted = bench.wanted(KIND, make.volume())
    key = f"LoadBalancer/{'n' * 63}/{'.'.join(['a' * 62] * 4)}"
    found = bench.drivers[KIND].create(
        replace(wanted, labels={**wanted.labels, "resource": key}, token="1" * 64)
    )
    bench.world.aws.clock.advance(10)
    assert bench.look(found).labels["resource"] == key
