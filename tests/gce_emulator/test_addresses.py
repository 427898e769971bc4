"""Reserved addresses."""

from __future__ import annotations

from typing import Any

REGIONAL = "regions/us-central1/addresses"


def test_an_address_is_assigned_and_reserved(api: Any) -> None:
    """Every address is another one, EXTERNAL and PREMIUM by default."""
    for name in ("a", "b"):
        api.make(REGIONAL, name)
    first, second = (api.get(f"{REGIONAL}/{name}") for name in ("a", "b"))
    assert first["address"] != second["address"]
    assert (first["status"], first["addressType"]) == ("RESERVED", "EXTERNAL")
    assert first["networkTier"] == "PREMIUM"


def test_a_global_address_is_of_ipv4(api: Any) -> None:
    """Global addresses name their version and no region."""
    api.make("global/addresses", "front")
    address = api.get("global/addresses/front")
    assert address["ipVersion"] == "IPV4"
    assert "region" not in address


def test_an_internal_address_lies_in_its_subnetwork(api: Any) -> None:
    """Assigned from it, or checked against it."""
    api.make(REGIONAL, "in", addressType="INTERNAL")
    address = api.get(f"{REGIONAL}/in")
    assert address["address"].startswith("10.128.")
    assert address["purpose"] == "GCE_ENDPOINT"
    assert address["subnetwork"].endswith("/regions/us-central1/subnetworks/default")
    wrong = {"name": "out", "addressType": "INTERNAL", "address": "10.9.9.9"}
    assert api.refusal("POST", REGIONAL, wrong) == (400, "invalid")


def test_an_address_is_reserved_once(api: Any) -> None:
    """A second reservation of the same number is refused."""
    api.make(REGIONAL, "a", address="203.0.113.77")
    wrong = {"name": "b", "address": "203.0.113.77"}
    assert api.refusal("POST", REGIONAL, wrong) == (400, "invalid")


def test_an_ephemeral_address_can_be_kept_by_reserving_it(api: Any) -> None:
    """A rule's address becomes a reserved one that is in use from the start."""
    service = api.make("regions/us-central1/backendServices", "web")
    rule = api.make("regions/us-central1/forwardingRules", "web", backendService=service)
    ip = api.get("regions/us-central1/forwardingRules/web")["IPAddress"]
    api.make(REGIONAL, "keep", address=ip)
    address = api.get(f"{REGIONAL}/keep")
    assert (address["status"], address["users"]) == ("IN_USE", [rule])


def test_an_address_in_use_cannot_be_released(api: Any) -> None:
    """Not before its rule is gone."""
    service = api.make("regions/us-central1/backendServices", "web")
    api.make(REGIONAL, "front")
    fields = {"backendService": service, "IPAddress": "front"}
    api.make("regions/us-central1/forwardingRules", "web", **fields)
    refused = api.refusal("DELETE", f"{REGIONAL}/front")
    assert refused == (400, "resourceInUseByAnotherResource")
    api.done("DELETE", "regions/us-central1/forwardingRules/web")
    assert api.get(f"{REGIONAL}/front")["status"] == "RESERVED"
    assert api.call("DELETE", f"{REGIONAL}/front")[0] == 200
