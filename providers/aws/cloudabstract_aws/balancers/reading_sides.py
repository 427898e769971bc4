"""One listener with its rules, read: where it sends what. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.model import LoadBalancerSpec, Port, Route
from cloudabstract.provider import Found, Severity
from cloudabstract_aws.fitting import Unlike

from .checks_routes import check_routes
from .reading_pools import Spread, spread
from .world import World

Key = tuple[str | None, str, Any]  # host, path, and how the path matches
_WEB = ("HTTP", "HTTPS")
_SPOKEN = {"TCP": "TCP", "UDP": "UDP", "TCP_UDP": "TCP_UDP", "TLS": "TCP"}  # to groups, of l4
_HTTP = (("HTTP", "HTTP1"), ("HTTPS", "HTTP1"), ("HTTP", "HTTP2"), ("HTTP", "GRPC"))
_LOOKED_AT = {"host-header", "path-pattern"}


@dataclass(frozen=True)
class Side:
    """One listener that can be said. No `default`: it answers for itself what no route matches."""

    listener: Found
    default: Spread | None
    rules: tuple[tuple[Key, tuple[Found, Spread]], ...]
    unsaid: tuple[str, ...]

    @property
    def number(self) -> int:
        """The port."""
        return int(self.listener.fields["port"])

    @property
    def seat(self) -> str:
        """The port as text: part of the roles of what belongs to it."""
        return str(self.number)

    @property
    def web(self) -> bool:
        """Whether it is of an ALB."""
        return self.listener.fields["protocol"] in _WEB

    @property
    def spoken(self) -> tuple[str, str]:
        """Protocol and version that backends are spoken to with."""
        every = [self.default, *(each for _, (_, each) in self.rules)]
        return next(each.spoken for each in every if each is not None)

    @property
    def groups(self) -> frozenset[str]:
        """The ids of all target groups that it sends to."""
        every = [self.default, *(each for _, (_, each) in self.rules)]
        return frozenset(id_ for each in every if each is not None for id_ in each.ids)


def side_of(world: World, listener: Found) -> Side:
    """A listener, with its rules. Raises Unlike when it cannot be said."""
    unsaid: list[str] = []
    rules: dict[Key, tuple[Found, Spread]] = {}
    spoken: set[tuple[str, str]] = set()
    default = _default(world, listener)
    if default is not None:
        spoken.add(_checked(listener, default))
    for rule in world.rules(listener):
        try:
            key, leads = _key(rule), _leads(world, rule)
            if key in rules:
                raise Unlike("matches what another does")
            if _checked(listener, leads) not in (spoken or {leads.spoken}):
                raise Unlike("speaks to its backends in another way than the port")
        except Unlike as why:
            number, port = rule.fields["priority"], listener.fields["port"]
            unsaid.append(f"rule {number} of port {port} {why}: it stays as it is")
            continue
        spoken.add(leads.spoken)
        rules[key] = (rule, leads)
    answer = _answers(listener)
    if default is None and not rules:
        raise Unlike(answer)
    if default is None:
        unsaid.append(f"port {listener.fields['port']} {answer} where no route matches")
    unsaid += _extras(listener)
    return Side(listener, default, tuple(rules.items()), tuple(unsaid))


def _default(world: World, listener: Found) -> Spread | None:
    forward = listener.fields["forward"]
    return spread(world, forward) if forward["groups"] else None


def _leads(world: World, rule: Found) -> Spread:
    types = [each.get("Type", "") for each in rule.raw["as"].get("Actions") or ()]
    if types != ["forward"] or not rule.fields["forward"]["groups"]:
        raise Unlike(f"does something else than to forward ({', '.join(types)})")
    return spread(world, rule.fields["forward"])


def _checked(listener: Found, leads: Spread) -> tuple[str, str]:
    """How backends are spoken to. Raises Unlike where no port of ours would do so."""
    protocol = listener.fields["protocol"]
    if protocol in _WEB:
        if leads.spoken not in _HTTP:
            raise Unlike(f"speaks {' and '.join(leads.spoken)} to its backends")
    elif _SPOKEN.get(protocol) != leads.spoken[0]:
        raise Unlike(f"takes {protocol} and speaks {leads.spoken[0]} to its backends")
    return leads.spoken


def _answers(listener: Found) -> str:
    """What a listener does that sends nothing to anybody."""
    for action in listener.raw["as"].get("DefaultActions") or ():
        fixed, told = action.get("FixedResponseConfig"), action.get("RedirectConfig")
        if fixed:
            return f"answers {fixed.get('StatusCode', '')} by itself"
        if told:
            return f"redirects to {told.get('Protocol', '')} {told.get('Port', '')}"
    return "does something else than to forward"


def _key(rule: Found) -> Key:
    """What a rule matches, as a route. Raises Unlike for what no route matches."""
    conditions = rule.raw["as"].get("Conditions") or ()
    others = sorted({each.get("Field", "") for each in conditions} - _LOOKED_AT)
    if others:
        raise Unlike(f"looks at {', '.join(others)}")
    host, paths = rule.fields["host"] or None, rule.fields["paths"]
    path, kind = _path(paths)
    route = Route("any", host, path, kind)
    spec = LoadBalancerSpec((Port(80),), "l7", routes=(route,))
    if any(each.severity is Severity.REJECT for each in check_routes(spec)):
        raise Unlike(f"matches {host or 'any host'} and {', '.join(paths) or 'any path'}")
    return host, path, kind


def _path(patterns: list[str]) -> tuple[str, Any]:
    """The path of a route that matches nearly what these patterns do."""
    known = sorted(patterns, key=len)
    if not known or known == ["/*"]:
        return "/", "Prefix"
    stem = known[0].rstrip("*").rstrip("/") or "/"
    plain = not set("*?") & set(stem)
    if len(known) == 1 and plain:
        return (stem, "Prefix") if known[0].endswith("*") else (known[0], "Exact")
    if len(known) == 2 and plain and known == [stem, f"{stem}/*"]:
        return stem, "Prefix"
    raise Unlike(f"matches the paths {', '.join(patterns)}")


def _extras(listener: Found) -> Iterator[str]:
    """What a listener has besides, and no field says."""
    raw: Mapping[str, Any] = listener.raw["as"]
    port = listener.fields["port"]
    mutual = (raw.get("MutualAuthentication") or {}).get("Mode", "off")
    if mutual != "off":
        yield f"port {port} asks clients for certificates ({mutual})"
    if raw.get("AlpnPolicy") and raw["AlpnPolicy"] != ["None"]:
        yield f"port {port} has the ALPN policy {', '.join(raw['AlpnPolicy'])}"
    for action in raw.get("DefaultActions") or ():
        told = (action.get("ForwardConfig") or {}).get("TargetGroups") or ()
        if len(told) > len(listener.fields["forward"]["groups"]) > 0:
            yield f"port {port} has target groups that get nothing"
