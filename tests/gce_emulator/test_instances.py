"""Instances hold disks, and let go of them."""

from __future__ import annotations

from typing import Any

ZONE, OTHER = "us-central1-a", "us-central1-b"
HERE = f"zones/{ZONE}"


def _attach(source: str, **fields: Any) -> dict[str, Any]:
    return {"source": source, "deviceName": "data", **fields}


def test_an_instance_has_an_address_in_the_default_network(api: Any) -> None:
    """Minimal as it is, it has a network interface in its region's subnetwork."""
    api.make(f"{HERE}/instances", "one")
    instance = api.get(f"{HERE}/instances/one")
    (interface,) = instance["networkInterfaces"]
    assert interface["networkIP"].startswith("10.128.")
    assert interface["subnetwork"].endswith("/regions/us-central1/subnetworks/default")
    assert instance["status"] == "RUNNING"


def test_an_attached_disk_names_its_user_and_cannot_be_deleted(api: Any) -> None:
    """In use: 400 resourceInUseByAnotherResource with both names; detached, it can go."""
    instance = api.make(f"{HERE}/instances", "one")
    disk = api.make(f"{HERE}/disks", "data")
    api.done("POST", f"{HERE}/instances/one/attachDisk", _attach(disk))
    shown = api.get(f"{HERE}/disks/data")
    assert shown["users"] == [instance]
    assert "lastAttachTimestamp" in shown
    status, body = api.call("DELETE", f"{HERE}/disks/data")
    reason = body["error"]["errors"][0]["reason"]
    assert (status, reason) == (400, "resourceInUseByAnotherResource")
    assert body["error"]["message"] == (
        f"The disk resource 'projects/acme/{HERE}/disks/data' is already being used by "
        f"'projects/acme/{HERE}/instances/one'"
    )
    api.done("POST", f"{HERE}/instances/one/detachDisk", deviceName="data")
    assert "users" not in api.get(f"{HERE}/disks/data")
    assert api.call("DELETE", f"{HERE}/disks/data")[0] == 200


def test_a_disk_is_attached_for_writing_once(api: Any) -> None:
    """A second instance is refused; read-only instances may share."""
    disk = api.make(f"{HERE}/disks", "data")
    for name in ("one", "two"):
        api.make(f"{HERE}/instances", name)
    api.done("POST", f"{HERE}/instances/one/attachDisk", _attach(disk))
    refused = api.refusal("POST", f"{HERE}/instances/two/attachDisk", _attach(disk))
    assert refused == (400, "resourceInUseByAnotherResource")
    shared = api.make(f"{HERE}/disks", "shared")
    for name in ("one", "two"):
        read = _attach(shared, deviceName="shared", mode="READ_ONLY")
        api.done("POST", f"{HERE}/instances/{name}/attachDisk", read)
    assert len(api.get(f"{HERE}/disks/shared")["users"]) == 2


def test_a_disk_of_another_zone_cannot_be_attached(api: Any) -> None:
    """Zonal disks stay in their zone."""
    api.make(f"{HERE}/instances", "one")
    disk = api.make(f"zones/{OTHER}/disks", "data")
    refused = api.refusal("POST", f"{HERE}/instances/one/attachDisk", _attach(disk))
    assert refused == (400, "invalid")


def test_a_regional_disk_can_be_attached_in_both_its_zones(api: Any) -> None:
    """And in no third."""
    zones = [ZONE, OTHER]
    disk = api.make("regions/us-central1/disks", "data", replicaZones=zones)
    for zone, status in ((OTHER, 200), ("us-central1-c", 400)):
        api.make(f"zones/{zone}/instances", "one")
        path = f"zones/{zone}/instances/one/attachDisk"
        read = _attach(disk, mode="READ_ONLY")
        assert api.call("POST", path, read)[0] == status


def test_a_device_that_is_not_attached_cannot_be_detached(api: Any) -> None:
    """The device name decides, not the disk's name."""
    api.make(f"{HERE}/instances", "one")
    path = f"{HERE}/instances/one/detachDisk"
    assert api.refusal("POST", path, deviceName="data") == (400, "invalid")


def test_an_instance_takes_with_it_the_disks_that_ask_for_it(api: Any) -> None:
    """autoDelete removes a disk with its instance; others stay, free."""
    disks = [
        {
            "source": api.make(f"{HERE}/disks", name),
            "deviceName": name,
            "autoDelete": name == "boot",
        }
        for name in ("boot", "data")
    ]
    api.make(f"{HERE}/instances", "one", disks=disks)
    api.done("DELETE", f"{HERE}/instances/one")
    assert api.refusal("GET", f"{HERE}/disks/boot") == (404, "notFound")
    assert "users" not in api.get(f"{HERE}/disks/data")
