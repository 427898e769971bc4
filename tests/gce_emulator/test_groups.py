"""Instance groups and network endpoint groups: who belongs to them."""

from __future__ import annotations

from typing import Any

import pytest

ZONE, OTHER = "us-central1-a", "us-central1-b"
GROUP = f"zones/{ZONE}/instanceGroups/web"
ENDPOINTS = f"zones/{ZONE}/networkEndpointGroups"


def _instance(api: Any, name: str = "one", zone: str = ZONE) -> str:
    return str(api.make(f"zones/{zone}/instances", name))


def _members(*links: str) -> dict[str, Any]:
    return {"instances": [{"instance": link} for link in links]}


def _listed(api: Any, path: str, **query: str) -> list[Any]:
    """All items of a list that is asked for with POST."""
    items, token = [], ""
    while True:
        more = {"pageToken": token} if token else {}
        page = api.call("POST", path, {}, **query, **more)[1]
        items += page.get("items", [])
        token = page.get("nextPageToken", "")
        if not token:
            return items


def test_instances_join_and_leave_a_group(api: Any) -> None:
    """The group knows its size, its members with their status, and its first member's network."""
    api.make(f"zones/{ZONE}/instanceGroups", "web", namedPorts=[{"name": "http", "port": 8080}])
    links = [_instance(api, name) for name in ("one", "two", "three")]
    api.done("POST", f"{GROUP}/addInstances", _members(*links))
    listed = _listed(api, f"{GROUP}/listInstances")
    assert [item["instance"] for item in listed] == links
    assert listed[0]["status"] == "RUNNING"
    assert listed[0]["namedPorts"] == [{"name": "http", "port": 8080}]
    api.done("POST", f"{GROUP}/removeInstances", _members(links[1]))
    group = api.get(GROUP)
    assert (group["size"], group["network"].rsplit("/", 1)[-1]) == (2, "default")


def test_a_member_cannot_join_again(api: Any) -> None:
    """400 memberAlreadyExists, and none of the others joins."""
    api.make(f"zones/{ZONE}/instanceGroups", "web")
    one, two = _instance(api, "one"), _instance(api, "two")
    api.done("POST", f"{GROUP}/addInstances", _members(one))
    status, body = api.call("POST", f"{GROUP}/addInstances", _members(two, one))
    reason = body["error"]["errors"][0]["reason"]
    assert (status, reason) == (400, "memberAlreadyExists")
    assert body["error"]["message"].startswith(
        f"Resource 'projects/acme/zones/{ZONE}/instances/one'"
    )
    assert api.get(GROUP)["size"] == 1


def test_what_is_no_member_cannot_leave(api: Any) -> None:
    """400; and an instance that does not exist is not found."""
    api.make(f"zones/{ZONE}/instanceGroups", "web")
    one = _members(_instance(api))
    assert api.refusal("POST", f"{GROUP}/removeInstances", one)[0] == 400
    gone = _members(f"zones/{ZONE}/instances/gone")
    assert api.refusal("POST", f"{GROUP}/addInstances", gone) == (404, "notFound")


def test_an_instance_of_another_zone_cannot_join(api: Any) -> None:
    """Unmanaged groups are zonal."""
    api.make(f"zones/{ZONE}/instanceGroups", "web")
    far = _members(_instance(api, zone=OTHER))
    assert api.refusal("POST", f"{GROUP}/addInstances", far) == (400, "invalid")


def test_named_ports_are_replaced_under_an_optional_fingerprint(api: Any) -> None:
    """A wrong fingerprint is 412, none is accepted."""
    api.make(f"zones/{ZONE}/instanceGroups", "web")
    old = api.get(GROUP)["fingerprint"]
    ports = [{"name": "http", "port": 8080}]
    api.done("POST", f"{GROUP}/setNamedPorts", {"namedPorts": ports, "fingerprint": old})
    stale = {"namedPorts": [], "fingerprint": old}
    refused = api.refusal("POST", f"{GROUP}/setNamedPorts", stale)
    assert refused == (412, "conditionNotMet")
    assert api.get(GROUP)["namedPorts"] == ports
    api.done("POST", f"{GROUP}/setNamedPorts", {"namedPorts": []})
    assert api.get(GROUP)["namedPorts"] == []


def test_a_deleted_instance_leaves_its_groups(api: Any) -> None:
    """Instance groups and endpoint groups alike."""
    api.make(f"zones/{ZONE}/instanceGroups", "web")
    api.make(ENDPOINTS, "web", networkEndpointType="GCE_VM_IP")
    one = _instance(api)
    api.done("POST", f"{GROUP}/addInstances", _members(one))
    endpoint = {"networkEndpoints": [{"instance": one}]}
    api.done("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", endpoint)
    api.done("DELETE", f"zones/{ZONE}/instances/one")
    assert (api.get(GROUP)["size"], api.get(f"{ENDPOINTS}/web")["size"]) == (0, 0)


def test_endpoints_of_instances_have_the_instances_address(api: Any) -> None:
    """GCE_VM_IP_PORT takes the primary address and the default port when none is given."""
    api.make(ENDPOINTS, "web", networkEndpointType="GCE_VM_IP_PORT", defaultPort=8080)
    _instance(api)
    endpoint = {"networkEndpoints": [{"instance": "one"}]}
    api.done("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", endpoint)
    (listed,) = _listed(api, f"{ENDPOINTS}/web/listNetworkEndpoints")
    ip = api.get(f"zones/{ZONE}/instances/one")["networkInterfaces"][0]["networkIP"]
    expected = {"instance": "one", "ipAddress": ip, "port": 8080}
    assert listed == {"networkEndpoint": expected}
    assert api.get(f"{ENDPOINTS}/web")["size"] == 1


def test_an_address_that_is_not_the_instances_is_refused(api: Any) -> None:
    """The words are those that Compute Engine was seen to use."""
    api.make(ENDPOINTS, "web", networkEndpointType="GCE_VM_IP_PORT", defaultPort=80)
    _instance(api)
    endpoint = {"networkEndpoints": [{"instance": "one", "ipAddress": "10.0.0.13"}]}
    status, body = api.call("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", endpoint)
    assert status == 400
    text = "Specified IP address 10.0.0.13 doesn't belong to the (sub)network default"
    assert text in body["error"]["message"]


@pytest.mark.parametrize(
    ("kind", "endpoint"),
    [
        ("GCE_VM_IP", {"instance": "one", "port": 80}),
        ("GCE_VM_IP", {"ipAddress": "10.128.0.2"}),
        ("GCE_VM_IP_PORT", {"instance": "one"}),
        ("GCE_VM_IP_PORT", {"ipAddress": "10.128.0.2", "port": 80}),
        ("NON_GCP_PRIVATE_IP_PORT", {"ipAddress": "192.168.0.5"}),
        ("NON_GCP_PRIVATE_IP_PORT", {"port": 80}),
        ("NON_GCP_PRIVATE_IP_PORT", {"ipAddress": "192.168.0.5", "port": 80, "instance": "one"}),
    ],
)
def test_each_type_of_endpoint_has_its_own_fields(
    api: Any, kind: str, endpoint: dict[str, Any]
) -> None:
    """No port with GCE_VM_IP, an instance inside Google's network, an address and port outside."""
    api.make(ENDPOINTS, "web", networkEndpointType=kind)
    _instance(api)
    body = {"networkEndpoints": [endpoint]}
    assert api.call("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", body)[0] == 400


def test_an_endpoint_is_attached_once_however_often_it_is_asked_for(api: Any) -> None:
    """A repeated attach changes nothing."""
    api.make(ENDPOINTS, "web", networkEndpointType="NON_GCP_PRIVATE_IP_PORT")
    body = {"networkEndpoints": [{"ipAddress": "192.168.0.5", "port": 80}]}
    for _ in range(2):
        api.done("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", body)
    assert api.get(f"{ENDPOINTS}/web")["size"] == 1


def test_only_attached_endpoints_can_be_detached(api: Any) -> None:
    """An endpoint is its instance, address and port together."""
    api.make(ENDPOINTS, "web", networkEndpointType="NON_GCP_PRIVATE_IP_PORT")
    body = {"networkEndpoints": [{"ipAddress": "192.168.0.5", "port": 80}]}
    api.done("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", body)
    other = {"networkEndpoints": [{"ipAddress": "192.168.0.5", "port": 81}]}
    assert api.refusal("POST", f"{ENDPOINTS}/web/detachNetworkEndpoints", other)[0] == 400
    api.done("POST", f"{ENDPOINTS}/web/detachNetworkEndpoints", body)
    assert _listed(api, f"{ENDPOINTS}/web/listNetworkEndpoints") == []


def test_at_most_500_endpoints_are_taken_in_one_call(api: Any) -> None:
    """More are refused as a whole; endpoints are listed by the page."""
    api.make(ENDPOINTS, "web", networkEndpointType="NON_GCP_PRIVATE_IP_PORT")
    many = [{"ipAddress": f"192.168.{n // 250}.{n % 250}", "port": 80} for n in range(501)]
    path = f"{ENDPOINTS}/web/attachNetworkEndpoints"
    assert api.refusal("POST", path, {"networkEndpoints": many})[0] == 400
    api.done("POST", path, {"networkEndpoints": many[:7]})
    listed = _listed(api, f"{ENDPOINTS}/web/listNetworkEndpoints", maxResults="3")
    assert [item["networkEndpoint"] for item in listed] == many[:7]


def test_endpoints_are_listed_with_health_when_asked_for(api: Any) -> None:
    """Once for each backend service that has the group."""
    group = api.make(ENDPOINTS, "web", networkEndpointType="NON_GCP_PRIVATE_IP_PORT")
    body = {"networkEndpoints": [{"ipAddress": "192.168.0.5", "port": 80}]}
    api.done("POST", f"{ENDPOINTS}/web/attachNetworkEndpoints", body)
    check = api.make("global/healthChecks", "web", type="TCP")
    fields = {"backends": [{"group": group}], "healthChecks": [check]}
    service = api.make("global/backendServices", "web", **fields)
    path = f"{ENDPOINTS}/web/listNetworkEndpoints"
    shown = api.call("POST", path, {"healthStatus": "SHOW"})[1]["items"][0]["healths"]
    reference = {"backendService": service}
    assert shown == [{"backendService": reference, "healthState": "HEALTHY"}]
    assert "healths" not in api.call("POST", path, {"healthStatus": "SKIP"})[1]["items"][0]
