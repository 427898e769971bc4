"""Paths, methods and query parameters are those of Google's discovery document."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cloudabstract.testing.gce import ApiError, Emulator, Options, discovery
from cloudabstract.testing.gce.routes import Router


def test_every_method_of_an_emulated_resource_is_routed() -> None:
    """Filling in the document's own paths leads to the document's own methods."""
    document = discovery.document()
    router = Router(document.methods)
    for method in document.methods:
        path = re.sub(r"\{(\w+)\}", "a1", method.template)
        assert router.route(method.verb, f"/compute/v1/{path}").method.id == method.id


def test_an_unknown_path_is_not_found(api: Any) -> None:
    """A path that no method has is answered 404."""
    assert api.refusal("GET", "zones/us-central1-a/volumes") == (404, "notFound")


def test_a_name_in_the_path_must_match_the_documents_pattern() -> None:
    """The router checks path parameters with the patterns of the document."""
    with pytest.raises(ApiError) as refused:
        Router(discovery.document().methods).route("GET", "projects/acme/global/networks/Bad_Name")
    assert (refused.value.status, refused.value.reason) == (400, "invalid")


def test_an_unknown_project_is_not_found(api: Any) -> None:
    """Only the projects that the emulator was given exist."""
    status, body = api.call("GET", "/projects/other/global/networks")
    assert status == 404
    assert body["error"]["message"] == "The resource 'projects/other' was not found"


def test_an_unknown_zone_is_an_invalid_value(api: Any) -> None:
    """A zone that does not exist is a wrong parameter, not a missing resource."""
    status, body = api.call("GET", "zones/us-east9-a/disks")
    assert status == 400
    message = "Invalid value for field 'zone': 'us-east9-a'. Unknown zone."
    assert body["error"]["message"] == message


def test_a_method_that_is_not_emulated_says_so(api: Any) -> None:
    """Known to Google and not to the emulator: 501 with the method's id, never a silent success."""
    status, body = api.call("POST", "zones/us-central1-a/disks/bulkInsert", {})
    assert status == 501
    assert "compute.disks.bulkInsert" in body["error"]["message"]


def test_an_unknown_query_parameter_is_refused_by_default(api: Any) -> None:
    """A misspelt parameter is an error."""
    assert api.refusal("GET", "global/networks", maxResult="1") == (400, "badRequest")


def test_unknown_names_can_be_ignored_instead() -> None:
    """With reject_unknown off, neither parameters nor fields need be known."""
    emulator = Emulator(options=Options(reject_unknown=False))
    fields = {"name": "data", "colour": "blue"}
    path = "projects/acme/zones/us-central1-a/disks"
    assert emulator.request("POST", path, fields, {"maxResult": "1"}).status == 200
    assert "colour" not in emulator.world.all("disks")[0].fields


def test_parameters_of_all_methods_are_accepted(api: Any) -> None:
    """`alt`, `prettyPrint`, `$alt` and the like are accepted everywhere."""
    common = {"alt": "json", "prettyPrint": "false", "quotaUser": "me", "$.xgafv": "1"}
    assert api.call("GET", "zones/us-central1-a", **common)[0] == 200


def test_zones_regions_and_disk_types_can_be_read(api: Any) -> None:
    """A region names its zones, a zone its region, and a disk type its sizes."""
    region = api.get("regions/asia-northeast3")
    assert [zone[-1] for zone in region["zones"]] == ["a", "b", "c"]
    assert api.get("zones/asia-northeast3-b")["region"] == region["selfLink"]
    kind = api.get("zones/asia-northeast3-b/diskTypes/pd-ssd")
    assert kind["validDiskSize"] == "10GB-65536GB"
    assert api.refusal("GET", "zones/asia-northeast3-z") == (404, "notFound")
    assert api.refusal("GET", "regions/asia-northeast3/diskTypes/pd-extreme") == (404, "notFound")
