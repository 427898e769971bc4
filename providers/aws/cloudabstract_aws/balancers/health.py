"""Which health check the targets of a frontend get, in the words of the API. Pure."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import LoadBalancerSpec

from .frontends import Frontend
from .own_words import OwnWords

TRAFFIC = "traffic-port"
_SUCCESS = "200-399"
ANY_ANSWER = "200-499"  # where nobody said what to ask for: any answer shows that it is there
_GRPC_ANY = "0-99"


def protocol_for(spec: LoadBalancerSpec) -> str:
    """TCP, HTTP or HTTPS; class l7 always asks by HTTP, because its groups cannot ask otherwise."""
    asked = spec.health_check
    if asked.protocol is not None:
        return asked.protocol
    return "HTTP" if asked.path or spec.load_balancer_class == "l7" else "TCP"


def check_for(
    spec: LoadBalancerSpec, frontend: Frontend, words: OwnWords | None = None
) -> dict[str, Any]:
    """The field `health_check` of the frontend's target groups; `words` go before the spec."""
    own = words or OwnWords()
    asked, protocol = spec.health_check, protocol_for(spec)
    return {
        "protocol": protocol,
        "port": TRAFFIC if asked.port is None else str(asked.port),
        "path": "" if protocol == "TCP" else asked.path or "/",
        "codes": _codes(spec, frontend, protocol, own),
        "interval": asked.interval,
        "timeout": asked.timeout,
        "healthy": asked.healthy_threshold,
        "unhealthy": own.unhealthy_threshold or asked.unhealthy_threshold,
    }


def _codes(spec: LoadBalancerSpec, frontend: Frontend, protocol: str, own: OwnWords) -> str:
    if protocol == "TCP":
        return ""
    if own.health_codes:
        return own.health_codes
    if frontend.version == "GRPC":
        return "0" if spec.health_check.path else _GRPC_ANY
    explicit = spec.health_check.path or spec.health_check.protocol
    return _SUCCESS if explicit else ANY_ANSWER
