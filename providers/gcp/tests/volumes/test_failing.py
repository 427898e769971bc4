"""What goes wrong on Google's side is told clearly, loses nothing, and another turn settles it."""

from __future__ import annotations

import pytest
from gcp_bench.storage import volume

from cloudabstract.errors import CapabilityError, ErrorCode
from cloudabstract.provider import Batch, Found, Health
from cloudabstract.testing.conformance.samples import snapshot
from cloudabstract.testing.conformance.story import Story
from cloudabstract.testing.gce import Emulator

PLACE = "us-central1"
STATES = {
    "CREATING": Health.PENDING,
    "RESTORING": Health.PENDING,
    "READY": Health.READY,
    "FAILED": Health.FAILED,
    "UNAVAILABLE": Health.FAILED,
}


def _seen(told: Story, kind: str = "gcp.disk") -> list[Found]:
    driver = told.harness.provider().connect().drivers()[kind]
    return list(driver.observe(Batch(PLACE, {"stack": "conformance"})))


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_a_disk_is_its_health(told: Story, emulator: Emulator, state: str) -> None:
    """What Google is still working on is PENDING, what it gave up is FAILED, and says why."""
    told.turn([volume()])
    (disk,) = emulator.world.all("disks")
    emulator.world.change(disk.link, {"status": state})
    (found,) = _seen(told)
    assert found.health is STATES[state]
    assert (state in found.reason) == (state != "READY")


def test_a_disk_that_is_being_deleted_is_gone(told: Story, emulator: Emulator) -> None:
    """DELETING counts as absent: what holds data is reported lost, and not made anew."""
    told.turn([volume()])
    (disk,) = emulator.world.all("disks")
    emulator.world.change(disk.link, {"status": "DELETING"})
    assert _seen(told) == []
    assert told.turn([volume()]).statuses[volume().key].reason == "Lost"


@pytest.mark.parametrize("method", ["disks.insert", "snapshots.insert"])
def test_what_could_not_be_made_is_tried_again(
    told: Story, emulator: Emulator, method: str
) -> None:
    """An operation that ends DONE with an error: told with Google's words, and nobody lost data."""
    resources = (volume(), snapshot("archive"))
    emulator.faults.fail_operation(method)
    failed = told.turn(resources).failed[0]
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.EXHAUSTED
    assert failed.failure.native == "ZONE_RESOURCE_POOL_EXHAUSTED"
    report = told.turn(resources)
    assert report.ok, report.failed
    assert len(told.alive()) == 2


def test_a_growth_that_fails_leaves_the_disk_as_it_was(told: Story, emulator: Emulator) -> None:
    """The next turn grows it."""
    told.turn([volume()])
    emulator.faults.fail_operation("disks.resize", "QUOTA_EXCEEDED", "Quota exceeded.", 403)
    assert not told.turn([volume(size=2)]).ok
    assert told.turn([volume(size=2)]).ok
    assert [disk.fields["sizeGb"] for disk in emulator.world.all("disks")] == ["2"]


def test_a_used_up_quota_stops_one_disk_only(told: Story, emulator: Emulator) -> None:
    """The others are made; the message names the quota and what to do."""
    emulator.quotas.limit("SSD_TOTAL_GB", 15, PLACE)
    report = told.turn([volume("small"), volume("large", 100)])
    (failed,) = report.failed
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.EXHAUSTED
    assert "SSD_TOTAL_GB" in failed.failure.message
    assert "quota" in failed.failure.remedy
    assert report.exit_code == 3
    assert len(told.alive()) == 1


def test_a_permission_that_is_missing_is_named(told: Story, emulator: Emulator) -> None:
    """DENIED, with Google's name of the permission; once granted, one turn settles."""
    emulator.permissions.deny("compute.disks.create")
    report = told.turn([volume()])
    assert report.exit_code == 1
    assert "compute.disks.create" in str(report.failed[0].failure)
    emulator.permissions.allow("compute.disks.create")
    assert told.turn([volume()]).ok


def test_an_unreachable_zone_is_not_an_empty_one(told: Story, emulator: Emulator) -> None:
    """Nothing is made again, lost or deleted while its zone does not answer."""
    resources = [volume("one"), volume("two")]
    told.turn(resources)
    before = {each.id for each in told.alive()}
    emulator.faults.unreachable("us-central1-a")
    plan = told.plan([volume("one")])
    assert plan.empty
    assert {each.code for each in plan.objections} >= {"ST004"}
    told.turn(resources)
    told.turn([])
    emulator.faults.clear()
    assert {each.id for each in told.alive()} == before
    assert told.plan(resources).empty


def test_another_regions_silence_is_no_matter(told: Story, emulator: Emulator) -> None:
    """A zone that is none of ours may be silent."""
    emulator.faults.unreachable("europe-west1-b")
    assert told.turn([volume()]).ok
    assert told.plan([volume()]).empty


def test_the_name_of_a_strangers_disk_is_taken(told: Story, emulator: Emulator) -> None:
    """ST001, and the stranger's disk is as it was."""
    name = next(iter(told.plan([volume()]).named.values())).name
    emulator.world.put("disks", name, "us-central1-a", {"sizeGb": "1", "type": "pd-ssd"})
    with pytest.raises(CapabilityError) as refused:
        told.turn([volume()])
    assert [problem.code for problem in refused.value.problems] == ["ST001"]
    (disk,) = emulator.world.all("disks")
    assert disk.labels == {}


def test_a_disk_in_use_is_waited_for_and_then_told(told: Story, emulator: Emulator) -> None:
    """A disk that a stranger's instance holds cannot be deleted; the message says who has it."""
    told.turn([volume()])
    (disk,) = emulator.world.all("disks")
    path = "projects/acme/zones/us-central1-a/instances/vm-6/attachDisk"
    emulator.request("POST", path, {"source": disk.link, "deviceName": "theirs"})
    emulator.advance(5)
    (failed,) = told.turn([]).failed
    assert "instances/vm-6" in str(failed.failure)
    assert len(emulator.world.all("disks")) == 1
