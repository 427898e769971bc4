"""Claims live their whole life on Compute Engine, through Google's client and over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloudabstract import CapabilityError, ConsentError, Stack
from cloudabstract.model import LoadBalancer, Resource
from cloudabstract.testing.gce import Emulator

EXAMPLES = Path(__file__).parents[4] / "examples"
GIB = 2**30


def _claim(size: str, name: str = "orders", **spec: Any) -> dict[str, Any]:
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"kind": "VolumeClaim", "metadata": {"name": name}, "spec": {**wanted, **spec}}


def _stored(stack: Stack, example: str) -> list[Resource]:
    """What an example stores; its balancers are tried elsewhere."""
    read = stack.read(str(EXAMPLES / example / f"{example}.yaml"))
    return [each for each in read.resources if not isinstance(each, LoadBalancer)]


def _sizes(emulator: Emulator) -> list[int]:
    return sorted(int(disk.fields["sizeGb"]) for disk in emulator.world.all("disks"))


@pytest.mark.parametrize("example", ["shop", "snapshots"])
def test_the_examples_live_and_die(stack: Stack, served: Emulator, example: str) -> None:
    """Made in one apply, after which nothing is left to do; deleted, nothing of ours is left."""
    resources = _stored(stack, example)
    report = stack.apply(resources)
    assert report.ok, report.outcomes
    assert stack.plan(resources).empty
    claims = [each for each in resources if each.KIND == "VolumeClaim"]
    assert {report.statuses[each.key].phase for each in claims} == {"Bound"}
    data = [str(each.key) for each in resources if each.KIND in ("VolumeClaim", "VolumeSnapshot")]
    assert stack.delete(allow_data_loss=data).ok
    kept = {disk.labels.get("cloudabstract-released-from") for disk in served.world.all("disks")}
    assert kept <= {"shop"}, "what has class `ledger` is retained, and is ours no more"
    assert served.world.all("snapshots") == []


def test_a_claim_grows_and_never_shrinks(stack: Stack, served: Emulator) -> None:
    """The same disk gets larger; less is refused with VO001 before anything is touched."""
    stack.apply([_claim("1Gi")])
    (before,) = served.world.all("disks")
    report = stack.apply([_claim("3Gi")])
    assert report["VolumeClaim/orders"].capacity == 3 * GIB
    assert [(disk.id, disk.fields["sizeGb"]) for disk in served.world.all("disks")] == [
        (before.id, "3")
    ]
    with pytest.raises(CapabilityError) as refused:
        stack.apply([_claim("2Gi")])
    assert [problem.code for problem in refused.value.problems] == ["VO001"]
    assert _sizes(served) == [3]


def test_small_claims_are_rounded_up_and_the_plan_says_so(stack: Stack, served: Emulator) -> None:
    """64Mi become the smallest disk there is, and stay so when they become 128Mi."""
    (change,) = stack.plan([_claim("64Mi")]).changes
    assert any("rounded up from 64Mi" in note for note in change.notes)
    stack.apply([_claim("64Mi")])
    assert stack.plan([_claim("128Mi")]).empty
    assert _sizes(served) == [1]


def test_a_snapshot_is_restored_into_a_larger_claim(stack: Stack, served: Emulator) -> None:
    """The new disk begins as the snapshot, and may not be smaller than it (VO013)."""
    copy = {
        "kind": "VolumeSnapshot",
        "metadata": {"name": "before"},
        "spec": {"source": {"claim": "orders"}},
    }
    source = {"dataSource": {"kind": "VolumeSnapshot", "name": "before"}}
    first = [_claim("2Gi"), copy]
    assert stack.apply(first)["VolumeSnapshot/before"].restore_size == 2 * GIB
    with pytest.raises(CapabilityError) as refused:
        stack.apply([*first, _claim("1Gi", "restored", **source)])
    assert [problem.code for problem in refused.value.problems] == ["VO013"]
    assert stack.apply([*first, _claim("4Gi", "restored", **source)]).ok
    (snapshot,) = served.world.all("snapshots")
    restored = [disk for disk in served.world.all("disks") if "sourceSnapshot" in disk.fields]
    assert [disk.fields["sourceSnapshotId"] for disk in restored] == [snapshot.id]
    assert _sizes(served) == [2, 4]


def test_a_change_of_type_is_refused_with_the_safe_way(stack: Stack, served: Emulator) -> None:
    """A disk's type is fixed: VO012 names the snapshot to go by, and nothing is touched."""
    stack.apply([_claim("1Gi")])
    fixed = {"kind": "VolumeAttributesClass", "metadata": {"name": "colder"}}
    colder = {**fixed, "spec": {"performance": {"tier": "cold"}}}
    with pytest.raises(ConsentError, match=r"VO012.*type cannot change.*VolumeSnapshot"):
        stack.apply([colder, _claim("1Gi", volumeAttributesClassName="colder")])
    assert [disk.fields["type"].rpartition("/")[2] for disk in served.world.all("disks")] == [
        "pd-balanced"
    ]


def test_data_goes_only_by_name(stack: Stack, served: Emulator) -> None:
    """Deleting without naming the claim is refused; with retain_data the disk is released."""
    stack.apply([_claim("1Gi")])
    with pytest.raises(ConsentError):
        stack.delete()
    assert stack.delete(retain_data=True).ok
    (disk,) = served.world.all("disks")
    assert disk.labels["cloudabstract-released-from"] == "shop"
    assert "cloudabstract-stack" not in disk.labels
