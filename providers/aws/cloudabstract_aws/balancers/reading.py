"""NLBs and ALBs read back as LoadBalancers: the inverse of expansion. Pure.

    reading_listeners   listeners and rules as ports and routes, with the pools that they reach
    reading_sides       one listener: where it sends what
    reading_pools       target groups and what is registered with them as pools
    reading_naming      names of pools, roles of groups
    reading_words       health checks and attributes in portable words
    reading             all of one balancer, and what of it has no portable word

What is read is expanded again and held against what is there (fitting.py), so that the plan after
adopting it is empty. A balancer that cannot become ours so is left out, and the log says why.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cloudabstract.errors import CapabilityError
from cloudabstract.model import HealthCheck, LoadBalancer, LoadBalancerSpec, Metadata, Placement
from cloudabstract.provider import Facts, Found, Portable
from cloudabstract_aws import fitting
from cloudabstract_aws.fitting import Unlike
from cloudabstract_aws.settings import AwsSettings

from . import attributes, checks, expansion, firewall, kinds, own_words, placing, reading_words
from .families import may_be_dual
from .own_words import OwnWords
from .reading_listeners import Read, read_listeners
from .world import World

log = logging.getLogger("cloudabstract.aws")
_KINDS = {kind.name: kind for kind in kinds.KINDS}
_OTHER = re.compile(r"[^a-z0-9]+")
_OURS = re.compile(r"-[a-z2-7]{10}$")  # how names end that the engine gives


def portable(found: Iterable[Found], facts: Facts, settings: AwsSettings) -> Iterator[Portable]:
    """Every balancer that has a listener which can be said."""
    world = World.of(found)
    for front in world.all(kinds.LOAD_BALANCER.name):
        try:
            yield _Balancer(world, front, facts, settings).read()
        except (Unlike, CapabilityError) as why:
            log.info("balancer %s is not read back: %s", front.name, why)


def name_of(found: Found) -> str:
    """A name for the resource: that of the object, as far as it can be one."""
    return _OTHER.sub("-", found.name.lower()).strip("-")[:50].strip("-") or "balancer"


class _Balancer:
    """One balancer, with what hangs on it."""

    def __init__(self, world: World, front: Found, facts: Facts, settings: AwsSettings) -> None:
        self._world = world
        self._front = front
        self._settings = settings
        region = {"networks": {front.place: front.raw.get("networks", {})}}
        self._facts = replace(facts, extra={"balancers": region}, hosts=world.hosts)
        self._unsaid: list[str] = []

    def read(self) -> Portable:
        if self._front.fields["type"] not in ("application", "network"):
            raise Unlike(f"it is a {self._front.fields['type']} load balancer")
        read = read_listeners(self._world, self._front, self._settings)
        parts = {(kinds.LOAD_BALANCER.name, "balancer"): self._front, **read.parts}
        addresses = self._addresses()
        parts |= {(kinds.ADDRESS.name, role): each for role, each in addresses.items()}
        made = self._resource(read, tuple(addresses))
        made = self._placed(made, listed=not addresses)
        made, firewalls = self._guarded(made)
        made = self._checked(made)
        expanded = list(expansion.expand(made, self._facts, self._settings))
        fit = fitting.fit(expanded, parts | firewalls, _KINDS)
        made = fitting.leaving(made, fit.ignored)
        first = (kinds.LOAD_BALANCER.name, "balancer")
        ordered = {first: fit.parts[first], **fit.parts}
        return Portable(made, ordered, (*self._unsaid, *read.unsaid, *fit.unsaid))

    def _resource(self, read: Read, addresses: tuple[str, ...]) -> LoadBalancer:
        """All that is said of it, but for where it stands and who may connect."""
        front = self._front.fields
        web = front["type"] == "application"
        group = read.groups[0][1] if read.groups else None
        spec = LoadBalancerSpec(
            ports=read.ports,
            load_balancer_class="l7" if web else "l4",
            routability="Internal" if front["scheme"] == "internal" else "External",
            backends=read.backends,
            routes=read.routes,
            health_check=reading_words.check(group, web),
            ip_family_policy=reading_words.families(front["ip_address_type"]),
            address_refs=addresses,
            placement=Placement(region=self._region()),
            deletion_protection=front["attributes"].get(attributes.PROTECTION) == "true",
            **reading_words.group_words(front["attributes"], group, web),
        )
        words = replace(
            read.words,
            health_codes=reading_words.codes(spec, read),
            unhealthy_threshold=0 if web else reading_words.threshold(read),
            attributes=reading_words.overlay(spec, read),
        )
        return _with(LoadBalancer(Metadata(name_of(self._front)), spec), words)

    def _region(self) -> str | None:
        return None if self._front.place == self._facts.place else self._front.place

    def _addresses(self) -> dict[str, Found]:
        """Elastic addresses that were allocated by us for it, by a name for `addressRefs`."""
        ids = [each.get("allocation", "") for each in self._front.fields["addresses"]]
        known = [self._world.one(kinds.ADDRESS.name, each) for each in ids]
        ours = [each for each in known if each is not None and _OURS.search(each.name)]
        if not ids or len(ours) < len(ids):
            return {}
        return {f"address-{number}": each for number, each in enumerate(ours, 1)}

    def _placed(self, made: LoadBalancer, *, listed: bool) -> LoadBalancer:
        """`made` with its subnets, if it would stand elsewhere, and with addresses of its own."""
        fields, words = self._front.fields, own_words.read(made)
        if listed and fields["addresses"]:
            told = [each.get("allocation") or each["private"] for each in fields["addresses"]]
            words = replace(words, addresses=tuple(told))
            made = _with(made, words)
        try:
            resource = own_words.applied(made)
            chosen = placing.chosen(resource, self._facts, self._front.place, self._settings)
            if (chosen.vpc, chosen.ids) == (fields["vpc"], fields["subnets"]):
                return made
        except CapabilityError:
            pass  # the account has no place that goes without saying
        return _with(made, replace(words, subnets=tuple(fields["subnets"])))

    def _guarded(self, made: LoadBalancer) -> tuple[LoadBalancer, dict[tuple[str, str], Found]]:
        """`made` with its source ranges and the group that keeps to them; or with others' groups.

        A group becomes ours if it is this balancer's alone, and lets in just what ours would.
        """
        ids = self._front.fields["security_groups"]
        found = self._world.one(kinds.SECURITY_GROUP.name, ids[0]) if len(ids) == 1 else None
        if found is not None and self._world.is_its_own(found):
            told = {each["cidr"] for each in found.fields["ingress"]}
            everybody = {firewall.EVERYBODY, firewall.EVERYBODY_IPV6}
            ranges = () if told <= everybody else tuple(sorted(told))
            spec = replace(made.spec, source_ranges=ranges or None)
            dual = may_be_dual(spec) and self._front.fields["ip_address_type"] == "dualstack"
            leaves = found.fields["egress_ipv4"] and found.fields["egress_ipv6"] >= dual
            if leaves and firewall.ingress(spec, dual=dual) == found.fields["ingress"]:
                seat = (kinds.SECURITY_GROUP.name, "firewall")
                if not _OURS.search(found.name):
                    text = (
                        f"the security group {found.name} would be its own: see that nothing else"
                    )
                    self._unsaid.append(f"{text} has it")
                return replace(made, spec=spec), {seat: found}
        words = replace(own_words.read(made), security_groups=tuple(ids))
        who = f"{', '.join(ids)} says" if ids else "it has no security group, so everybody"
        self._unsaid.append(f"who may connect: {who}")
        return _with(made, words), {}

    def _checked(self, made: LoadBalancer) -> LoadBalancer:
        """`made` as it is not refused: a health check that cannot be said is left out of it.

        Raises Unlike when it is refused for anything else.
        """
        if not checks.rejects(made, self._settings):
            return made
        plain = HealthCheck(protocol="TCP" if made.spec.load_balancer_class == "l4" else None)
        spec = replace(made.spec, health_check=plain)
        tried = replace(made, spec=spec)
        wrong = [each for each in checks.check(tried, self._settings) if each.severity == "reject"]
        if wrong:
            raise Unlike(f"{wrong[0].field}: {wrong[0].message}")
        return tried


def _with(made: LoadBalancer, words: OwnWords) -> LoadBalancer:
    annotations = own_words.written(words)
    return replace(made, metadata=replace(made.metadata, annotations=annotations))
