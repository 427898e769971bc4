"""Which health check the backends of one backend service get. Pure."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import LoadBalancerSpec, Port

SERVING = 0  # the port of the endpoint itself


def check_fields(spec: LoadBalancerSpec, scope: str, port: int) -> dict[str, Any]:
    """The fields of a check on `port`, each sent explicitly."""
    asked = spec.health_check
    kind = asked.protocol or ("HTTP" if asked.path else "TCP")
    return {
        "scope": scope,
        "type": kind,
        "port": port,
        "requestPath": "" if kind == "TCP" else asked.path or "/",
        "checkIntervalSec": asked.interval,
        "timeoutSec": asked.timeout,
        "healthyThreshold": asked.healthy_threshold,
        "unhealthyThreshold": asked.unhealthy_threshold,
    }


def port_to_check(spec: LoadBalancerSpec, ports: tuple[Port, ...]) -> int | None:
    """Where a passthrough balancer checks the backends of `ports`, which share a service.

    The port asked for; else the first of them, if it speaks TCP; for UDP a port of the same number
    and pool that does. None when there is nothing that a check could ask.
    """
    if spec.health_check.port is not None:
        return spec.health_check.port
    for each in ports:
        if each.protocol == "TCP" or _answers_tcp(spec, each):
            return each.port
    return None


def _answers_tcp(spec: LoadBalancerSpec, port: Port) -> bool:
    return any(
        each.protocol == "TCP" and (each.port, each.backend) == (port.port, port.backend)
        for each in spec.ports
    )
