"""Whose a disk is: labels that are exact, released disks, adopted disks, strangers' labels."""

from __future__ import annotations

import pytest
from gcp_bench.storage import volume

from cloudabstract.errors import CapabilityError
from cloudabstract.model import Topology, Volume
from cloudabstract.provider import RELEASED, Batch, Found, Whose
from cloudabstract.testing.conformance.story import Story
from cloudabstract.testing.gce import Emulator
from cloudabstract_gcp import ownership

PLACE = "us-central1"
LINK = "projects/acme/zones/us-central1-b/disks/theirs"


def _theirs(emulator: Emulator, size: str = "5", **fields: str) -> str:
    """A disk that somebody else has made; its id."""
    told = {"sizeGb": size, "type": "pd-ssd", "labels": {"team": "sales"}, **fields}
    return emulator.world.put("disks", "theirs", "us-central1-b", told).id


def _adopting(ref: str, size: int = 5, **spec: object) -> Volume:
    return volume("archive", size, external_ref=ref, reclaim_policy="Retain", **spec)


@pytest.mark.parametrize(
    "value",
    ["", "shop", "Volume/archive", "a_b", "VolumeClaim/" + "n" * 63 + "/" + "a.b-c" * 50, "ä/€"],
)
def test_labels_carry_any_value_exactly(value: str) -> None:
    """Google's letters only, at most 63 each; what is read back is what was written."""
    labels = {"stack": "shop", "resource": value, "released-from": value}
    carried = ownership.to_labels(labels)
    assert all(len(each) <= 63 for pair in carried.items() for each in pair)
    assert all(each == each.lower() and "/" not in each for each in carried.values())
    assert ownership.from_labels({**carried, "team": "sales"}) == labels


def test_other_peoples_labels_stay(told: Story, emulator: Emulator) -> None:
    """When ours change, theirs are as they were."""
    told.turn([volume()])
    (disk,) = emulator.world.all("disks")
    emulator.world.change(disk.link, {"labels": {**disk.labels, "team": "sales"}})
    assert told.plan([volume()]).empty
    assert told.turn([volume(deletion_protection=True)]).ok
    (disk,) = emulator.world.all("disks")
    assert disk.labels["team"] == "sales"
    assert disk.labels["cloudabstract-protected"] == "true"


def test_a_stale_fingerprint_is_tried_again(told: Story, emulator: Emulator) -> None:
    """Somebody was quicker once (412): the labels are read again, and one turn is enough."""
    told.turn([volume()])
    emulator.faults.fail("disks.setLabels", status=412)
    assert told.turn([volume(deletion_protection=True)]).ok
    (disk,) = emulator.world.all("disks")
    assert disk.labels["cloudabstract-protected"] == "true"


@pytest.mark.parametrize("ref", ["theirs", LINK, f"https://www.googleapis.com/compute/v1/{LINK}"])
def test_a_disk_is_adopted_by_name_and_by_link(told: Story, emulator: Emulator, ref: str) -> None:
    """It gets our labels and grows with the spec; let go of, it stays, and is nobody's."""
    id_ = _theirs(emulator)
    assert told.turn([_adopting(ref)]).ok
    (disk,) = emulator.world.all("disks")
    assert (disk.id, disk.labels["cloudabstract-stack"]) == (id_, "conformance")
    assert told.plan([_adopting(ref)]).empty
    assert told.turn([_adopting(ref, 7)]).ok
    told.turn([])
    (disk,) = emulator.world.all("disks")
    assert (disk.id, disk.fields["sizeGb"]) == (id_, "7")
    assert ownership.from_labels(disk.labels)[RELEASED] == "conformance"
    assert disk.labels["team"] == "sales"


def test_what_cannot_be_meant_is_not_adopted(told: Story, emulator: Emulator) -> None:
    """No such disk, or several of that name: ST005; a zone tells them apart."""
    with pytest.raises(CapabilityError) as refused:
        told.turn([_adopting("theirs")])
    assert {problem.code for problem in refused.value.problems} == {"ST005"}
    _theirs(emulator)
    emulator.world.put("disks", "theirs", "us-central1-c", {"sizeGb": "5", "type": "pd-ssd"})
    with pytest.raises(CapabilityError):
        told.turn([_adopting("theirs")])
    assert told.turn([_adopting("theirs", topology=Topology(zones=("us-central1-c",)))]).ok


def test_what_is_adopted_does_not_shrink(told: Story, emulator: Emulator) -> None:
    """Asking for less than the disk has is VO001, and it stays a stranger's."""
    _theirs(emulator, "50")
    with pytest.raises(CapabilityError) as refused:
        told.turn([_adopting("theirs", 10)])
    assert {problem.code for problem in refused.value.problems} == {"VO001"}
    (disk,) = emulator.world.all("disks")
    assert disk.labels == {"team": "sales"}


def test_released_data_is_taken_back(told: Story, emulator: Emulator) -> None:
    """The spec without it releases a retained disk; the spec with it has the same disk again."""
    kept = volume(reclaim_policy="Retain")
    told.turn([kept])
    (before,) = emulator.world.all("disks")
    told.turn([])
    told.turn([kept])
    (after,) = emulator.world.all("disks")
    assert after.id == before.id
    assert after.labels["cloudabstract-stack"] == "conformance"


def test_batches_can_ask_for_others(told: Story, emulator: Emulator) -> None:
    """Any stack's disks, released ones too; or anybody's."""
    told.turn([volume("ours"), volume("kept", reclaim_policy="Retain")])
    told.turn([volume("ours")])
    _theirs(emulator)
    seen = {whose: _names(told, whose) for whose in Whose}
    assert seen[Whose.OURS] == ["ours"]
    assert seen[Whose.ANY_STACK] == ["kept", "ours"]
    assert seen[Whose.ANYBODY] == ["kept", "ours", "theirs"]


def _names(told: Story, whose: Whose) -> list[str]:
    session = told.harness.provider().connect()
    batch = Batch(PLACE, {"stack": "conformance"}, whose=whose)
    found: list[Found] = list(session.drivers()["gcp.disk"].observe(batch))
    return sorted(each.name.removeprefix("conformance-").split("-")[0] for each in found)
