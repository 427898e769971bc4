"""The world from outside: what exists, what was called, and what strangers do."""

from __future__ import annotations

from typing import Any

from cloudabstract.testing.gce import Emulator

ZONE = "us-central1-a"
DISKS = f"zones/{ZONE}/disks"


def test_the_world_shows_what_exists(emulator: Emulator, api: Any) -> None:
    """Every resource with its place, labels and fields; copies, so that nothing can be changed."""
    link = api.make(DISKS, "data", labels={"app": "shop"}, sizeGb="10")
    (disk,) = emulator.world.all()
    assert (disk.collection, disk.name, disk.place, disk.link) == ("disks", "data", ZONE, link)
    assert disk.labels == {"app": "shop"}
    assert disk.fields == api.get(f"{DISKS}/data")
    disk.fields["labels"].clear()
    assert emulator.world.all()[0].labels == {"app": "shop"}
    assert emulator.world.find("networks", "default") is not None


def test_strangers_make_change_and_remove(emulator: Emulator, api: Any) -> None:
    """At once, without an operation, and whatever the API would say."""
    made = emulator.world.put("disks", "foreign", ZONE, {"sizeGb": "10", "type": "pd-ssd"})
    assert api.get(f"{DISKS}/foreign")["status"] == "READY"
    emulator.world.change(made.link, {"sizeGb": "5"})
    assert api.get(f"{DISKS}/foreign")["sizeGb"] == "5"
    emulator.world.remove(made.link)
    assert api.refusal("GET", f"{DISKS}/foreign") == (404, "notFound")


def test_a_resource_that_vanished_is_found_missing_by_its_users(
    emulator: Emulator, api: Any
) -> None:
    """A change of the user then fails: what it refers to is gone."""
    check = api.make("global/healthChecks", "web", type="TCP")
    api.make("global/backendServices", "web", healthChecks=[check])
    emulator.world.remove(check)
    present = api.get("global/backendServices/web")["fingerprint"]
    patch = {"timeoutSec": 7, "fingerprint": present}
    refused = api.refusal("PATCH", "global/backendServices/web", patch)
    assert refused == (404, "notFound")


def test_every_call_is_logged_with_its_permissions(emulator: Emulator, api: Any) -> None:
    """Method, path, permissions, status and reason; reads are told from writes."""
    api.call("POST", DISKS, {"name": "data"})
    api.call("GET", f"{DISKS}/gone")
    api.call("GET", DISKS)
    made, missed, listed = emulator.calls
    assert (made.method, made.path) == (
        "compute.disks.insert",
        f"projects/acme/{DISKS}/data",
    )
    assert made.permissions == ("compute.disks.create",)
    assert made.body == {"name": "data"}
    assert (missed.status, missed.reason) == (404, "notFound")
    assert listed.path == f"projects/acme/{DISKS}"
    assert [call.method for call in emulator.calls.mutating()] == ["compute.disks.insert"]
    assert "compute.disks.list" in emulator.calls.permissions()


def test_observers_hear_of_a_change_before_it_happens(emulator: Emulator, api: Any) -> None:
    """So that a test can look whether an intent was written down first."""
    heard = []

    def watch(method: str, path: str) -> None:
        heard.append((method, path, len(emulator.world.all("disks"))))

    emulator.calls.watch(watch)
    api.call("POST", DISKS, {"name": "data"})
    api.call("POST", DISKS, {"name": "data"})
    assert heard == [("compute.disks.insert", f"projects/acme/{DISKS}/data", 0)]


def test_two_projects_do_not_see_each_other() -> None:
    """Names are unique in a project only."""
    emulator = Emulator(projects=("acme", "other"))
    for project in emulator.projects:
        path = f"projects/{project}/{DISKS}"
        assert emulator.request("POST", path, {"name": "data"}).status == 200
    listed = emulator.request("GET", f"projects/other/{DISKS}").body or {}
    assert len(listed["items"]) == 1
    assert {disk.project for disk in emulator.world.all("disks")} == {"acme", "other"}
