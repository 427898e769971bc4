"""Networks, subnetworks and firewall rules."""

from __future__ import annotations

from typing import Any

import pytest

SUBNETS, FIREWALLS = "regions/us-central1/subnetworks", "global/firewalls"


def test_a_project_has_a_default_network_with_a_subnetwork_in_each_region(api: Any) -> None:
    """It was not made by anybody, so the world does not count it."""
    network = api.get("global/networks/default")
    assert network["autoCreateSubnetworks"] is True
    assert len(network["subnetworks"]) == 5
    subnet = api.get("regions/us-east1/subnetworks/default")
    assert (subnet["network"], subnet["gatewayAddress"][-2:]) == (network["selfLink"], ".1")
    assert api.emulator.world.all() == []
    assert len(api.emulator.world.all(seeded=True)) == 6


def test_ranges_of_one_network_do_not_overlap(api: Any) -> None:
    """In another network they may."""
    for name in ("one", "two"):
        api.make("global/networks", name)
        fields = {"network": f"global/networks/{name}", "ipCidrRange": "10.1.0.0/16"}
        api.make(SUBNETS, name, **fields)
    wrong = {"name": "x", "network": "global/networks/one", "ipCidrRange": "10.1.2.0/24"}
    assert api.refusal("POST", SUBNETS, wrong) == (400, "invalid")
    assert api.get(f"{SUBNETS}/one")["gatewayAddress"] == "10.1.0.1"


def test_the_delete_of_a_network_in_use_fails_in_its_operation(api: Any) -> None:
    """Accepted at first; the operation ends with RESOURCE_IN_USE_BY_ANOTHER_RESOURCE."""
    api.make("global/networks", "net")
    allowed = [{"IPProtocol": "tcp"}]
    api.make(FIREWALLS, "web", network="global/networks/net", allowed=allowed)
    status, operation = api.call("DELETE", "global/networks/net")
    assert status == 200
    api.emulator.advance(5)
    ended = api.get(operation["selfLink"].split("/acme/")[1])
    (error,) = ended["error"]["errors"]
    assert error["code"] == "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"
    assert (ended["httpErrorStatusCode"], ended["httpErrorMessage"]) == (400, "BAD REQUEST")
    assert api.get("global/networks/net")["name"] == "net"
    api.done("DELETE", f"{FIREWALLS}/web")
    api.done("DELETE", "global/networks/net")


def test_a_firewall_rule_has_googles_defaults(api: Any) -> None:
    """INGRESS with priority 1000 in the default network, from everywhere."""
    api.make(FIREWALLS, "web", allowed=[{"IPProtocol": "tcp", "ports": ["80", "8000-8010"]}])
    rule = api.get(f"{FIREWALLS}/web")
    assert (rule["direction"], rule["priority"], rule["disabled"]) == ("INGRESS", 1000, False)
    assert rule["network"].endswith("/networks/default")
    assert rule["sourceRanges"] == ["0.0.0.0/0"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"allowed": [{"IPProtocol": "tcp"}], "denied": [{"IPProtocol": "udp"}]},
        {"allowed": [{"IPProtocol": "tcp", "ports": ["http"]}]},
        {"allowed": [{"IPProtocol": "tcp", "ports": ["90-80"]}]},
        {"allowed": [{"ports": ["80"]}]},
        {"allowed": [{"IPProtocol": "tcp"}], "sourceRanges": ["10.0.0.1/8"]},
        {"allowed": [{"IPProtocol": "tcp"}], "priority": 65536},
    ],
    ids=["nothing", "both", "name", "backwards", "no-protocol", "host-bits", "priority"],
)
def test_a_malformed_firewall_rule_is_refused(api: Any, wrong: dict[str, Any]) -> None:
    """It allows or denies, protocols and ports, from ranges that are ranges."""
    assert api.call("POST", FIREWALLS, {"name": "web", **wrong})[0] == 400


def test_a_reference_to_a_missing_network_is_not_found(api: Any) -> None:
    """404 with the network's path; text that is no reference is invalid."""
    body = {"name": "web", "allowed": [{"IPProtocol": "tcp"}], "network": "global/networks/gone"}
    status, answer = api.call("POST", FIREWALLS, body)
    assert status == 404
    text = "The resource 'projects/acme/global/networks/gone' was not found"
    assert answer["error"]["message"] == text
    for malformed in ("networks/gone", "global/subnetworks/gone", "http://x/y"):
        refused = api.refusal("POST", FIREWALLS, {**body, "network": malformed})
        assert refused == (400, "invalid")


def test_a_load_balancer_comes_down_in_order(api: Any) -> None:
    """Each part holds the one below: rule, backend service, health check and group."""
    group = api.make("zones/us-central1-a/instanceGroups", "web")
    check = api.make("regions/us-central1/healthChecks", "web", type="TCP")
    fields = {"backends": [{"group": group}], "healthChecks": [check]}
    service = api.make("regions/us-central1/backendServices", "web", **fields)
    rule = api.make("regions/us-central1/forwardingRules", "web", backendService=service)
    paths = [link.split("/acme/")[1] for link in (rule, service, check, group)]
    for held in paths[1:]:
        assert api.refusal("DELETE", held) == (400, "resourceInUseByAnotherResource")
    for path in paths:
        api.done("DELETE", path)
    assert api.emulator.world.all() == []
