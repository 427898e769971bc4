"""Forwarding rules: where they point, and the addresses and ports they take."""

from __future__ import annotations

from typing import Any

import pytest

REGION = "us-central1"
RULES, SERVICES = f"regions/{REGION}/forwardingRules", f"regions/{REGION}/backendServices"
ADDRESSES = f"regions/{REGION}/addresses"


@pytest.fixture
def service(api: Any) -> str:
    """An external passthrough backend service for TCP."""
    return str(api.make(SERVICES, "web"))


@pytest.fixture
def inside(api: Any) -> dict[str, Any]:
    """What an internal rule needs."""
    link = api.make(SERVICES, "inside", loadBalancingScheme="INTERNAL")
    return {"loadBalancingScheme": "INTERNAL", "backendService": link}


def test_a_rule_gets_an_address_of_its_own(api: Any, service: str) -> None:
    """Nothing said: EXTERNAL, TCP, PREMIUM, and an ephemeral address from outside."""
    api.make(RULES, "web", backendService=service, ports=["80"])
    rule = api.get(f"{RULES}/web")
    assert (rule["loadBalancingScheme"], rule["IPProtocol"]) == ("EXTERNAL", "TCP")
    assert rule["networkTier"] == "PREMIUM"
    assert rule["IPAddress"].startswith("203.0.113.")


def test_a_rule_points_at_one_thing(api: Any, service: str) -> None:
    """A target or a backend service: one is required, both are refused, and it must exist."""
    assert api.refusal("POST", RULES, {"name": "web"}) == (400, "required")
    both = {"name": "web", "backendService": service, "target": "global/targetHttpProxies/web"}
    assert api.refusal("POST", RULES, both) == (400, "invalid")
    gone = {"name": "web", "backendService": f"{SERVICES}/gone"}
    assert api.refusal("POST", RULES, gone) == (404, "notFound")


def test_a_single_port_is_shown_as_a_range(api: Any) -> None:
    """portRange 80 reads 80-80."""
    service = api.make("global/backendServices", "web")
    api.make("global/urlMaps", "web", defaultService=service)
    proxy = api.make("global/targetHttpProxies", "web", urlMap="global/urlMaps/web")
    api.make("global/forwardingRules", "web", target=proxy, portRange="80")
    assert api.get("global/forwardingRules/web")["portRange"] == "80-80"


@pytest.mark.parametrize(
    "ports",
    [
        {"ports": ["1", "2", "3", "4", "5", "6"]},
        {"ports": ["80"], "portRange": "80-90"},
        {"ports": ["80"], "allPorts": True},
        {"ports": ["0"]},
        {"ports": ["http"]},
        {"portRange": "90-80"},
        {"ports": ["80"], "IPProtocol": "ICMP"},
    ],
    ids=["six", "two-ways", "all-and-some", "zero", "name", "backwards", "no-ports"],
)
def test_ports_are_given_in_one_way_and_within_bounds(
    api: Any, service: str, ports: dict[str, Any]
) -> None:
    """At most five ports, or one range, or all of them."""
    body = {"name": "web", "backendService": service, **ports}
    assert api.refusal("POST", RULES, body) == (400, "invalid")


def test_each_product_takes_ports_in_its_own_way(api: Any, inside: dict[str, Any]) -> None:
    """Internal passthrough takes no portRange, a proxy takes no list."""
    body = {"name": "in", "portRange": "80", **inside}
    assert api.refusal("POST", RULES, body) == (400, "invalid")
    service = api.make("global/backendServices", "web")
    api.make("global/urlMaps", "web", defaultService=service)
    proxy = api.make("global/targetHttpProxies", "web", urlMap="global/urlMaps/web")
    listed = {"name": "web", "target": proxy, "ports": ["80"]}
    assert api.refusal("POST", "global/forwardingRules", listed) == (400, "invalid")


def test_a_rule_has_the_scheme_of_the_service_behind_its_proxy(api: Any) -> None:
    """A service made for one kind of load balancer cannot serve another."""
    service = api.make("global/backendServices", "web", loadBalancingScheme="EXTERNAL_MANAGED")
    api.make("global/urlMaps", "web", defaultService=service)
    proxy = api.make("global/targetHttpProxies", "web", urlMap="global/urlMaps/web")
    body = {"name": "web", "target": proxy, "portRange": "80"}
    assert api.refusal("POST", "global/forwardingRules", body) == (400, "invalid")
    managed = {**body, "loadBalancingScheme": "EXTERNAL_MANAGED"}
    assert api.call("POST", "global/forwardingRules", managed)[0] == 200


def test_an_address_must_be_ours_to_use(api: Any, service: str, inside: dict[str, Any]) -> None:
    """From outside: reserved, or a rule's already. From inside: of the subnetwork."""
    body = {"name": "web", "ports": ["80"], "backendService": service}
    stranger = {**body, "IPAddress": "203.0.113.200"}
    assert api.refusal("POST", RULES, stranger) == (400, "invalid")
    api.make(RULES, "first", ports=["80"], backendService=service)
    ip = api.get(f"{RULES}/first")["IPAddress"]
    shared = {**body, "ports": ["81"], "IPAddress": ip}
    assert api.call("POST", RULES, shared)[0] == 200
    astray = {"name": "in", "ports": ["80"], "IPAddress": "10.9.9.9", **inside}
    assert api.refusal("POST", RULES, astray) == (400, "invalid")


def test_scheme_protocol_and_region_fit_the_backend_service(api: Any, service: str) -> None:
    """Those of the rule and of its backend service are the same."""
    for wrong in ({"loadBalancingScheme": "INTERNAL"}, {"IPProtocol": "UDP"}):
        body = {"name": "web", "backendService": service, "ports": ["80"], **wrong}
        assert api.refusal("POST", RULES, body) == (400, "invalid")
    body = {"name": "web", "backendService": service, "ports": ["80"]}
    elsewhere = "regions/us-east1/forwardingRules"
    assert api.refusal("POST", elsewhere, body) == (400, "invalid")


def test_an_unspecified_backend_service_serves_any_protocol(api: Any) -> None:
    """TCP, UDP and L3_DEFAULT rules may share it."""
    service = api.make(SERVICES, "any", protocol="UNSPECIFIED")
    for protocol in ("TCP", "UDP"):
        fields = {"IPProtocol": protocol, "ports": ["53"], "backendService": service}
        api.make(RULES, protocol.lower(), **fields)
    api.make(RULES, "all", IPProtocol="L3_DEFAULT", allPorts=True, backendService=service)
    assert len(api.emulator.world.all("forwardingRules")) == 3


@pytest.mark.parametrize("form", ["{name}", "{collection}/{name}", "{link}", "{ip}"])
def test_a_reserved_address_is_named_in_many_ways(api: Any, service: str, form: str) -> None:
    """Bare name, partial path, full URL, or the number itself: the rule shows the number."""
    link = api.make(ADDRESSES, "front")
    ip = api.get(f"{ADDRESSES}/front")["address"]
    text = form.format(name="front", collection=ADDRESSES, link=link, ip=ip)
    rule = api.make(RULES, "web", backendService=service, ports=["80"], IPAddress=text)
    assert api.get(f"{RULES}/web")["IPAddress"] == ip
    address = api.get(f"{ADDRESSES}/front")
    assert (address["status"], address["users"]) == ("IN_USE", [rule])


def test_two_external_rules_share_an_address_if_their_ports_differ(api: Any, service: str) -> None:
    """The same port is refused with 400."""
    api.make(ADDRESSES, "front")
    fields = {"backendService": service, "IPAddress": "front"}
    api.make(RULES, "web", ports=["80", "81"], **fields)
    status, body = api.call("POST", RULES, {"name": "more", "ports": ["81"], **fields})
    assert status == 400
    assert "Specified IP address is in-use and would result" in body["error"]["message"]
    assert api.call("POST", RULES, {"name": "more", "ports": ["82"], **fields})[0] == 200


def test_a_conflict_of_internal_addresses_is_409(api: Any, inside: dict[str, Any]) -> None:
    """Internal rules say IP_IN_USE_BY_ANOTHER_RESOURCE instead."""
    api.make(RULES, "one", ports=["80"], IPAddress="10.128.0.9", **inside)
    body = {"name": "two", "ports": ["80"], "IPAddress": "10.128.0.9", **inside}
    status, answer = api.call("POST", RULES, body)
    assert status == 409
    assert "IP_IN_USE_BY_ANOTHER_RESOURCE" in answer["error"]["message"]


def test_an_internal_rule_has_an_address_of_its_subnetwork(
    api: Any, inside: dict[str, Any]
) -> None:
    """The default network's, unless another is named."""
    api.make(RULES, "in", ports=["80"], **inside)
    rule = api.get(f"{RULES}/in")
    assert rule["IPAddress"].startswith("10.128.")
    assert rule["subnetwork"].endswith("/subnetworks/default")
    assert rule["network"].endswith("/networks/default")
    assert "networkTier" not in rule


def test_a_rule_can_be_pointed_elsewhere(api: Any) -> None:
    """setTarget changes the target and nothing else."""
    service = api.make("global/backendServices", "web")
    api.make("global/urlMaps", "web", defaultService=service)
    proxies = [
        api.make("global/targetHttpProxies", name, urlMap="global/urlMaps/web")
        for name in ("one", "two")
    ]
    api.make("global/forwardingRules", "web", target=proxies[0], portRange="80")
    path = "global/forwardingRules/web"
    operation = api.done("POST", f"{path}/setTarget", {"target": proxies[1]})
    assert operation["operationType"] == "SetTarget"
    assert api.get(path)["target"] == proxies[1]
    assert api.refusal("POST", f"{path}/setTarget", {}) == (400, "required")
