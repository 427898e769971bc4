"""Health checks."""

from __future__ import annotations

from typing import Any

import pytest

CHECKS = "global/healthChecks"


def test_a_health_check_has_googles_defaults(api: Any) -> None:
    """Every 5 seconds, 5 seconds long, 2 in a row; HTTP asks for / on port 80."""
    api.make(CHECKS, "web", type="HTTP")
    check = api.get(f"{CHECKS}/web")
    times = ("checkIntervalSec", "timeoutSec", "healthyThreshold", "unhealthyThreshold")
    assert [check[name] for name in times] == [5, 5, 2, 2]
    assert check["httpHealthCheck"] == {"port": 80, "requestPath": "/", "proxyHeader": "NONE"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "TCP", "timeoutSec": 6},
        {"type": "TCP", "checkIntervalSec": 0},
        {"type": "TCP", "healthyThreshold": 11},
        {"type": "TCP", "httpHealthCheck": {"port": 80}},
        {"type": "HTTP", "httpHealthCheck": {"port": 0}},
        {"type": "HTTP", "httpHealthCheck": {"port": 80, "portSpecification": "USE_SERVING_PORT"}},
        {"type": "UDP"},
    ],
    ids=["timeout", "interval", "threshold", "protocol", "port", "two-ports", "type"],
)
def test_a_health_check_must_fit_together(api: Any, wrong: dict[str, Any]) -> None:
    """A timeout within the interval, one protocol, a real port; there is no check by UDP."""
    assert api.refusal("POST", CHECKS, {"name": "web", **wrong}) == (400, "invalid")


def test_a_health_check_needs_a_type(api: Any) -> None:
    """Nothing is guessed from its fields."""
    assert api.refusal("POST", CHECKS, {"name": "web"}) == (400, "required")


def test_regional_health_checks_are_apart_from_global_ones(api: Any) -> None:
    """The same name in a region and globally are two checks."""
    links = {
        api.make(place, "web", type="TCP") for place in (CHECKS, "regions/us-east1/healthChecks")
    }
    assert len(links) == 2
    assert api.get("regions/us-east1/healthChecks/web")["region"].endswith("/us-east1")


def test_a_health_check_in_use_cannot_be_deleted(api: Any) -> None:
    """The error calls it a health_check and names its user."""
    check = api.make(CHECKS, "web", type="TCP")
    api.make("global/backendServices", "web", healthChecks=[check])
    status, body = api.call("DELETE", f"{CHECKS}/web")
    assert status == 400
    assert body["error"]["message"] == (
        f"The health_check resource 'projects/acme/{CHECKS}/web' is already being used by "
        "'projects/acme/global/backendServices/web'"
    )
