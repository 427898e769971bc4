"""Bodies are checked against Google's schemas."""

from __future__ import annotations

from typing import Any

import pytest

DISKS = "zones/us-central1-a/disks"
RULES = "regions/us-central1/forwardingRules"


def test_an_unknown_field_is_refused_by_default(api: Any) -> None:
    """A field that the schema lacks is an error, and names its place."""
    status, body = api.call("POST", DISKS, {"name": "data", "sizeGB": "10"})
    assert status == 400
    assert "sizeGB" in body["error"]["message"]
    nested = {"name": "web", "connectionDraining": {"seconds": 3}}
    assert api.refusal("POST", "global/backendServices", nested) == (400, "badRequest")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sizeGb": "ten"},
        {"sizeGb": True},
        {"sizeGb": str(2**63)},
        {"labels": ["a"]},
        {"labels": {"a": 1}},
        {"description": 7},
        {"enableConfidentialCompute": "yes"},
        {"replicaZones": "us-central1-a"},
        {"diskEncryptionKey": "key"},
    ],
    ids="-".join,
)
def test_a_field_of_another_type_is_refused(api: Any, wrong: dict[str, Any]) -> None:
    """Every type of the schema is enforced: integers, booleans, text, lists, maps, objects."""
    assert api.refusal("POST", DISKS, {"name": "data", **wrong}) == (400, "invalid")


def test_64_bit_integers_are_taken_as_text_or_number_and_given_as_text(api: Any) -> None:
    """As JSON has no 64-bit integers, they are answered as text."""
    api.make(DISKS, "text", sizeGb="10")
    api.make(DISKS, "number", sizeGb=10)
    sizes = [api.get(f"{DISKS}/{name}")["sizeGb"] for name in ("text", "number")]
    assert sizes == ["10", "10"]


def test_a_value_outside_the_enum_is_refused(api: Any) -> None:
    """Enums are those of the document."""
    fields = {"name": "web", "IPProtocol": "HTTP"}
    assert api.refusal("POST", RULES, fields) == (400, "invalid")


@pytest.mark.parametrize("name", ["Data", "1data", "data-", "data_1", "a" * 64, "data.1"])
def test_a_name_must_be_an_rfc_1035_label(api: Any, name: str) -> None:
    """1 to 63 lower-case letters, digits and hyphens; a letter first, no hyphen last."""
    status, body = api.call("POST", DISKS, {"name": name})
    assert (status, body["error"]["errors"][0]["reason"]) == (400, "invalid")
    assert "Must be a match of regex" in body["error"]["message"]


def test_a_name_of_63_characters_is_accepted(api: Any) -> None:
    """The longest name that is allowed."""
    assert api.make(DISKS, "a" * 63).endswith("a" * 63)


@pytest.mark.parametrize("collection", [DISKS, RULES, "zones/us-central1-a/networkEndpointGroups"])
def test_an_insert_needs_a_name(api: Any, collection: str) -> None:
    """Missing names are `required`, whether the document's annotations say so or not."""
    assert api.refusal("POST", collection, {}) == (400, "required")


def test_output_only_fields_are_dropped(api: Any) -> None:
    """What the server alone writes may be sent back, and has no effect."""
    sent = {"status": "FAILED", "id": "7", "selfLink": "x", "users": ["y"], "kind": "z"}
    api.make(DISKS, "data", **sent)
    disk = api.get(f"{DISKS}/data")
    assert (disk["status"], disk["kind"]) == ("READY", "compute#disk")
    assert disk["id"] != "7"
    assert "users" not in disk


def test_null_means_absent_in_an_insert(api: Any) -> None:
    """A null field is as good as none."""
    api.make(DISKS, "data", sizeGb=None, description=None)
    assert "description" not in api.get(f"{DISKS}/data")


def test_a_body_that_is_no_json_object_is_refused(api: Any) -> None:
    """Lists and text are no resources."""
    assert api.refusal("POST", DISKS, ["data"]) == (400, "badRequest")
