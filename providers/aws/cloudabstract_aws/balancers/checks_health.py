"""Which health checks target groups cannot make. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec
from cloudabstract.provider import Objection, Severity

from .frontends import frontends
from .health import protocol_for
from .limits import limits

_FIELD = "spec.healthCheck"


def check_health(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Every objection to `spec.healthCheck`."""
    yield from _ranges(spec)
    yield from _times(spec)
    yield from _words(spec)
    yield from _unchecked(spec)


def _ranges(spec: LoadBalancerSpec) -> Iterator[Objection]:
    asked, known = spec.health_check, limits()
    bounds = (
        ("interval", asked.interval, known.interval),
        ("timeout", asked.timeout, known.timeout),
        ("healthyThreshold", asked.healthy_threshold, known.threshold),
        ("unhealthyThreshold", asked.unhealthy_threshold, known.threshold),
    )
    for name, value, (least, most) in bounds:
        if not least <= value <= most:
            message = f"{value} is not between {least} and {most}"
            yield Objection("LB005", f"{_FIELD}.{name}", message, f"use {least} to {most}")


def _times(spec: LoadBalancerSpec) -> Iterator[Objection]:
    asked = spec.health_check
    if asked.timeout >= asked.interval:
        message = f"timeout {asked.timeout}s is not shorter than interval {asked.interval}s"
        yield Objection("LB005", f"{_FIELD}.timeout", message, "use a longer interval")
    same = asked.healthy_threshold == asked.unhealthy_threshold
    if spec.load_balancer_class != "l7" and not same:
        message = "both thresholds of an NLB's checks are equal"
        yield Objection("LB005", f"{_FIELD}.unhealthyThreshold", message, "use one number")


def _words(spec: LoadBalancerSpec) -> Iterator[Objection]:
    asked = spec.health_check
    if asked.path and len(asked.path) > limits().health_path:
        yield Objection("LB005", f"{_FIELD}.path", "the path is too long", "use a shorter one")
    if asked.path and protocol_for(spec) == "TCP":
        message = "a TCP check requests no path"
        yield Objection("LB005", f"{_FIELD}.path", message, "use protocol: HTTP")
    if spec.load_balancer_class != "l7":
        return
    if asked.protocol == "TCP":
        message = "an ALB checks by HTTP only"
        yield Objection("LB005", f"{_FIELD}.protocol", message, "use HTTP or HTTPS, and a path")
    if asked.protocol is None and asked.path is None:
        message = "an ALB checks by HTTP: any answer of / below 500 counts as healthy"
        yield Objection("LB005", f"{_FIELD}.path", message, severity=Severity.NOTE)


def _unchecked(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """UDP answers no check: what is to be asked instead must be said."""
    asked = spec.health_check
    if asked.protocol is not None or asked.path is not None or asked.port is not None:
        return
    for frontend in frontends(spec):
        if frontend.protocol == "UDP":
            field = f"spec.ports[{spec.ports.index(frontend.port)}].protocol"
            message = "UDP cannot be checked, and nothing says what to check instead"
            alternative = "set healthCheck.port to a TCP port of the backends, or a path"
            yield Objection("LB005", field, message, alternative)
