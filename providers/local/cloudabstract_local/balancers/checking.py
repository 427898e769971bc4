"""Which health check the backends of one frontend get. Pure."""

from __future__ import annotations

from cloudabstract.model import LoadBalancerSpec, Port
from cloudabstract_local.envoy.nouns import Check


def health_check_for(spec: LoadBalancerSpec, port: Port) -> Check | None:
    """The check of `port`'s backends; None where UDP backends leave nothing to check.

    Checks are TCP or HTTP. Backends of a UDP frontend are checked on `healthCheck.port`, or on
    their own port if a TCP frontend with the same port and targetPort says that they answer TCP.
    """
    asked = spec.health_check
    if port.protocol == "UDP" and asked.port is None and not _answers_tcp(spec, port):
        return None
    protocol = asked.protocol or ("HTTP" if asked.path else "TCP")
    return Check(
        protocol,
        "" if protocol == "TCP" else asked.path or "/",
        asked.port or 0,
        asked.interval,
        asked.timeout,
        asked.healthy_threshold,
        asked.unhealthy_threshold,
    )


def _answers_tcp(spec: LoadBalancerSpec, port: Port) -> bool:
    return any(
        (each.port, each.target_port, each.backend) == (port.port, port.target_port, port.backend)
        for each in spec.ports
        if each.protocol == "TCP"
    )
