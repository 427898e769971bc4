"""IPv4, or both families: what AWS can do for a spec. Pure.

Dual stack is for balancers that face the internet and speak no UDP; IPv6 alone does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec
from cloudabstract.provider import Objection, Severity

_FIELD = "spec.ipFamilyPolicy"


def why_single(spec: LoadBalancerSpec) -> str:
    """Why the balancer can have IPv4 only; "" when it could have both families."""
    if spec.routability == "Internal":
        return "internal balancers have IPv4 addresses only"
    if spec.load_balancer_class != "l7" and any(each.protocol == "UDP" for each in spec.ports):
        return "a dual-stack balancer speaks no UDP"
    return ""


def address_type(spec: LoadBalancerSpec, subnets_have_ipv6: bool) -> str:
    """`ipv4` or `dualstack`."""
    if spec.ip_family_policy == "SingleStack" or why_single(spec):
        return "ipv4"
    if spec.ip_family_policy == "PreferDualStack" and not subnets_have_ipv6:
        return "ipv4"
    return "dualstack"


def may_be_dual(spec: LoadBalancerSpec) -> bool:
    """Whether IPv6 clients may reach the balancer, as far as the spec tells."""
    return spec.ip_family_policy != "SingleStack" and not why_single(spec)


def check_families(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Objections to `ipFamilyPolicy` and `ipFamilies`."""
    if spec.ip_families[:1] == ("IPv6",):
        message = "AWS has no balancers whose first family is IPv6"
        alternative = "put IPv4 first; RequireDualStack has both"
        yield Objection("LB008", "spec.ipFamilies[0]", message, alternative)
    reason = why_single(spec)
    if spec.ip_family_policy == "RequireDualStack" and reason:
        yield Objection("LB008", _FIELD, reason, "use SingleStack or PreferDualStack")
    if spec.ip_family_policy == "PreferDualStack" and reason:
        message = f"one family only: {reason}"
        yield Objection("LB008", _FIELD, message, severity=Severity.NOTE)
