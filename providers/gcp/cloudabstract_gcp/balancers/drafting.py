"""What passthrough and application balancers have in common when they are expanded. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.model import BackendPool, LoadBalancer, LoadBalancerSpec
from cloudabstract.provider import Facts, Kind, Part, PartKey
from cloudabstract_gcp import places
from cloudabstract_gcp.settings import GcpSettings

from . import bounds, kinds, networks, words
from .members import OUTSIDE, Group, Reach, instance_groups

TIER = "PREMIUM"  # of external addresses; the only tier that both products have
ANSWER = 30  # seconds a backend has for its answer; Google's own default


class Draft:
    """One balancer in the making: where it stands, and the parts that every balancer has."""

    def __init__(self, resource: LoadBalancer, facts: Facts, settings: GcpSettings) -> None:
        self.resource = resource
        self.spec: LoadBalancerSpec = resource.spec
        self.facts = facts
        self.settings = settings
        self.place = networks.place_of(self.spec, settings)
        self.network = networks.network_of(self.spec, settings)
        self.subnetwork = networks.subnetwork_of(self.spec, settings)
        self.internal = self.spec.routability == "Internal"
        self.reach = Reach(self.place, facts, tuple(self.spec.placement.zones))

    @property
    def scheme(self) -> str:
        """Google's word for what kind of balancer this is."""
        web = self.spec.load_balancer_class == "l7" and not self.says(words.SCHEME)
        return f"{'INTERNAL' if self.internal else 'EXTERNAL'}{'_MANAGED' if web else ''}"

    @property
    def scope(self) -> str:
        """External application balancers are global, all others regional."""
        web = self.spec.load_balancer_class == "l7"
        return "global" if web and not self.internal else "region"

    def says(self, name: str) -> bool:
        """Whether the balancer has one of our annotations."""
        return words.says(self.resource, name)

    @property
    def others_check(self) -> str:
        """The link of a check that is not ours, and that all services use; "" for none."""
        return words.health_check(self.resource)

    def checks(self, own: Part | None) -> list[Any]:
        """The health checks of a service: the balancer's own, or others'."""
        return [self.others_check] if own is None or self.others_check else [own.ref("link")]

    def part(
        self, kind: Kind, role: str, want: Mapping[str, Any], after: Iterable[PartKey] = ()
    ) -> Part:
        """One part of this balancer."""
        return Part(PartKey(self.resource.key, kind.name, role), self.place, want, tuple(after))

    def address(self) -> Part | None:
        """The address that is reserved for it; None when it uses one of the user's, or any."""
        if self.spec.address_refs or self.says(words.ADDRESS):
            return None
        want = {
            "scope": self.scope,
            "addressType": "INTERNAL" if self.internal else "EXTERNAL",
            # Several rules share it: one a protocol, or one for HTTP and one for HTTPS.
            "purpose": "SHARED_LOADBALANCER_VIP" if self.internal else "",
            "networkTier": "" if self.internal else TIER,
            "subnetwork": self.subnetwork if self.internal else "",
        }
        return self.part(kinds.ADDRESS, "address", want)

    def numbers(self, address: Part | None) -> tuple[Any, Any]:
        """(address, the same as a CIDR): refs to the reserved one, or what the user named."""
        if address is not None:
            return address.ref("address"), address.ref("cidr")
        ref = self.spec.address_refs[0]
        known = self.facts.extra.get("balancers", {}).get("addresses", {})
        number = str(known.get(ref, ref))
        return number, f"{number}/32"

    def front(self, address: Part | None) -> dict[str, Any]:
        """What all forwarding rules of a balancer have in common: where they stand."""
        inside = {"network": self.network, "subnetwork": self.subnetwork}
        tier = "" if self.internal else TIER
        return {
            "scope": self.scope,
            "loadBalancingScheme": self.scheme,
            "networkTier": address.ref("networkTier") if address is not None else tier,
            **(inside if self.internal else dict.fromkeys(inside, "")),
            **({} if self.says(words.ADDRESS) else {"IPAddress": self.numbers(address)[0]}),
        }

    def firewall(self, role: str, want: Mapping[str, Any]) -> Part:
        """A rule that lets somebody reach the backends."""
        return self.part(kinds.FIREWALL, role, {"network": self.network, **want})

    def probes(self, allowed: Mapping[str, Iterable[int]]) -> Part:
        """Lets Google's probes in; its proxies, for application balancers, come from there too."""
        web = self.spec.load_balancer_class == "l7" and not self.internal
        scheme = "EXTERNAL_MANAGED" if web else self.scheme
        ranges = [*bounds.probes(scheme), *self._proxies()]
        want = {
            "sourceRanges": sorted(ranges),
            "destinationRanges": [],
            "allowed": allowing(allowed),
        }
        return self.firewall("probes", want)

    def groups(self, role: str, found: Iterable[Group]) -> list[tuple[Part, Group]]:
        """An endpoint group for each; endpoints follow once their service is known."""
        return [
            (self.part(kinds.ENDPOINT_GROUP, f"{role}-{each.role}", self._group(each)), each)
            for each in found
        ]

    @staticmethod
    def backends(groups: Iterable[tuple[Part, Group]], pool: BackendPool | None) -> list[Any]:
        """All groups of a service by zone: ours, and instance groups that the pool names."""
        known: list[tuple[str, Any]] = [(each.zone, part.ref("link")) for part, each in groups]
        known += [(places.scope_of(link).name, link) for link in instance_groups(pool)]
        return [link for _, link in sorted(known, key=lambda each: each[0])]

    def endpoints(self, service: Part, groups: Iterable[tuple[Part, Group]]) -> list[Part]:
        """Who is in the groups of a service; a part has the role of its group."""
        return [
            self.part(
                kinds.ENDPOINTS,
                part.key.role,
                {
                    "group": part.ref("link"),
                    "service": service.ref("link"),
                    "members": list(group.members),
                },
            )
            for part, group in groups
        ]

    def _group(self, group: Group) -> dict[str, Any]:
        return {
            "zone": group.zone,
            "networkEndpointType": group.type,
            "network": self.network,
            "subnetwork": "" if group.type == OUTSIDE else self.subnetwork,
        }

    def _proxies(self) -> list[str]:
        """Where the proxies of internal application balancers come from."""
        if self.scheme != "INTERNAL_MANAGED":
            return []
        known = self.facts.extra.get("balancers", {}).get("proxies", {})
        return list(known.get(self.network, {}).get(self.place, ()))


def allowing(ports: Mapping[str, Iterable[int]]) -> list[dict[str, Any]]:
    """Protocol -> port numbers, as a firewall has them."""
    return [
        {"IPProtocol": protocol, "ports": [str(each) for each in sorted(set(numbers))]}
        for protocol, numbers in sorted(ports.items())
    ]


def cidrs(ranges: Iterable[str] | None) -> list[str]:
    """Source ranges in the form Google shows them; all when there are none."""
    found = {str(ipaddress.ip_network(each, strict=False)) for each in ranges or ()}
    return sorted(found) or ["0.0.0.0/0"]
