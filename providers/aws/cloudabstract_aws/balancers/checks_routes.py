"""Which routes an ALB cannot match as Kubernetes does. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec, Route
from cloudabstract.provider import Objection, Severity

from .limits import limits

_HOST = re.compile(r"(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]+", re.IGNORECASE)
_PATH = re.compile(r"/[A-Za-z0-9_.$/~\"'@:+&-]*")
_TAIL = "/*"


def check_routes(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Every objection to `spec.routes`."""
    if spec.routes and spec.load_balancer_class != "l7":
        message = "routes need HTTP, which an NLB does not read"
        yield Objection("LB016", "spec.routes", message, "use loadBalancerClass: l7")
    seen: set[tuple[str, str, str]] = set()
    for index, route in enumerate(spec.routes):
        field = f"spec.routes[{index}]"
        yield from _host(route, f"{field}.host")
        yield from _path(route, f"{field}.path")
        if matched_by(route) in seen:
            message = "another route before it matches the same requests"
            yield Objection("LB016", field, message, "leave one of them out")
        seen.add(matched_by(route))


def matched_by(route: Route) -> tuple[str, str, str]:
    """What tells one route from another: host, path, and how the path matches."""
    path = route.path.rstrip("/") or "/" if route.path_type == "Prefix" else route.path
    return (route.host or "").lower(), path, route.path_type


def _host(route: Route, field: str) -> Iterator[Objection]:
    if not route.host:
        return
    if _HOST.fullmatch(route.host) is None or len(route.host) > limits().pattern:
        message = f"an ALB matches host names with a dot, {route.host!r} is none it takes"
        yield Objection("LB016", field, message, "such as shop.example.com or *.example.com")
    elif route.host.startswith("*."):
        message = f"{route.host} also matches names with more than one label in place of *"
        alternative = "name the hosts one by one"
        yield Objection("LB016", field, message, alternative, Severity.DEGRADE, "WildcardHost")


def _path(route: Route, field: str) -> Iterator[Objection]:
    if _PATH.fullmatch(route.path) is None:
        message = f"an ALB cannot match {route.path!r} literally"
        alternative = "begin with '/'; letters, digits and _-.$/~\"'@:+& are matched as they are"
        yield Objection("LB016", field, message, alternative)
    if len(route.path) + len(_TAIL) > limits().pattern:
        most = limits().pattern - len(_TAIL)
        message = f"an ALB matches paths of up to {most} characters"
        yield Objection("LB016", field, message, "use a shorter path")
