"""Who may connect to a balancer: the rules of its security group, as values and as the API's. Pure.

A rule is `{"protocol": "tcp", "port": 80, "cidr": "0.0.0.0/0"}`. Health checks leave the balancer
through its egress, which is open; the backends' own groups must let the balancer's group in.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancerSpec

from .frontends import frontends, transports

EVERYBODY = "0.0.0.0/0"
EVERYBODY_IPV6 = "::/0"
Rule = dict[str, Any]


def ingress(spec: LoadBalancerSpec, *, dual: bool) -> list[Rule]:
    """Who may connect to which port, sorted; IPv6 ranges count only where there is IPv6."""
    everybody = [EVERYBODY, EVERYBODY_IPV6] if dual else [EVERYBODY]
    ranges = sorted({each for each in _written(spec) if dual or ":" not in each})
    rules = [
        {"protocol": transport, "port": frontend.port.port, "cidr": cidr}
        for frontend in frontends(spec)
        for transport in transports(frontend)
        for cidr in (ranges if spec.source_ranges else everybody)
    ]
    return ordered(rules)


def ordered(rules: Iterable[Rule]) -> list[Rule]:
    """Sorted by port, protocol and range."""
    return sorted(rules, key=lambda rule: (str(rule["port"]), rule["protocol"], rule["cidr"]))


def permission(rule: Rule) -> dict[str, Any]:
    """A rule as EC2 takes it in `IpPermissions`."""
    six = ":" in rule["cidr"]
    family, key = ("Ipv6Ranges", "CidrIpv6") if six else ("IpRanges", "CidrIp")
    ports = _ports(rule["port"])
    return {"IpProtocol": rule["protocol"], **ports, family: [{key: rule["cidr"]}]}


def rules_of(permissions: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The rules that EC2 shows; what we never make (other groups, lists) shows as such."""
    return ordered(rule for each in permissions for rule in _rules(each))


def _rules(permission: Mapping[str, Any]) -> Iterator[Rule]:
    first, last = permission.get("FromPort", -1), permission.get("ToPort", -1)
    port = first if first == last else f"{first}-{last}"
    sources = [each["CidrIp"] for each in permission.get("IpRanges") or ()]
    sources += [each["CidrIpv6"] for each in permission.get("Ipv6Ranges") or ()]
    sources += [each["GroupId"] for each in permission.get("UserIdGroupPairs") or ()]
    sources += [each["PrefixListId"] for each in permission.get("PrefixListIds") or ()]
    for source in sources:
        yield {"protocol": permission["IpProtocol"], "port": port, "cidr": source}


def _ports(port: int | str) -> dict[str, int]:
    if port == -1:
        return {}
    first, _, last = str(port).partition("-")
    return {"FromPort": int(first), "ToPort": int(last or first)}


def _written(spec: LoadBalancerSpec) -> Iterator[str]:
    """The ranges as AWS keeps them: the network's own address, no host bits."""
    for text in spec.source_ranges or ():
        try:
            yield str(ipaddress.ip_network(text, strict=False))
        except ValueError:  # refused by check
            continue
