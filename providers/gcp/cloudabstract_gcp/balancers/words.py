"""What no portable field can say of a balancer, and Google's hand-made ones have: annotations.

They ride with the resource and mean nothing to other targets. `discover` prints them where it must,
so that a balancer can be adopted as it is; whoever wants the usual takes them away.

    gcp.cloudabstract.dev/address: ephemeral     none is reserved: Google picks one for the rule
    gcp.cloudabstract.dev/firewall: others       who may reach the backends is others' business
    gcp.cloudabstract.dev/health-check: PATH     that check is used, and left as it is
    gcp.cloudabstract.dev/prefixes: below        Prefix /api is what is below /api/, not /api itself
    gcp.cloudabstract.dev/rules: by-port         class l4: a forwarding rule for each port
    gcp.cloudabstract.dev/scheme: classic        class l7: the older global product
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from cloudabstract.model import LoadBalancer
from cloudabstract.provider import Objection
from cloudabstract_gcp import places

PREFIX = "gcp.cloudabstract.dev/"
ADDRESS, FIREWALL = f"{PREFIX}address", f"{PREFIX}firewall"
HEALTH_CHECK = f"{PREFIX}health-check"
PREFIXES = f"{PREFIX}prefixes"
RULES, SCHEME = f"{PREFIX}rules", f"{PREFIX}scheme"
KNOWN = {
    ADDRESS: "ephemeral",
    FIREWALL: "others",
    PREFIXES: "below",
    RULES: "by-port",
    SCHEME: "classic",
}
_CHECK = re.compile(r"projects/[^/]+/(global|regions/[^/]+)/healthChecks/[^/]+")


def says(resource: LoadBalancer, name: str) -> bool:
    """Whether `resource` has the annotation `name`, with the one value that it can have."""
    return resource.metadata.annotations.get(name) == KNOWN[name]


def health_check(resource: LoadBalancer) -> str:
    """The relative link of the check that all its services use; "" if it has one of its own."""
    return places.relative(resource.metadata.annotations.get(HEALTH_CHECK, ""))


def check(resource: LoadBalancer) -> Iterator[Objection]:
    """Annotations that are not known, or do not fit the rest."""
    for name, value in resource.metadata.annotations.items():
        if name.startswith(PREFIX):
            yield from _known(name, value)
    spec, l4 = resource.spec, resource.spec.load_balancer_class == "l4"
    if says(resource, FIREWALL) and spec.source_ranges:
        message = f"firewall rules keep them, and {FIREWALL} leaves these to others"
        yield Objection("LB009", "spec.sourceRanges", message, "take the annotation away")
    if says(resource, ADDRESS) and spec.address_refs:
        message = f"{ADDRESS} says that there is none"
        yield Objection("LB007", "spec.addressRefs", message, "leave one of them out")
    if says(resource, ADDRESS) and l4 and not says(resource, FIREWALL):
        message = "our firewall rules name the address, so it must be reserved"
        yield _objection(ADDRESS, message, f"say {FIREWALL}: others as well")
    if says(resource, RULES) and not l4:
        yield _objection(RULES, "class l7 has a rule for each port anyway", "take it away")
    if says(resource, PREFIXES) and l4:
        yield _objection(PREFIXES, "class l4 has no routes", "take it away")
    if says(resource, SCHEME) and (l4 or spec.routability != "External"):
        message = "only external application balancers have an older product"
        yield _objection(SCHEME, message, "take it away")


def _known(name: str, value: str) -> Iterator[Objection]:
    if name == HEALTH_CHECK:
        if _CHECK.fullmatch(places.relative(value)) is None:
            remedy = "such as projects/acme/regions/europe-west1/healthChecks/web"
            yield _objection(name, f"{value!r} is not the path of a health check", remedy)
    elif name not in KNOWN:
        known = sorted((*KNOWN, HEALTH_CHECK))
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        yield _objection(name, "no such annotation is known", remedy)
    elif value != KNOWN[name]:
        yield _objection(name, f"{value!r} means nothing", f"say {KNOWN[name]}, or take it away")


def _objection(name: str, message: str, alternative: str) -> Objection:
    return Objection("LB017", f"metadata.annotations[{name}]", message, alternative)
