"""Disks and snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.gce import Emulator

ZONE = "us-central1-a"
DISKS, REGIONAL = f"zones/{ZONE}/disks", "regions/us-central1/disks"


def _disk(api: Any, name: str = "data", **fields: Any) -> Any:
    api.make(DISKS, name, **fields)
    return api.get(f"{DISKS}/{name}")


def test_an_empty_disk_is_a_pd_standard_of_500_gb(api: Any) -> None:
    """With nothing said, size and type are Google's defaults."""
    disk = _disk(api)
    assert (disk["sizeGb"], disk["type"].rsplit("/", 1)[-1]) == ("500", "pd-standard")
    assert disk["physicalBlockSizeBytes"] == "4096"


def test_a_new_resource_has_what_the_server_adds(api: Any) -> None:
    """Kind, numeric id, link, zone, creation time and a fingerprint of the labels."""
    disk = _disk(api)
    assert disk["kind"] == "compute#disk"
    assert disk["id"].isdigit()
    assert disk["selfLink"].endswith(f"/projects/acme/{DISKS}/data")
    assert disk["zone"].endswith(f"/zones/{ZONE}")
    assert disk["creationTimestamp"].startswith("2026-01-01T00:00:00")
    assert len(disk["labelFingerprint"]) == 12


def test_a_disk_is_creating_and_then_ready(emulator: Emulator, api: Any) -> None:
    """Its status follows the insert."""
    api.call("POST", DISKS, {"name": "data"})
    assert api.get(f"{DISKS}/data")["status"] == "CREATING"
    emulator.advance(5)
    assert api.get(f"{DISKS}/data")["status"] == "READY"


def test_a_disk_is_found_by_its_numeric_id(api: Any) -> None:
    """A path takes the name or the id; a new disk of the same name has another id."""
    first = _disk(api)
    assert api.get(f"{DISKS}/{first['id']}")["name"] == "data"
    api.done("DELETE", f"{DISKS}/data")
    assert _disk(api)["id"] != first["id"]
    assert api.refusal("GET", f"{DISKS}/{first['id']}") == (404, "notFound")


def test_a_disk_type_that_the_zone_lacks_is_not_found(api: Any) -> None:
    """A bare name, a partial path and a full URL mean the same type."""
    partial = f"zones/{ZONE}/diskTypes/pd-ssd"
    full = f"https://compute.googleapis.com/compute/v1/projects/acme/{partial}"
    kinds = ["pd-ssd", partial, f"projects/acme/{partial}", full]
    links = {_disk(api, f"d{n}", type=kind)["type"] for n, kind in enumerate(kinds)}
    assert len(links) == 1
    wrong = {"name": "data", "type": f"zones/{ZONE}/diskTypes/pd-fast"}
    assert api.refusal("POST", DISKS, wrong) == (404, "notFound")


@pytest.mark.parametrize("size", ["0", "-1", "65537"])
def test_a_size_out_of_range_is_refused(api: Any, size: str) -> None:
    """Sizes are greater than 0 and at most 64 TiB."""
    assert api.refusal("POST", DISKS, {"name": "data", "sizeGb": size}) == (400, "invalid")


def test_a_disk_grows_and_never_shrinks(api: Any) -> None:
    """A resize to the same size is no growth either."""
    _disk(api, sizeGb="10")
    api.done("POST", f"{DISKS}/data/resize", {"sizeGb": "20"})
    assert api.get(f"{DISKS}/data")["sizeGb"] == "20"
    for size in ("10", "20"):
        refused = api.refusal("POST", f"{DISKS}/data/resize", {"sizeGb": size})
        assert refused == (400, "invalid")


def test_only_some_types_take_iops(api: Any) -> None:
    """Hyperdisks do, persistent disks of type pd-ssd do not."""
    assert (
        _disk(api, type="hyperdisk-balanced", provisionedIops="4000")["provisionedIops"] == "4000"
    )
    wrong = {"name": "slow", "type": "pd-ssd", "provisionedIops": "4000"}
    assert api.refusal("POST", DISKS, wrong) == (400, "invalid")


def test_an_update_changes_the_fields_of_its_mask(api: Any) -> None:
    """IOPS can change, the type cannot."""
    _disk(api, type="hyperdisk-balanced", provisionedIops="4000")
    body = {"name": "data", "provisionedIops": "5000", "description": "x"}
    api.done("PATCH", f"{DISKS}/data", body, updateMask="provisionedIops")
    disk = api.get(f"{DISKS}/data")
    assert (disk["provisionedIops"], "description" in disk) == ("5000", False)
    wrong = {"name": "data", "type": "pd-ssd"}
    assert api.refusal("PATCH", f"{DISKS}/data", wrong) == (400, "invalid")


def test_a_regional_disk_lies_in_two_zones_of_its_region(api: Any) -> None:
    """Exactly two, and of that region."""
    api.make(REGIONAL, "data", replicaZones=[ZONE, f"projects/acme/zones/{ZONE[:-1]}b"])
    disk = api.get(f"{REGIONAL}/data")
    assert [zone[-1] for zone in disk["replicaZones"]] == ["a", "b"]
    assert disk["type"].endswith("/regions/us-central1/diskTypes/pd-standard")
    for zones in ([ZONE], [ZONE, ZONE], [ZONE, "us-east1-b"]):
        refused = api.refusal("POST", REGIONAL, {"name": "other", "replicaZones": zones})
        assert refused == (400, "invalid")


def test_a_snapshot_remembers_its_disk(api: Any) -> None:
    """createSnapshot is an operation on the disk, and makes a global snapshot."""
    disk = _disk(api, sizeGb="10")
    body = {"name": "before", "labels": {"app": "shop"}}
    operation = api.done("POST", f"{DISKS}/data/createSnapshot", body)
    assert (operation["operationType"], operation["targetId"]) == ("createSnapshot", disk["id"])
    snapshot = api.get("global/snapshots/before")
    assert (snapshot["diskSizeGb"], snapshot["status"]) == ("10", "READY")
    assert (snapshot["sourceDisk"], snapshot["sourceDiskId"]) == (disk["selfLink"], disk["id"])
    assert snapshot["labels"] == {"app": "shop"}


def test_a_snapshot_can_be_inserted_from_a_disk(api: Any) -> None:
    """The newer way; a snapshot of nothing is refused, and one of a missing disk not found."""
    _disk(api)
    api.make("global/snapshots", "before", sourceDisk=f"{DISKS}/data")
    assert api.get("global/snapshots/before")["status"] == "READY"
    assert api.refusal("POST", "global/snapshots", {"name": "x"}) == (400, "required")
    gone = {"name": "x", "sourceDisk": f"{DISKS}/gone"}
    assert api.refusal("POST", "global/snapshots", gone) == (404, "notFound")


def test_a_snapshot_outlives_its_disk(api: Any) -> None:
    """Neither keeps the other from being deleted."""
    _disk(api)
    api.done("POST", f"{DISKS}/data/createSnapshot", {"name": "before"})
    api.done("DELETE", f"{DISKS}/data")
    assert api.get("global/snapshots/before")["status"] == "READY"
    assert api.call("DELETE", "global/snapshots/before")[0] == 200


def test_a_restored_disk_is_as_large_as_its_snapshot_or_larger(api: Any) -> None:
    """The size defaults to the snapshot's, and cannot be less."""
    _disk(api, sizeGb="20")
    api.done("POST", f"{DISKS}/data/createSnapshot", {"name": "before"})
    restored = _disk(api, "restored", sourceSnapshot="global/snapshots/before")
    assert restored["sizeGb"] == "20"
    assert restored["sourceSnapshotId"] == api.get("global/snapshots/before")["id"]
    small = {"name": "small", "sizeGb": "10", "sourceSnapshot": "global/snapshots/before"}
    assert api.refusal("POST", DISKS, small) == (400, "invalid")
    clone = _disk(api, "clone", sourceDisk=f"{DISKS}/data", sizeGb="30")
    assert clone["sizeGb"] == "30"
