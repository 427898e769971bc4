"""Class l7: rules that lead to a proxy, read back with its URL map and services. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cloudabstract.model import BackendPool, Port, Tls
from cloudabstract.provider import Found
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers import kinds, words
from cloudabstract_gcp.settings import GcpSettings

from . import maps, pieces
from .pieces import Candidate
from .world import World, link_of

_SCHEMES = {("global", "EXTERNAL"), ("global", "EXTERNAL_MANAGED"), ("region", "INTERNAL_MANAGED")}
_SPEAKING = {"HTTPS": "https", "HTTP2": "http2", "H2C": "kubernetes.io/h2c", "GRPC": "grpc"}


@dataclass(frozen=True)
class _Chain:
    """One rule with its proxy and its URL map."""

    rule: Found
    proxy: Found
    map: Found

    @property
    def port(self) -> int:
        """The number that clients connect to."""
        return int(self.rule.fields["portRange"].partition("-")[0])


@dataclass
class _Site:
    """The chains that are one balancer, and what they lead to."""

    world: World
    chains: list[_Chain]
    pools: dict[str, str] = field(default_factory=dict)  # key of a destination -> name
    services: dict[str, Found] = field(default_factory=dict)  # by link
    weights: dict[str, int] = field(default_factory=dict)  # of members, by service
    targets: dict[str, int] = field(default_factory=dict)  # name of a pool -> port of its members


def read(world: World, rules: Sequence[Found], settings: GcpSettings) -> Candidate | None:
    """The balancer of these rules; None if there is no such balancer of ours."""
    known = [chain for rule in rules if (chain := _chain(world, rule)) is not None]
    first = known[0] if known else None
    if first is None or not _one_product(first.rule):
        return None
    hosts = first.map.fields["hosts"]
    site = _Site(world, [each for each in known if each.map.fields["hosts"] == hosts])
    if not _led(site):
        return None
    candidate = Candidate(pieces.name_of(first.rule.name), {})
    beside = sorted({rule.name for rule in rules} - {each.rule.name for each in site.chains})
    if beside:
        candidate.unsaid.append(f"on the same address, left as they are: {', '.join(beside)}")
    pieces.standing(candidate, world, first.rule)
    if first.rule.fields["loadBalancingScheme"] == "EXTERNAL":
        candidate.annotations[words.SCHEME] = words.KNOWN[words.SCHEME]
    if maps.below(first.map):
        candidate.annotations[words.PREFIXES] = words.KNOWN[words.PREFIXES]
    _say(candidate, site, settings)
    _fill(candidate, site)
    return candidate


def _chain(world: World, rule: Found) -> _Chain | None:
    link = rule.fields["target"]
    secure = "/targetHttpsProxies/" in link
    proxy = world.one(kinds.HTTPS_PROXY if secure else kinds.HTTP_PROXY, link)
    url_map = world.one(kinds.URL_MAP, proxy.fields["urlMap"]) if proxy is not None else None
    low, _, high = rule.fields["portRange"].partition("-")
    if proxy is None or url_map is None or not maps.readable(url_map) or low != (high or low):
        return None
    return _Chain(rule, proxy, url_map) if low.isdigit() else None


def _one_product(rule: Found) -> bool:
    return (rule.fields["scope"], rule.fields["loadBalancingScheme"]) in _SCHEMES


def _led(site: _Site) -> bool:
    """Find everything that the maps lead to. False where pools could not be made of it."""
    world, found = site.world, {}
    for chain in site.chains:
        for _, shares in maps.leads(chain.map):
            found[maps.key_of(shares)] = shares
            for each in shares:
                service = world.one(kinds.BACKEND_SERVICE, each["service"])
                if service is None:
                    return False
                site.services[each["service"]] = service
    members = {link: len(pieces.members_of(world, [each])) for link, each in site.services.items()}
    for shares in found.values():
        weights = maps.weights(shares, members)
        if weights is None or any(link in site.weights for link in weights):
            return False
        site.weights |= weights
    firsts = pieces.pool_names(key.partition(" ")[0] for key in found)
    site.pools = {key: firsts[key.partition(" ")[0]] for key in found}
    site.targets = {name: _target(site, key) for key, name in site.pools.items()}
    return True


def _target(site: _Site, key: str) -> int:
    """The port that most members of a pool have; the first front's, if nobody tells."""
    services = [site.services[link] for link in key.split()]
    ports = Counter(each["port"] for each in pieces.members_of(site.world, services))
    return ports.most_common(1)[0][0] if ports else site.chains[0].port


def _say(candidate: Candidate, site: _Site, settings: GcpSettings) -> None:
    """Ports, pools, routes, and how they are served."""
    first = site.chains[0]
    services = list(site.services.values())
    groups = [group for each in services for group in pieces.groups_of(site.world, each)]
    check = pieces.check_of(site.world, services[0])
    if not pieces.shared_check(candidate, site.world, check, services):
        candidate.add(kinds.HEALTH_CHECK, "check", check)
    if len({tuple(each.fields["healthChecks"]) for each in services}) > 1:
        candidate.ignored.add(f"{kinds.BACKEND_SERVICE.name}/healthChecks")
        candidate.unsaid.append("its services keep health checks of their own; one of them is told")
    pieces.affinity(candidate, services[0])
    candidate.spec |= {
        "load_balancer_class": "l7",
        "ports": tuple(_port(site, each, settings) for each in site.chains),
        "routability": "External" if first.rule.fields["scope"] == "global" else "Internal",
        "backends": tuple(_pool(site, key) for key in site.pools),
        "routes": tuple(maps.routes(first.map, site.pools)),
        "health_check": pieces.health_check(check, check.fields["port"] or None if check else None),
        "placement": pieces.placed(first.rule, groups, settings),
        "connection_draining": services[0].fields["drainingTimeoutSec"],
    }


def _port(site: _Site, chain: _Chain, settings: GcpSettings) -> Port:
    key = maps.key_of(chain.map.fields["default"])
    service = site.services[key.split()[0]]
    several = len(site.chains) > 1
    return Port(
        chain.port,
        name=f"{'https' if _refs(chain) else 'http'}-{chain.port}" if several else None,
        backend=site.pools[key] if len(site.pools) > 1 else None,
        app_protocol=_SPEAKING.get(service.fields["protocol"]),
        tls=Tls(tuple(_certificates(chain, settings))) if _refs(chain) else None,
    )


def _refs(chain: _Chain) -> Sequence[str]:
    return tuple(chain.proxy.fields.get("sslCertificates", ()))


def _certificates(chain: _Chain, settings: GcpSettings) -> Iterator[str]:
    """The names by which the target's settings, or Google, know the certificates."""
    named = {places.relative(path): name for name, path in settings.certificates.items()}
    usual = places.scope_of(link_of(chain.proxy))
    for link in _refs(chain):
        plain = places.name_of(link)
        own = places.link(settings.project, usual, "sslCertificates", plain)
        yield named.get(link) or (plain if link == own and plain not in named.values() else link)


def _pool(site: _Site, key: str) -> BackendPool:
    """A pool of one service, or of several whose members have different weights."""
    name, links = site.pools[key], key.split()
    target = site.targets[name]
    pools = [pieces.pool(site.world, name, site.services[link], target) for link in links]
    own = None if all(each.port == target for each in site.chains) else target
    if pools[0].instances is not None:
        return replace(pools[0], target_port=own)
    weighted = [
        replace(member, weight=site.weights[link])
        for link, pool in zip(links, pools, strict=True)
        for member in pool.addresses or ()
    ]
    return BackendPool(name, addresses=tuple(weighted), target_port=own)


def _fill(candidate: Candidate, site: _Site) -> None:
    """The parts, under the roles that expansion gives them."""
    spoken = {_spoken(site, each) for each in site.chains}
    seats: dict[str, str] = {}  # name of a pool -> its seat
    for chain in site.chains:
        ending = f"-{_spoken(site, chain).lower()}" if len(spoken) > 1 else ""
        for key, name in site.pools.items():
            seats[name] = f"{name}-{site.targets[name]}{ending}"
            _serve(candidate, site, seats[name], key)
        seat = seats[site.pools[maps.key_of(chain.map.fields["default"])]]
        candidate.parts.setdefault((kinds.URL_MAP.name, seat), chain.map)
        candidate.add(kinds.FORWARDING_RULE, str(chain.port), chain.rule)
        kind = kinds.HTTPS_PROXY if _refs(chain) else kinds.HTTP_PROXY
        if chain.proxy not in candidate.parts.values():
            candidate.add(kind, str(chain.port), chain.proxy)


def _serve(candidate: Candidate, site: _Site, seat: str, key: str) -> None:
    links = key.split()
    for link in links:
        role = seat if len(links) == 1 else f"{seat}-w{site.weights[link]}"
        candidate.add(kinds.BACKEND_SERVICE, role, site.services[link])
        pieces.register(candidate, site.world, role, site.services[link])


def _spoken(site: _Site, chain: _Chain) -> str:
    shares: Sequence[Mapping[str, str]] = chain.map.fields["default"]
    return str(site.services[shares[0]["service"]].fields["protocol"])
