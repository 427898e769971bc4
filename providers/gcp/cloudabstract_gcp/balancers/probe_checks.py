"""What of a balancer's health check Google cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec
from cloudabstract.provider import Objection

from . import bounds

_PATH = re.compile(r"/[!-~]*")  # printable ASCII


def check_health(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Objections to `spec.healthCheck`."""
    asked = spec.health_check
    bounded = (
        ("interval", asked.interval, "check_interval", " s"),
        ("timeout", asked.timeout, "check_timeout", " s"),
        ("healthyThreshold", asked.healthy_threshold, "check_threshold", ""),
        ("unhealthyThreshold", asked.unhealthy_threshold, "check_threshold", ""),
    )
    for name, value, bound, unit in bounded:
        low, high = bounds.between(bound)
        if not low <= value <= high:
            message = f"{value}{unit} is not from {low} to {high}{unit}"
            yield _objection(name, message, f"choose a value from {low} to {high}")
    if asked.timeout > asked.interval:
        message = f"timeout {asked.timeout} s is longer than interval {asked.interval} s"
        yield _objection("timeout", message, "make it at most the interval")
    if asked.protocol == "TCP" and asked.path:
        yield _objection("path", "a TCP check requests no path", "use protocol: HTTP")
    if asked.path and _PATH.fullmatch(asked.path) is None:
        message = "the path must begin with '/' and have no blanks"
        yield _objection("path", message, "write it as /healthz")


def _objection(field: str, message: str, alternative: str) -> Objection:
    return Objection("LB005", f"spec.healthCheck.{field}", message, alternative)
