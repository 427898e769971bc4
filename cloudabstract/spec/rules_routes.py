"""Rules for what a balancer does above TCP: routes and TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from cloudabstract.model import LoadBalancerSpec, Resource

from . import networks
from .decode import Complaint


def routes_need_l7(resource: Resource) -> Iterator[Complaint]:
    """A balancer that forwards connections cannot look at requests."""
    spec = cast(LoadBalancerSpec, resource.spec)
    if spec.routes and spec.load_balancer_class == "l4":
        message = "routes need a balancer that understands HTTP"
        yield Complaint(("spec", "routes"), message, "set loadBalancerClass: l7", "LB016")


def routes_match_requests(resource: Resource) -> Iterator[Complaint]:
    """Hosts are names, paths are absolute and plain, and no route is there twice."""
    spec = cast(LoadBalancerSpec, resource.spec)
    first: dict[tuple[str | None, str, str], int] = {}
    for number, route in enumerate(spec.routes):
        path = ("spec", "routes", number)
        if route.host is not None and (wrong := networks.wrong_host(route.host)):
            yield Complaint((*path, "host"), *wrong)
        if wrong := networks.wrong_path(route.path):
            yield Complaint((*path, "path"), *wrong)
        key = (route.host, route.path, route.path_type)
        if key in first:
            message = f"this route matches what spec.routes[{first[key]}] does; it is never reached"
            yield Complaint(path, message)
        first.setdefault(key, number)


def protocols_fit_the_class(resource: Resource) -> Iterator[Complaint]:
    """HTTP and TLS run over TCP."""
    spec = cast(LoadBalancerSpec, resource.spec)
    for number, port in enumerate(spec.ports):
        path = ("spec", "ports", number)
        if port.protocol == "TCP":
            continue
        if spec.load_balancer_class == "l7":
            message = f"class l7 speaks HTTP, over TCP and not over {port.protocol}"
            yield Complaint((*path, "protocol"), message, "use class l4 for it", "LB003")
        if port.tls is not None:
            yield Complaint((*path, "tls"), f"TLS runs over TCP, not over {port.protocol}")
