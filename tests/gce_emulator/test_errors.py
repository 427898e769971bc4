"""Errors have Google's shape, and the reasons that callers decide by."""

from __future__ import annotations

from typing import Any

from cloudabstract.testing.gce import Emulator, discovery
from cloudabstract.testing.gce.permissions import needed

DISKS = "zones/us-central1-a/disks"


def test_an_error_has_googles_body(api: Any) -> None:
    """Code, message, and a list of errors with domain and reason."""
    message = "The resource 'projects/acme/zones/us-central1-a/disks/gone' was not found"
    detail = {"message": message, "domain": "global", "reason": "notFound"}
    assert api.call("GET", f"{DISKS}/gone") == (
        404,
        {"error": {"code": 404, "message": message, "errors": [detail]}},
    )


def test_a_taken_name_already_exists(api: Any) -> None:
    """A second insert is 409, whatever its other fields; the first resource stays."""
    api.make(DISKS, "data", sizeGb="10")
    status, body = api.call("POST", DISKS, {"name": "data", "sizeGb": "20"})
    assert (status, body["error"]["errors"][0]["reason"]) == (409, "alreadyExists")
    text = "The resource 'projects/acme/zones/us-central1-a/disks/data' already exists"
    assert body["error"]["message"] == text
    assert api.get(f"{DISKS}/data")["sizeGb"] == "10"


def test_a_name_is_free_in_another_scope(api: Any) -> None:
    """Names are unique within a zone, a region, or the project."""
    assert api.make(DISKS, "data") != api.make("zones/us-central1-b/disks", "data")


def test_a_name_is_taken_until_its_delete_has_ended(emulator: Emulator, api: Any) -> None:
    """While the old resource goes, its name cannot be used."""
    api.make(DISKS, "data")
    api.call("DELETE", f"{DISKS}/data")
    assert api.refusal("POST", DISKS, {"name": "data"}) == (409, "alreadyExists")
    emulator.advance(5)
    assert api.call("POST", DISKS, {"name": "data"})[0] == 200


def test_a_denied_permission_is_forbidden_and_named(emulator: Emulator, api: Any) -> None:
    """403 names the permission and the resource; nothing happens."""
    emulator.permissions.deny("compute.disks.create")
    status, body = api.call("POST", DISKS, {"name": "data"})
    assert (status, body["error"]["errors"][0]["reason"]) == (403, "forbidden")
    path = "projects/acme/zones/us-central1-a/disks/data"
    text = f"Required 'compute.disks.create' permission for '{path}'"
    assert body["error"]["message"] == text
    assert emulator.world.all("disks") == []


def test_a_permission_can_be_revoked_in_the_middle_and_given_back(
    emulator: Emulator, api: Any
) -> None:
    """Permissions are looked up at every call."""
    api.make(DISKS, "data")
    emulator.permissions.deny("compute.disks.*")
    assert api.refusal("DELETE", f"{DISKS}/data") == (403, "forbidden")
    emulator.permissions.allow()
    assert api.call("DELETE", f"{DISKS}/data")[0] == 200


def test_permission_names_follow_from_methods() -> None:
    """insert needs create, patch needs update, regional disks share the disks' permissions."""
    methods = {method.id: method for method in discovery.document().methods}
    expected = {
        "compute.disks.insert": ("compute.disks.create",),
        "compute.regionDisks.resize": ("compute.disks.resize",),
        "compute.disks.createSnapshot": (
            "compute.disks.createSnapshot",
            "compute.snapshots.create",
        ),
        "compute.firewalls.patch": ("compute.firewalls.update",),
        "compute.forwardingRules.aggregatedList": ("compute.forwardingRules.list",),
        "compute.globalForwardingRules.setTarget": ("compute.globalForwardingRules.setTarget",),
        "compute.instanceGroups.addInstances": ("compute.instanceGroups.update",),
        "compute.zoneOperations.wait": ("compute.zoneOperations.get",),
    }
    assert {name: needed(methods[name]) for name in expected} == expected
