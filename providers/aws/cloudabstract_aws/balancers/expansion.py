"""A balancer to its parts. Pure: the same input gives the same parts.

security group, addresses     who may connect, and where, if addresses are asked for
load balancer                 NLB or ALB
target group, registration    for each frontend, each pool it can reach, and each weight in it
listener, rule                each frontend, and each route on it
"""

from __future__ import annotations

import ipaddress
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import BackendPool, LoadBalancer
from cloudabstract.provider import Facts, Part, PartKey, Ref, backends
from cloudabstract_aws import inventory
from cloudabstract_aws.places import region_of
from cloudabstract_aws.settings import AwsSettings

from . import attributes, kinds, own_words, placing
from .firewall import ingress
from .frontends import Frontend, frontends, reached, usual_names
from .health import check_for
from .routing import Match, matches
from .targets import target
from .weights import Division, divided

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
Forward = dict[str, Any]


def expand(resource: LoadBalancer, facts: Facts, settings: AwsSettings) -> Iterator[Part]:
    """Every part of `resource`, those that others point at first. Raises CapabilityError."""
    if resource.spec.load_balancer_class not in ("l4", "l7"):
        return
    made = _Expansion(own_words.applied(resource), facts, settings)
    addresses = made.addresses()
    firewalls = list(made.security_groups())
    balancer = made.load_balancer(firewalls, addresses)
    yield from (*firewalls, *addresses.values(), balancer)
    for frontend in frontends(resource.spec):
        yield from made.frontend(frontend, balancer)


class _Expansion:
    def __init__(self, resource: LoadBalancer, facts: Facts, settings: AwsSettings) -> None:
        self._resource = resource
        self._spec = resource.spec
        self._facts = facts
        self._settings = settings
        self._region = region_of(resource, facts.place)
        self._place = placing.chosen(resource, facts, self._region, settings)
        self._ip_type = placing.ip_type(self._spec, self._place)
        self._words = own_words.read(resource)
        self._groups: dict[Hashable, Part] = {}  # those that several frontends may share

    def security_groups(self) -> Iterator[Part]:
        """One, unless there are others that say who may connect."""
        if self._words.security_groups is not None:
            return
        want = {
            "vpc": self._place.vpc,
            "ingress": ingress(self._spec, dual=self._ip_type == "dualstack"),
            "egress_ipv4": True,
        }
        if self._ip_type == "dualstack":
            want["egress_ipv6"] = True
        yield self._part(kinds.SECURITY_GROUP.name, "firewall", want)

    def addresses(self) -> dict[str, Part]:
        """By name: those that are to be allocated."""
        return {
            name: self._part(kinds.ADDRESS.name, name, {"domain": "vpc"})
            for name in placing.to_allocate(self._spec)
        }

    def load_balancer(self, groups: Iterable[Part], addresses: Mapping[str, Part]) -> Part:
        refs = {name: each.ref("id") for name, each in addresses.items()}
        given = self._words.security_groups
        firewalls = [each.ref("id") for each in groups] if given is None else sorted(given)
        want = {
            "type": "application" if self._spec.load_balancer_class == "l7" else "network",
            "scheme": "internal" if self._spec.routability == "Internal" else "internet-facing",
            "vpc": self._place.vpc,
            "addresses": placing.static_addresses(self._spec, self._place, refs),
            "subnets": self._place.ids,
            "ip_address_type": self._ip_type,
            "security_groups": firewalls,
            "attributes": attributes.of_balancer(self._spec),
        }
        return self._part(kinds.LOAD_BALANCER.name, "balancer", want)

    def frontend(self, frontend: Frontend, balancer: Part) -> Iterator[Part]:
        """Everything of one frontend: its groups with their targets, its listener, its rules."""
        forwards: dict[str, Forward] = {}
        for name, pool in reached(self._spec, frontend):
            groups: list[dict[str, Any]] = []
            for role, division in self._divisions(name, pool, frontend):
                made = self._target_group(role, pool, frontend, balancer)
                group = self._shared(made, name, division)
                groups.append({"group": group.ref("id"), "weight": division.share})
                if group is made:
                    yield group
                    yield from self._registration(role, group, division)
            forwards[name] = {"groups": groups, "sticky": self._sticky(len(groups))}
        listener = self._listener(frontend, balancer, next(iter(forwards.values())))
        yield listener
        for match in matches(self._spec.routes, self._words.priorities) if self._web else ():
            if match.route.backend in forwards:
                yield self._rule(frontend, listener, match, forwards[match.route.backend])

    def _divisions(
        self, name: str, pool: BackendPool | None, frontend: Frontend
    ) -> list[tuple[str, Division]]:
        """Role and members of each target group of a pool, in the order of the roles.

        None where an ALB shall answer for itself.
        """
        if self._web and name in self._words.without_groups:
            return []
        members = backends(pool, frontend.port, inventory.running(self._facts.hosts))
        several = divided(members)
        role = f"{name or 'nobody'}-{frontend.seat}"
        if len(several) == 1:
            return [(role, several[0])]
        return sorted((f"{role}-w{each.weight}", each) for each in several)

    def _target_group(
        self, role: str, pool: BackendPool | None, frontend: Frontend, balancer: Part
    ) -> Part:
        by_address = pool is None or pool.addresses is not None
        want = {
            "load_balancer": balancer.ref("name"),
            "vpc": self._place.vpc,
            "protocol": frontend.group_protocol,
            "protocol_version": frontend.version,
            "port": frontend.group_port(pool),
            "target_type": "ip" if by_address else "instance",
            "ip_address_type": _family(pool),
            "health_check": check_for(self._spec, frontend, self._words),
            "attributes": self._attributes(frontend),
        }
        return self._part(kinds.TARGET_GROUP.name, role, want)

    def _attributes(self, frontend: Frontend) -> dict[str, str]:
        """Those of the spec, and where it has its own words, those."""
        usual = attributes.of_group(self._spec, frontend)
        known = attributes.WEB_GROUP if self._web else attributes.GROUP
        own = {key: value for key, value in self._words.attributes.items() if key in known}
        return attributes.normal({**usual, **own})

    def _shared(self, group: Part, pool: str, division: Division) -> Part:
        """`group`, or one that is just like it and is there already for an earlier frontend."""
        if not self._words.shared:
            return group
        known = (pool, division, repr(group.want))
        return self._groups.setdefault(known, group)

    def _registration(self, role: str, group: Part, division: Division) -> Iterator[Part]:
        """None without members: what is not there needs no part."""
        targets = sorted(
            (target(each, self._place.cidrs) for each in division.members),
            key=lambda one: (one["id"], one["port"]),
        )
        if targets:
            want = {"target_group": group.ref("id"), "targets": targets}
            key = PartKey(self._resource.key, kinds.REGISTRATION.name, role)
            yield Part(key, self._region, want)

    def _listener(self, frontend: Frontend, balancer: Part, forward: Forward) -> Part:
        known = self._settings.certificates
        tls = frontend.port.tls
        names = [each.name for each in frontend.ports if each.name]
        certificates = [known.get(ref, ref) for ref in tls.certificate_refs] if tls else []
        want = {
            "load_balancer": balancer.ref("id"),
            "port": frontend.port.port,
            "protocol": frontend.protocol,
            "certificates": list(dict.fromkeys(certificates)),
            "ssl_policy": (self._words.ssl_policy or TLS_POLICY) if tls else "",
            "forward": forward,
            "port_name": " ".join(names) if names != usual_names(frontend) else "",
        }
        return self._part(kinds.LISTENER.name, frontend.seat, want)

    def _rule(self, frontend: Frontend, listener: Part, match: Match, forward: Forward) -> Part:
        want = {
            "listener": listener.ref("id"),
            "priority": match.priority,
            "host": match.host,
            "paths": list(match.paths),
            "forward": forward,
        }
        return self._part(kinds.RULE.name, f"{frontend.seat}-{match.role}", want)

    def _sticky(self, groups: int) -> int:
        """Seconds for which a client stays with one of several groups; 0: it does not."""
        if groups < 2 or not self._web or self._spec.session_affinity != "ClientIP":
            return 0
        return attributes.affinity_seconds(self._spec)

    @property
    def _web(self) -> bool:
        return self._spec.load_balancer_class == "l7"

    def _part(self, kind: str, role: str, want: Mapping[str, Any | Ref]) -> Part:
        tags = {key: self._settings.tags[key] for key in sorted(self._settings.tags)}
        return Part(PartKey(self._resource.key, kind, role), self._region, {**want, "tags": tags})


def _family(pool: BackendPool | None) -> str:
    """`ipv6` for a pool of IPv6 addresses; everything else is reached by IPv4."""
    for each in (pool.addresses or ()) if pool is not None else ():
        try:
            return "ipv6" if ipaddress.ip_address(each.address).version == 6 else "ipv4"
        except ValueError:  # refused by check
            continue
    return "ipv4"
