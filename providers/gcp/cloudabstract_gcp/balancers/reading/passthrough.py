"""Class l4: rules that lead to regional backend services, read back. Pure.

Services of the same groups are one pool, of which each protocol has one service.
"""

from __future__ import annotations

from collections.abc import Sequence

from cloudabstract.model import Port
from cloudabstract.provider import Found
from cloudabstract_gcp.balancers import kinds, words
from cloudabstract_gcp.settings import GcpSettings

from . import pieces
from .pieces import Candidate
from .world import World, link_of

_SCHEMES = ("EXTERNAL", "INTERNAL")


def read(world: World, rules: Sequence[Found], settings: GcpSettings) -> Candidate | None:
    """The balancer of these rules; None if there is no such balancer of ours."""
    first = rules[0]
    services = _services(world, rules)
    if services is None or first.fields["loadBalancingScheme"] not in _SCHEMES:
        return None
    pools = _pools(services)
    single = len(rules) == len(services)
    candidate = Candidate(pieces.name_of(first.name), {})
    pieces.standing(candidate, world, first)
    if not single:
        if any(len(rule.fields["ports"]) > 1 for rule in rules):
            return None
        candidate.annotations[words.RULES] = words.KNOWN[words.RULES]
    names = pieces.pool_names(pools.values())
    roles = {
        link_of(each): f"{names[pools[link_of(each)]]}-{each.fields['protocol'].lower()}"
        for each in services
    }
    _say(candidate, world, (rules, services, names, pools, settings))
    checked = _checks(candidate, world, services, roles)
    candidate.spec["health_check"] = pieces.health_check(*checked)
    for service in services:
        candidate.add(kinds.BACKEND_SERVICE, roles[link_of(service)], service)
        pieces.register(candidate, world, names[pools[link_of(service)]], service)
    for rule in rules:
        role = roles[rule.fields["backendService"]]
        ending = "" if single else f"-{rule.fields['ports'][0]}"
        candidate.add(kinds.FORWARDING_RULE, f"{role}{ending}", rule)
    return candidate


def _services(world: World, rules: Sequence[Found]) -> list[Found] | None:
    """The services behind `rules`; None if they serve others as well, or a rule says no ports."""
    mine = {link_of(rule) for rule in rules}
    found: dict[str, Found] = {}
    for rule in rules:
        link = rule.fields["backendService"]
        service = world.one(kinds.BACKEND_SERVICE, link)
        if service is None or not rule.fields["ports"] or world.rules_of(link) - mine:
            return None
        if service.fields["protocol"] != rule.fields["IPProtocol"]:
            return None
        found[link] = service
    seats = {(tuple(it.fields["backends"]), it.fields["protocol"]) for it in found.values()}
    return list(found.values()) if len(seats) == len(found) else None


def _pools(services: Sequence[Found]) -> dict[str, str]:
    """Service -> the service that stands for its pool: the first with the same groups."""
    first: dict[tuple[str, ...], str] = {}
    return {
        link_of(each): first.setdefault(tuple(each.fields["backends"]), link_of(each))
        for each in services
    }


_Read = tuple[Sequence[Found], Sequence[Found], dict[str, str], dict[str, str], GcpSettings]


def _say(candidate: Candidate, world: World, read: _Read) -> None:
    """Ports, pools, and how they are served."""
    rules, services, names, pools, settings = read
    by_link = {link_of(each): each for each in services}
    groups = [group for each in services for group in pieces.groups_of(world, each)]
    pieces.affinity(candidate, services[0])
    several = len(rules) > 1 or len(rules[0].fields["ports"]) > 1
    candidate.spec |= {
        "ports": tuple(
            Port(
                int(port),
                name=f"{rule.fields['IPProtocol'].lower()}-{port}" if several else None,
                protocol=rule.fields["IPProtocol"],
                backend=names[pools[rule.fields["backendService"]]] if len(names) > 1 else None,
            )
            for rule in rules
            for port in sorted(rule.fields["ports"], key=int)
        ),
        "routability": _routability(rules[0]),
        "backends": tuple(
            pieces.pool(world, name, by_link[link], None) for link, name in names.items()
        ),
        "placement": pieces.placed(rules[0], groups, settings),
        "connection_draining": services[0].fields["drainingTimeoutSec"],
        "traffic_distribution": _close(services[0]),
    }


def _checks(
    candidate: Candidate, world: World, services: Sequence[Found], roles: dict[str, str]
) -> tuple[Found | None, int | None]:
    """The check that is told, and its port if it must be said: then it is one for all services."""
    checks = [pieces.check_of(world, each) for each in services]
    first = checks[0]
    if first is None:
        return None, None
    if pieces.shared_check(candidate, world, first, services):
        return first, first.fields["port"] or None
    ports = [each for each in candidate.spec["ports"] if each.protocol == "TCP"]
    shared = len({link_of(each) for each in checks if each is not None}) == 1
    usual = ports[0].port if ports else None
    if shared and (len(services) > 1 or first.fields["port"] != usual):
        candidate.add(kinds.HEALTH_CHECK, "check", first)
        return first, first.fields["port"] or usual
    for service, check in zip(services, checks, strict=True):
        candidate.add(kinds.HEALTH_CHECK, roles[link_of(service)], check)
    return first, None


def _routability(rule: Found) -> str:
    return "Internal" if rule.fields["loadBalancingScheme"] == "INTERNAL" else "External"


def _close(service: Found) -> str | None:
    return "PreferClose" if service.fields["zonalAffinity"].endswith("CROSS_ZONE") else None
