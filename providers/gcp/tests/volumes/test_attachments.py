"""Disks at instances: ours, strangers', shared and alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gcp_bench.storage import volume

from cloudabstract.model import Topology, VolumeAttachment, VolumeSource
from cloudabstract.testing.conformance.samples import attachment, claim
from cloudabstract.testing.conformance.story import Story
from cloudabstract.testing.gce import Emulator


def _at(emulator: Emulator, instance: str) -> list[dict[str, Any]]:
    found = emulator.world.find("instances", instance)
    assert found is not None
    return list(found.fields["disks"])


def _wanted(instance: str = "vm-8", name: str = "mount", **spec: Any) -> VolumeAttachment:
    made = attachment("archive", instance, name)
    return replace(made, spec=replace(made.spec, **spec))


def test_a_disk_is_attached_and_detached(told: Story, emulator: Emulator) -> None:
    """By a device name of our own, never to be deleted with its instance; then it is gone."""
    report = told.turn([volume(), _wanted()])
    (entry,) = _at(emulator, "vm-8")
    (disk,) = emulator.world.all("disks")
    assert (entry["autoDelete"], entry["mode"]) == (False, "READ_WRITE")
    assert entry["deviceName"] == disk.name
    device = report["VolumeAttachment/mount"].device
    assert device == f"/dev/disk/by-id/google-{disk.name}"
    assert told.turn([volume()]).ok
    assert _at(emulator, "vm-8") == []


def test_a_device_name_can_be_chosen(told: Story, emulator: Emulator) -> None:
    """It is found again by the store, and without the store when it is wanted again."""
    wanted = [volume(), _wanted(device="data")]
    report = told.turn(wanted)
    assert report["VolumeAttachment/mount"].device == "/dev/disk/by-id/google-data"
    assert told.plan(wanted).empty
    told.forget()
    emulator.calls.clear()
    assert told.turn(wanted).ok
    assert emulator.calls.mutating() == []


def test_what_others_attached_stays(told: Story, emulator: Emulator) -> None:
    """Our disk at an instance, by somebody else's doing: no plan would detach it."""
    told.turn([volume()])
    (disk,) = emulator.world.all("disks")
    path = "projects/acme/zones/us-central1-a/instances/vm-6/attachDisk"
    emulator.request("POST", path, {"source": disk.link, "deviceName": "theirs"})
    emulator.advance(5)
    assert told.plan([volume()]).empty
    assert told.turn([volume(size=2)]).ok
    assert [entry["deviceName"] for entry in _at(emulator, "vm-6")] == ["theirs"]


def test_many_read_one_disk(told: Story, emulator: Emulator) -> None:
    """ReadOnlyMany: two instances at once, both for reading only, whatever they ask for."""
    shared = volume(access_modes=("ReadOnlyMany",))
    assert told.turn([shared, _wanted("vm-6", "one"), _wanted("vm-8", "two")]).ok
    modes = [entry["mode"] for each in ("vm-6", "vm-8") for entry in _at(emulator, each)]
    assert modes == ["READ_ONLY", "READ_ONLY"]


def test_one_pod_means_one_instance(told: Story, emulator: Emulator) -> None:
    """ReadWriteOncePod: a second attachment is refused, even for reading; the first stays."""
    alone = volume(access_modes=("ReadWriteOncePod",))
    told.turn([alone, _wanted("vm-6", "one", read_only=True)])
    second = _wanted("vm-8", "two", read_only=True)
    report = told.turn([alone, _wanted("vm-6", "one", read_only=True), second])
    (failed,) = report.failed
    assert "ReadWriteOncePod" in str(failed.failure)
    assert len(_at(emulator, "vm-6")) == 1
    assert _at(emulator, "vm-8") == []


def test_reading_only_is_attached_anew(told: Story, emulator: Emulator) -> None:
    """The mode cannot change in place: detached first, then attached again; the disk stays."""
    told.turn([volume(), _wanted()])
    (before,) = emulator.world.all("disks")
    (change,) = told.plan([volume(), _wanted(read_only=True)]).changes
    assert change.gap
    assert told.turn([volume(), _wanted(read_only=True)]).ok
    assert [entry["mode"] for entry in _at(emulator, "vm-8")] == ["READ_ONLY"]
    assert [disk.id for disk in emulator.world.all("disks")] == [before.id]


def test_another_zone_is_out_of_reach(told: Story, emulator: Emulator) -> None:
    """The message says where both are and what to do; a disk in both zones can be attached."""
    report = told.turn([volume(), _wanted("vm-9")])
    (failed,) = report.failed
    assert "us-central1-a" in str(failed.failure)
    assert "topology.zones" in str(failed.failure)
    told.turn([])
    pair = volume(
        size=10,
        replication="regional",
        topology=Topology(zones=("us-central1-a", "us-central1-b")),
    )
    assert told.turn([pair, _wanted("vm-9")]).ok
    assert len(_at(emulator, "vm-9")) == 1


def test_a_claim_stands_where_its_first_consumer_is(told: Story, emulator: Emulator) -> None:
    """In the zone of the instance, and it stays there when that is gone."""
    source = VolumeSource(claim="files")
    consumer = _wanted("vm-9", source=source)
    assert told.turn([claim(), consumer]).ok
    assert [disk.place for disk in emulator.world.all("disks")] == ["us-central1-b"]
    assert told.turn([claim()]).ok
    assert told.plan([claim()]).empty


def test_an_attachment_moves_with_a_gap(told: Story, emulator: Emulator) -> None:
    """To another instance: detached first, also when the store is lost; the disk stays."""
    told.turn([volume(), _wanted("vm-6")])
    told.forget()
    assert told.turn([volume(), _wanted("vm-8")]).ok
    assert _at(emulator, "vm-6") == []
    assert len(_at(emulator, "vm-8")) == 1
    (disk,) = emulator.world.all("disks")
    assert len([key for key in disk.labels if key.startswith("attached-")]) == 2


def test_another_attachment_takes_over_the_disk_in_one_turn(
    told: Story, emulator: Emulator
) -> None:
    """Under another name, at another instance: detached there first, then attached here."""
    told.turn([volume(), _wanted("vm-6")])
    moved = [volume(), _wanted("vm-8", "other")]
    assert told.turn(moved).ok
    assert (_at(emulator, "vm-6"), len(_at(emulator, "vm-8"))) == ([], 1)
    assert told.plan(moved).empty


def test_an_instance_that_is_gone_takes_its_attachment_along(
    told: Story, emulator: Emulator
) -> None:
    """Without the instance there is nothing to detach: the spec without it settles."""
    told.turn([volume(), _wanted()])
    found = emulator.world.find("instances", "vm-8")
    assert found is not None
    emulator.world.remove(found.link)
    assert told.turn([volume()]).ok
    assert told.plan([volume()]).empty
