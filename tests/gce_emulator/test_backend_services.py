"""Backend services and the health of their backends."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.gce import Emulator

REGION, ZONE = "us-central1", "us-central1-a"
GLOBAL, REGIONAL = "global/backendServices", f"regions/{REGION}/backendServices"
GROUPS, ENDPOINTS = f"zones/{ZONE}/instanceGroups", f"zones/{ZONE}/networkEndpointGroups"


@pytest.fixture
def check(api: Any) -> str:
    """A health check that passes after 2 times 5 seconds."""
    return str(api.make("global/healthChecks", "web", type="TCP"))


def test_a_global_backend_service_has_googles_defaults(api: Any) -> None:
    """HTTP on the port named http, 30 seconds, no affinity, no draining."""
    api.make(GLOBAL, "web")
    service = api.get(f"{GLOBAL}/web")
    expected = {
        "loadBalancingScheme": "EXTERNAL",
        "protocol": "HTTP",
        "port": 80,
        "portName": "http",
        "timeoutSec": 30,
        "sessionAffinity": "NONE",
        "affinityCookieTtlSec": 0,
        "connectionDraining": {"drainingTimeoutSec": 0},
    }
    assert {name: service[name] for name in expected} == expected


def test_a_passthrough_backend_service_counts_connections(api: Any, check: str) -> None:
    """Regional EXTERNAL or INTERNAL: TCP by default, CONNECTION the only balancing mode."""
    group = api.make(GROUPS, "web")
    api.make(REGIONAL, "web", backends=[{"group": group}], healthChecks=[check])
    service = api.get(f"{REGIONAL}/web")
    assert service["protocol"] == "TCP"
    assert service["backends"] == [{"group": group, "balancingMode": "CONNECTION"}]
    rate = [{"group": group, "balancingMode": "RATE"}]
    wrong = {"name": "other", "backends": rate, "healthChecks": [check]}
    assert api.refusal("POST", REGIONAL, wrong) == (400, "invalid")


def test_a_passthrough_backend_service_does_not_speak_http(api: Any) -> None:
    """Nor does a global one speak UDP."""
    assert api.refusal("POST", REGIONAL, {"name": "web", "protocol": "HTTP"}) == (400, "invalid")
    assert api.refusal("POST", GLOBAL, {"name": "web", "protocol": "UDP"}) == (400, "invalid")


def test_at_most_one_health_check_can_be_given(api: Any, check: str) -> None:
    """And it must exist."""
    other = api.make("global/healthChecks", "other", type="TCP")
    two = {"name": "web", "healthChecks": [check, other]}
    assert api.refusal("POST", GLOBAL, two) == (400, "invalid")
    gone = {"name": "web", "healthChecks": ["global/healthChecks/gone"]}
    assert api.refusal("POST", GLOBAL, gone) == (404, "notFound")


def test_backends_need_a_health_check(api: Any) -> None:
    """Instance groups and zonal endpoint groups are checked, or not taken."""
    group = api.make(GROUPS, "web")
    body = {"name": "web", "backends": [{"group": group}]}
    assert api.refusal("POST", GLOBAL, body) == (400, "required")


def test_a_backend_is_named_by_its_full_url(api: Any, check: str) -> None:
    """Partial paths are refused here, and the same group twice."""
    group = api.make(GROUPS, "web")
    for backends in ([{"group": f"{GROUPS}/web"}], [{"group": group}, {"group": group}]):
        body = {"name": "web", "healthChecks": [check], "backends": backends}
        assert api.refusal("POST", GLOBAL, body) == (400, "invalid")


def test_endpoint_groups_fit_one_kind_of_load_balancer(api: Any, check: str) -> None:
    """GCE_VM_IP for passthrough, groups with ports for proxies."""
    plain = api.make(ENDPOINTS, "plain", networkEndpointType="GCE_VM_IP")
    ports = api.make(ENDPOINTS, "ports", networkEndpointType="GCE_VM_IP_PORT")
    for collection, group, status in (
        (REGIONAL, ports, 400),
        (REGIONAL, plain, 200),
        (GLOBAL, plain, 400),
        (GLOBAL, ports, 200),
    ):
        body = {"name": "web", "healthChecks": [check], "backends": [{"group": group}]}
        assert api.call("POST", collection, body)[0] == status


def test_a_backend_of_another_region_is_refused(api: Any, check: str) -> None:
    """A regional service sends no traffic elsewhere."""
    group = api.make("zones/us-east1-b/instanceGroups", "web")
    body = {"name": "web", "healthChecks": [check], "backends": [{"group": group}]}
    assert api.refusal("POST", REGIONAL, body) == (400, "invalid")


def test_a_backend_service_names_its_users(api: Any) -> None:
    """usedBy lists the URL map."""
    service = api.make(GLOBAL, "web")
    link = api.make("global/urlMaps", "web", defaultService=service)
    assert api.get(f"{GLOBAL}/web")["usedBy"] == [{"reference": link}]


def test_a_backend_is_unhealthy_until_its_checks_had_time_to_pass(
    emulator: Emulator, api: Any, check: str
) -> None:
    """Interval times threshold after it joined; an empty group has no health at all."""
    group = api.make(GROUPS, "web", namedPorts=[{"name": "http", "port": 8080}])
    api.make(GLOBAL, "web", backends=[{"group": group}], healthChecks=[check])
    ask = ("POST", f"{GLOBAL}/web/getHealth", {"group": group})
    assert api.call(*ask) == (200, {"kind": "compute#backendServiceGroupHealth"})
    instance = api.make(f"zones/{ZONE}/instances", "one")
    api.call("POST", f"{GROUPS}/web/addInstances", {"instances": [{"instance": instance}]})
    emulator.advance(3)
    (status,) = api.call(*ask)[1]["healthStatus"]
    assert (status["healthState"], status["instance"]) == ("UNHEALTHY", instance)
    assert status["port"] == 8080
    emulator.advance(10)
    assert api.call(*ask)[1]["healthStatus"][0]["healthState"] == "HEALTHY"


def test_health_is_what_the_world_says(emulator: Emulator, api: Any, check: str) -> None:
    """By instance name or address; and only of groups that are backends."""
    group = api.make(ENDPOINTS, "web", networkEndpointType="NON_GCP_PRIVATE_IP_PORT")
    endpoints = [{"ipAddress": "192.168.0.5", "port": 80}, {"ipAddress": "192.168.0.6", "port": 80}]
    path = f"{ENDPOINTS}/web/attachNetworkEndpoints"
    api.done("POST", path, {"networkEndpoints": endpoints})
    api.make(GLOBAL, "web", backends=[{"group": group}], healthChecks=[check])
    emulator.world.set_health("192.168.0.6", "UNHEALTHY")
    health = api.call("POST", f"{GLOBAL}/web/getHealth", {"group": group})[1]["healthStatus"]
    assert [status["healthState"] for status in health] == ["HEALTHY", "UNHEALTHY"]
    other = {"group": api.make(GROUPS, "other")}
    assert api.refusal("POST", f"{GLOBAL}/web/getHealth", other) == (400, "invalid")
