"""Where in a region balancers and mount targets stand: VPCs and subnets, looked up and chosen.

`survey` reads all VPCs and subnets of a region (two calls, more only for pages) into plain values
that Facts can carry. `choose` picks from them, purely, and in this order:

    subnets named by the resource or the settings
    of the VPC that is named, or of any: those with the role tag of the routability
    all of the VPC that is named, or of the default VPC

and of these one in each zone, the one with the smallest id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.errors import Problem

from . import pages, tags
from .clients import Clients

ROLE_TAGS = {"External": "kubernetes.io/role/elb", "Internal": "kubernetes.io/role/internal-elb"}
_PAGE = 1000


@dataclass(frozen=True)
class Subnet:
    """One subnet, as far as it matters for the choice."""

    id: str
    vpc: str
    zone: str
    ipv6: bool = False
    roles: tuple[str, ...] = ()
    cidr: str = ""


@dataclass(frozen=True)
class Request:
    """What a resource and the settings say about where; empty: no wish."""

    routability: str = "External"
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A VPC, one subnet in each zone sorted by id, and the VPC's address ranges."""

    vpc: str = ""
    subnets: tuple[Subnet, ...] = ()
    cidrs: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The ids of the subnets, sorted."""
        return [each.id for each in self.subnets]

    @property
    def ipv6(self) -> bool:
        """Whether every subnet has IPv6 addresses."""
        return bool(self.subnets) and all(each.ipv6 for each in self.subnets)


class Unsuitable(Exception):
    """No subnets fit, or too few; `problem` says why."""

    def __init__(
        self, message: str, remedy: str, code: str = "LB006", field: str = "spec.placement"
    ) -> None:
        self.problem = Problem(message, field=field, code=code, remedy=remedy)
        super().__init__(message)


def survey(clients: Clients, region: str) -> dict[str, Any]:
    """Every VPC and subnet of a region, as JSON: `{"vpcs": {id: ...}, "subnets": [...]}`."""
    ec2 = clients.read("ec2", region)
    size = {"PaginationConfig": {"PageSize": _PAGE}}
    vpcs = pages.of(ec2, "describe_vpcs", "Vpcs", **size)
    subnets = pages.of(ec2, "describe_subnets", "Subnets", **size)
    return {
        "vpcs": {
            each["VpcId"]: {"default": each.get("IsDefault", False), "cidrs": cidrs_of(each)}
            for each in vpcs
        },
        "subnets": [_subnet(each) for each in subnets],
    }


def choose(found: Mapping[str, Any], wish: Request) -> Chosen:
    """The subnets that fit `wish` among those of `survey`. Raises Unsuitable."""
    known = [_read(each) for each in found.get("subnets", ())]
    vpc = _one_vpc(found, known, wish)
    fitting = [each for each in _candidates(known, vpc, wish) if _in_zones(each, wish.zones)]
    missing = sorted(set(wish.zones) - {each.zone for each in fitting})
    if missing:
        raise Unsuitable(f"no subnet in zone {missing[0]}", "leave the zone out, or add a subnet")
    if not fitting:
        raise Unsuitable(f"no subnets in {vpc}", "name some in `subnets` of the target")
    chosen = tuple(sorted(_one_a_zone(fitting, named=bool(wish.subnets)), key=lambda one: one.id))
    vpcs = found.get("vpcs", {})
    return Chosen(vpc, chosen, tuple(vpcs.get(vpc, {}).get("cidrs", ())))


def cidrs_of(vpc: Mapping[str, Any]) -> list[str]:
    """The address ranges of a VPC, as EC2 describes it, of both families."""
    four = [each["CidrBlock"] for each in vpc.get("CidrBlockAssociationSet") or ()]
    six = [each["Ipv6CidrBlock"] for each in vpc.get("Ipv6CidrBlockAssociationSet") or ()]
    own = [vpc["CidrBlock"]] if vpc.get("CidrBlock") else []
    return sorted({*own, *four, *six})


def _one_vpc(found: Mapping[str, Any], known: Iterable[Subnet], wish: Request) -> str:
    """The VPC that subnets are taken from."""
    by_id = {each.id: each for each in known}
    for each in wish.subnets:
        if each not in by_id:
            raise Unsuitable(f"there is no subnet {each}", "check `subnets` and the region")
    vpcs = {by_id[each].vpc for each in wish.subnets} or {wish.vpc} - {""}
    if not vpcs:
        vpcs = {each.vpc for each in by_id.values() if _has_role(each, wish)}
    if not vpcs:
        vpcs = {id_ for id_, each in found.get("vpcs", {}).items() if each["default"]}
    if not vpcs:
        text = "there is no default VPC, and no subnet has a role tag"
        raise Unsuitable(text, "set `vpc` or `subnets` on the target")
    if len(vpcs) > 1:
        text = f"subnets of several VPCs fit: {', '.join(sorted(vpcs))}"
        raise Unsuitable(text, "set `vpc` on the target")
    (vpc,) = vpcs
    if wish.vpc and vpc != wish.vpc:
        raise Unsuitable(f"the subnets are in {vpc}, not in {wish.vpc}", "name one VPC only")
    if vpc not in found.get("vpcs", {}):
        raise Unsuitable(f"there is no VPC {vpc}", "check `vpc` and the region")
    return vpc


def _candidates(known: Iterable[Subnet], vpc: str, wish: Request) -> list[Subnet]:
    here = [each for each in known if each.vpc == vpc]
    if wish.subnets:
        return [each for each in here if each.id in wish.subnets]
    return [each for each in here if _has_role(each, wish)] or here


def _one_a_zone(fitting: Iterable[Subnet], *, named: bool) -> Iterator[Subnet]:
    by_zone: dict[str, list[Subnet]] = {}
    for each in fitting:
        by_zone.setdefault(each.zone, []).append(each)
    for zone, several in sorted(by_zone.items()):
        if named and len(several) > 1:
            ids = ", ".join(sorted(each.id for each in several))
            raise Unsuitable(f"{ids} are all in {zone}", "name one subnet for each zone")
        yield min(several, key=lambda one: one.id)


def _has_role(subnet: Subnet, wish: Request) -> bool:
    return ROLE_TAGS[wish.routability] in subnet.roles


def _in_zones(subnet: Subnet, zones: tuple[str, ...]) -> bool:
    return not zones or subnet.zone in zones


def _subnet(raw: Mapping[str, Any]) -> dict[str, Any]:
    labels = tags.from_list(raw.get("Tags"))
    roles = [each for each in ROLE_TAGS.values() if labels.get(each) in ("", "1")]
    return {
        "id": raw["SubnetId"],
        "vpc": raw["VpcId"],
        "zone": raw["AvailabilityZone"],
        "ipv6": bool(raw.get("Ipv6CidrBlockAssociationSet")),
        "roles": roles,
        "cidr": raw.get("CidrBlock", ""),
    }


def _read(raw: Mapping[str, Any]) -> Subnet:
    return Subnet(**{**raw, "roles": tuple(raw.get("roles", ()))})
