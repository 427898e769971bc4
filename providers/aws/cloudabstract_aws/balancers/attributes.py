"""Attributes of load balancers and target groups: what we set, all of it explicitly. Pure.

Values are text, as in the API. Only these keys are compared: what else AWS has, or comes to have,
is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.model import ClientIPConfig, LoadBalancerSpec

from .frontends import Frontend

PROTECTION = "deletion_protection.enabled"
CROSS_ZONE = "load_balancing.cross_zone.enabled"
BALANCER = frozenset({PROTECTION, CROSS_ZONE})
WEB_BALANCER = frozenset({PROTECTION})
COOKIE_SECONDS = "stickiness.lb_cookie.duration_seconds"
_AS_BALANCER = "use_load_balancer_configuration"


def of_balancer(spec: LoadBalancerSpec) -> dict[str, str]:
    """An ALB always spreads over zones; whether its groups do is said on them."""
    wanted = {PROTECTION: _word(spec.deletion_protection)}
    if spec.load_balancer_class != "l7":
        wanted[CROSS_ZONE] = _word(spec.traffic_distribution is None)
    return wanted


def of_group(spec: LoadBalancerSpec, frontend: Frontend) -> dict[str, str]:
    """Draining, stickiness, and what the backends see of the client."""
    common = {
        "deregistration_delay.timeout_seconds": str(spec.connection_draining),
        "stickiness.enabled": _word(spec.session_affinity == "ClientIP"),
    }
    if spec.load_balancer_class == "l7":
        wanted = common | {
            "stickiness.type": "lb_cookie",
            COOKIE_SECONDS: str(affinity_seconds(spec)),
            "load_balancing.algorithm.type": "round_robin",
            CROSS_ZONE: _word(spec.traffic_distribution is None),
        }
        return normal(wanted)
    sees_client = spec.external_traffic_policy == "Local" or "UDP" in frontend.group_protocol
    return common | {
        "stickiness.type": "source_ip",
        "deregistration_delay.connection_termination.enabled": "true",
        "preserve_client_ip.enabled": _word(sees_client),
        "proxy_protocol_v2.enabled": "false",
        CROSS_ZONE: _AS_BALANCER,
    }


def affinity_seconds(spec: LoadBalancerSpec) -> int:
    """How long a client sticks, as asked."""
    config = spec.session_affinity_config
    return (config.client_ip if config is not None else ClientIPConfig()).timeout_seconds


def _word(value: bool) -> str:
    return "true" if value else "false"


def usual(protocol: str, target_type: str) -> dict[str, str]:
    """Those that a group has by itself, as Elastic Load Balancing documents them."""
    if protocol in ("HTTP", "HTTPS"):
        return dict(_USUAL_WEB)
    udp = "UDP" in protocol
    return _USUAL | {
        "deregistration_delay.connection_termination.enabled": _word(udp),
        "preserve_client_ip.enabled": _word(udp or target_type != "ip"),
    }


def normal(known: Mapping[str, str]) -> dict[str, str]:
    """One form for attributes that mean the same.

    How long a cookie would count, where there is none, means nothing; and what the balancer says
    of zones is, for an ALB, always yes.
    """
    told = dict(known)
    if COOKIE_SECONDS in told:
        if told.get("stickiness.enabled") != "true":
            del told[COOKIE_SECONDS]
        if told.get(CROSS_ZONE) == _AS_BALANCER:
            told[CROSS_ZONE] = "true"
    return told


_USUAL = {
    "deregistration_delay.timeout_seconds": "300",
    "deregistration_delay.connection_termination.enabled": "false",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "stickiness.enabled": "false",
    "stickiness.type": "source_ip",
    CROSS_ZONE: _AS_BALANCER,
}
_USUAL_WEB = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.type": "round_robin",
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    COOKIE_SECONDS: "86400",
    CROSS_ZONE: _AS_BALANCER,
}
GROUP = frozenset(_USUAL)
WEB_GROUP = frozenset(_USUAL_WEB)
