"""Attributes of load balancers and target groups: what we set, all of it explicitly. Pure.

Values are text, as in the API. Only these keys are compared: what else AWS has, or comes to have,
is left as it is.
"""

from __future__ import annotations

from cloudabstract.model import ClientIPConfig, LoadBalancerSpec

from .frontends import Frontend

PROTECTION = "deletion_protection.enabled"
_CROSS_ZONE = "load_balancing.cross_zone.enabled"
BALANCER = frozenset({PROTECTION, _CROSS_ZONE})
WEB_BALANCER = frozenset({PROTECTION})
_COOKIE_SECONDS = "stickiness.lb_cookie.duration_seconds"


def of_balancer(spec: LoadBalancerSpec) -> dict[str, str]:
    """An ALB always spreads over zones; whether its groups do is said on them."""
    wanted = {PROTECTION: _word(spec.deletion_protection)}
    if spec.load_balancer_class != "l7":
        wanted[_CROSS_ZONE] = _word(spec.traffic_distribution is None)
    return wanted


def of_group(spec: LoadBalancerSpec, frontend: Frontend) -> dict[str, str]:
    """Draining, stickiness, and what the backends see of the client."""
    common = {
        "deregistration_delay.timeout_seconds": str(spec.connection_draining),
        "stickiness.enabled": _word(spec.session_affinity == "ClientIP"),
    }
    if spec.load_balancer_class == "l7":
        return common | {
            "stickiness.type": "lb_cookie",
            _COOKIE_SECONDS: str(affinity_seconds(spec)),
            "load_balancing.algorithm.type": "round_robin",
            _CROSS_ZONE: _word(spec.traffic_distribution is None),
        }
    sees_client = spec.external_traffic_policy == "Local" or "UDP" in frontend.group_protocol
    return common | {
        "stickiness.type": "source_ip",
        "deregistration_delay.connection_termination.enabled": "true",
        "preserve_client_ip.enabled": _word(sees_client),
        "proxy_protocol_v2.enabled": "false",
        _CROSS_ZONE: "use_load_balancer_configuration",
    }


def affinity_seconds(spec: LoadBalancerSpec) -> int:
    """How long a client sticks, as asked."""
    config = spec.session_affinity_config
    return (config.client_ip if config is not None else ClientIPConfig()).timeout_seconds


def _word(value: bool) -> str:
    return "true" if value else "false"


GROUP = frozenset(
    {
        "deregistration_delay.timeout_seconds",
        "deregistration_delay.connection_termination.enabled",
        "preserve_client_ip.enabled",
        "proxy_protocol_v2.enabled",
        "stickiness.enabled",
        "stickiness.type",
        _CROSS_ZONE,
    }
)
WEB_GROUP = frozenset(
    {
        "deregistration_delay.timeout_seconds",
        "load_balancing.algorithm.type",
        "stickiness.enabled",
        "stickiness.type",
        _COOKIE_SECONDS,
        _CROSS_ZONE,
    }
)
