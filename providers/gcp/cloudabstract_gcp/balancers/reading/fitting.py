"""A candidate, expanded again and laid beside what was found: said, ignored, told, or left out.

Firewall rules stay their makers' business, but for those that this provider made once and let go
of: a rule of a network may serve many balancers, and one that is made could let in whom none of the
present ones does. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from cloudabstract.model import LoadBalancer
from cloudabstract.model.annotations import IGNORE_FIELDS
from cloudabstract.provider import Facts, Found, Part, Portable, Severity
from cloudabstract_gcp.agreeing import Gap, gaps
from cloudabstract_gcp.balancers import kinds, passthrough, web, words
from cloudabstract_gcp.balancers.checks import check
from cloudabstract_gcp.balancers.drafting import Draft
from cloudabstract_gcp.settings import GcpSettings

from .pieces import Candidate
from .world import World, link_of

_ONCE_OURS = re.compile(r".+-(probes|clients)-[a-z2-7]{10}")
_LEAVABLE = {f"{kinds.HEALTH_CHECK.name}/scope"}  # fixed, and yet it makes no difference
_BUILT = {"backends", "default", "healthChecks", "hosts", "members", "sslCertificates", "urlMap"}
# ^ what a balancer is made of: to ignore these would be to look after nothing
_ALL = ["0.0.0.0/0"]
_NAMED = (kinds.FORWARDING_RULE.name, kinds.ADDRESS.name)


def fitted(
    world: World, candidate: Candidate, facts: Facts, settings: GcpSettings
) -> Portable | None:
    """What can be said of `candidate`; None if it could not be adopted as it is."""
    guarded = _guarded(world, candidate, facts, settings)
    if not guarded:
        candidate.annotations[words.FIREWALL] = words.KNOWN[words.FIREWALL]
        candidate.unsaid.append(
            "who may reach it and its backends: firewall rules stay as they are"
        )
    parts = _expanded(world, candidate, facts, settings)
    wanted = {(part.key.kind, part.key.role) for part in parts}
    candidate.parts = {key: it for key, it in candidate.parts.items() if key in wanted}
    differing = list(gaps(parts, candidate.parts, kinds.KINDS))
    if any(_stuck(gap) for gap in differing) or _refused(candidate.resource(), settings):
        return None
    missing = wanted - candidate.parts.keys()
    links = {(kind, link_of(it)) for (kind, _), it in candidate.parts.items()}
    if any(kind not in _MAKEABLE for kind, _ in missing) or links & world.taken:
        return None
    world.taken |= links
    candidate.unsaid += sorted(f"the next apply makes a {kind}: {role}" for kind, role in missing)
    for gap in differing:
        entry = f"{gap.kind}/{gap.field}"
        if entry in candidate.ignored:
            continue
        if gap.field in _BUILT:
            candidate.unsaid.append(f"the next apply changes {gap}")
            continue
        candidate.ignored.add(entry)
        candidate.unsaid.append(f"{gap.field} of each {gap.kind} stays as it is")
    if candidate.ignored:
        candidate.annotations[IGNORE_FIELDS] = ",".join(sorted(candidate.ignored))
    return Portable(candidate.resource(), dict(_ordered(candidate)), tuple(candidate.unsaid))


_MAKEABLE = {kinds.HEALTH_CHECK.name, kinds.HTTP_PROXY.name, kinds.HTTPS_PROXY.name}


def _stuck(gap: Gap) -> bool:
    return gap.fixed and f"{gap.kind}/{gap.field}" not in _LEAVABLE


def _refused(resource: LoadBalancer, settings: GcpSettings) -> bool:
    return any(each.severity is Severity.REJECT for each in check(resource, settings))


def _expanded(
    world: World, candidate: Candidate, facts: Facts, settings: GcpSettings
) -> list[Part]:
    known = Facts(facts.places, world.hosts(), facts.extra)
    draft = Draft(candidate.resource(), known, settings)
    web_like = draft.spec.load_balancer_class == "l7"
    return list((web if web_like else passthrough).expand(draft))


def _guarded(world: World, candidate: Candidate, facts: Facts, settings: GcpSettings) -> bool:
    """Take up firewall rules that we made once, all or none; source ranges are theirs to say."""
    if words.ADDRESS in candidate.annotations:
        return False
    own = _once_ours(world, candidate)
    ranges: list[str] | None = None
    for each in own:
        address = candidate.parts.get((kinds.ADDRESS.name, "address"))
        if address is not None and each.fields["destinationRanges"] == [address.fields["cidr"]]:
            ranges = each.fields["sourceRanges"]
    if ranges not in (None, _ALL):
        candidate.spec["source_ranges"] = tuple(ranges or ())
    found = dict(_firewalls(own, candidate, _expanded(world, candidate, facts, settings)))
    if None in found.values():
        candidate.spec.pop("source_ranges", None)
        return False
    candidate.parts |= {key: each for key, each in found.items() if each is not None}
    return True


def _once_ours(world: World, candidate: Candidate) -> list[Found]:
    """Firewall rules that bear names of ours, the most like the balancer's own objects first."""
    known = [each.name for (kind, _), each in candidate.parts.items() if kind in _NAMED]
    free = [
        each
        for each in world.of(kinds.FIREWALL)
        if _ONCE_OURS.fullmatch(each.name) and (each.kind, link_of(each)) not in world.taken
    ]

    def likeness(each: Found) -> int:
        return max((_alike(each.name, name) for name in known), default=0)

    return sorted(free, key=lambda each: -likeness(each))


def _firewalls(
    own: list[Found], candidate: Candidate, parts: list[Part]
) -> Iterator[tuple[tuple[str, str], Found | None]]:
    """Each firewall rule that is wanted, with the one that is there."""
    for part in parts:
        key = (part.key.kind, part.key.role)
        if part.key.kind == kinds.FIREWALL.name:
            tried = ((each, {**candidate.parts, key: each}) for each in own)
            fitting = (each for each, known in tried if not list(gaps([part], known, kinds.KINDS)))
            yield key, next(fitting, None)


def _ordered(candidate: Candidate) -> Iterator[tuple[tuple[str, str], Found]]:
    """The parts, those in front first."""
    order = [kind.name for kind in reversed(kinds.KINDS)]
    yield from sorted(candidate.parts.items(), key=lambda it: (order.index(it[0][0]), it[0][1]))


def _alike(one: str, other: str) -> int:
    """With how many letters in common two names begin."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
