"""Every claim of a spec with its volume: kept, found or made.

A binding, once made, stays: it is remembered, and written on the volume as the owner's label
`claim`, so that a lost store finds it again; so are the answers given with it (`decided`). New
claims are bound in the order of their names by `claims.find`; a claim that nothing fits gets a
Volume made for it, if its class makes any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.model import (
    Resource,
    ResourceKey,
    Topology,
    Volume,
    VolumeAttachment,
    VolumeClaim,
)
from cloudabstract.provider import Host, Objection, Severity

from . import claims
from .classes import Classes, provisions
from .decided import Decided
from .naming import claim_volume_name
from .volumes import made_for, where


@dataclass(frozen=True)
class Binding:
    """What became of one claim. `volume` is None while it is Pending."""

    claim: VolumeClaim
    volume: Volume | None
    made: bool = False  # the volume exists only for this claim
    verdicts: tuple[claims.Verdict, ...] = ()
    why: Objection | None = None  # why it is Pending


@dataclass(frozen=True)
class Before:
    """What earlier turns have bound and decided, by the text of the claim's key."""

    volumes: Mapping[str, str]  # names of volumes
    decided: Mapping[str, Decided]


@dataclass(frozen=True)
class Consumers:
    """Which claims are named by an attachment, and in which zone the first such instance is."""

    zones: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, resources: Iterable[Resource], hosts: Iterable[Host]) -> Consumers:
        zone_of = {name: host.zone for host in hosts for name in (host.name, host.id) if name}
        zones: dict[tuple[str, str], str] = {}
        for each in resources:
            if isinstance(each, VolumeAttachment) and each.spec.source.claim:
                who = (each.metadata.namespace, each.spec.source.claim)
                zones.setdefault(who, zone_of.get(each.spec.instance, ""))
        return cls(zones)


def bind_all(
    resources: Iterable[Resource], classes: Classes, before: Before, consumers: Consumers
) -> dict[ResourceKey, Binding]:
    """A Binding for every claim in `resources`."""
    resources = tuple(resources)
    volumes = {
        each.metadata.name: each
        for each in sorted(resources, key=lambda each: each.key)
        if isinstance(each, Volume)
    }
    asked = sorted(
        (each for each in resources if isinstance(each, VolumeClaim)), key=lambda each: each.key
    )
    holders = _holders(volumes.values(), before.volumes)
    bound: dict[ResourceKey, Binding] = {}
    for claim in asked:
        ask = _ask(claim, classes, consumers)
        binding = _kept(ask, classes, before, volumes) or _new(ask, classes, volumes, holders)
        if binding.volume is not None and not binding.made:
            holders[binding.volume.metadata.name] = ask.who
        bound[claim.key] = binding
    return bound


def _ask(claim: VolumeClaim, classes: Classes, consumers: Consumers) -> claims.Ask:
    name = classes.name_for(claim)
    of_class = classes.by_name.get(name)
    waits = of_class is not None and of_class.spec.volume_binding_mode == "WaitForFirstConsumer"
    who = (claim.metadata.namespace, claim.metadata.name)
    zone = consumers.zones.get(who)
    return claims.Ask(claim, name, waits, zone is not None, zone or "")


def _holders(
    volumes: Iterable[Volume], remembered: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Volume name -> the claim that has it: by claimRef, else by memory.

    A remembered holder that is gone from the spec leaves its volume Released: only that claim, or
    one that the volume's claimRef names, may have it again (docs/decisions).
    """
    holders = {}
    for claim, volume in remembered.items():
        key = ResourceKey.parse(claim)
        holders[volume] = (key.namespace, key.name)
    for each in volumes:
        reserved = each.spec.claim_ref
        if reserved is not None:
            holders[each.metadata.name] = (reserved.namespace, reserved.name)
    return holders


def _kept(
    ask: claims.Ask, classes: Classes, before: Before, volumes: Mapping[str, Volume]
) -> Binding | None:
    """The binding of an earlier turn; None when there was none."""
    key = str(ask.claim.key)
    name = before.volumes.get(key)
    if name is None:
        return None
    if name in volumes:
        return Binding(ask.claim, volumes[name], verdicts=(claims.Verdict(name),))
    if name != claim_volume_name(*ask.who):
        return Binding(ask.claim, None, why=_dropped(ask.claim, name))
    if ask.class_name not in classes.by_name:
        return Binding(ask.claim, None, why=_classless(ask.claim, ask.class_name))
    answer = before.decided.get(key, Decided()).topology
    made = made_for(ask.claim, classes, answer or _where(ask, classes))
    return Binding(ask.claim, made, made=True, verdicts=(claims.Verdict(name),))


def _where(ask: claims.Ask, classes: Classes) -> Topology:
    return where(classes.by_name[ask.class_name].spec.allowed_topologies, ask.zone)


def _new(
    ask: claims.Ask,
    classes: Classes,
    volumes: Mapping[str, Volume],
    holders: Mapping[str, tuple[str, str]],
) -> Binding:
    candidates = (
        claims.Candidate(each, holder=holders.get(name)) for name, each in volumes.items()
    )
    if ask.claim.spec.data_source is None:
        match = claims.find(ask, candidates)
        if match.volume is not None:
            return Binding(ask.claim, match.volume, verdicts=match.verdicts)
    else:
        match = claims.Match(None, ())  # an existing volume does not have the source's bytes
    why = _cannot_make(ask, classes)
    if why is not None:
        return Binding(ask.claim, None, verdicts=match.verdicts, why=why)
    made = made_for(ask.claim, classes, _where(ask, classes))
    return Binding(ask.claim, made, made=True, verdicts=match.verdicts)


def _cannot_make(ask: claims.Ask, classes: Classes) -> Objection | None:
    """Why no volume is made for the claim; None when one is."""
    spec = ask.claim.spec
    if ask.class_name and ask.class_name not in classes.by_name:
        return _pending(
            "CL006",
            "spec.volumeClassName",
            f"there is no VolumeClass {ask.class_name!r}; there are "
            f"{', '.join(sorted(classes.by_name))}",
            "name one of them, or add a VolumeClass",
        )
    if spec.volume_name is not None:
        return _pending("CL001", "spec.volumeName", f"Volume/{spec.volume_name} does not fit")
    if spec.selector is not None:
        return _pending("CL002", "spec.selector", "a selector only finds volumes that exist")
    if not provisions(classes.by_name.get(ask.class_name)):
        what = f"class {ask.class_name!r}" if ask.class_name else "the empty class"
        return _pending("CL001", "spec.volumeClassName", f"{what} does not make volumes")
    if ask.waits and not ask.consumer:
        return _pending(
            "CL005",
            "spec.volumeClassName",
            f"class {ask.class_name!r} waits for a first consumer",
            "add a VolumeAttachment that names the claim",
        )
    return None


def _dropped(claim: VolumeClaim, name: str) -> Objection:
    """A hand-made volume cannot leave the spec before its claim does (pv-protection)."""
    return Objection(
        "VO012",
        "spec.volumeName",
        f"{claim.key} is bound to Volume/{name}, which is not in the spec any more",
        f"put Volume/{name} back, or remove {claim.key} first",
    )


def _classless(claim: VolumeClaim, name: str) -> Objection:
    """The volume stands, and what is wanted of it cannot be known without its class."""
    return Objection(
        "CL006",
        "spec.volumeClassName",
        f"{claim.key} has a volume of class {name!r}, which does not exist any more",
        f"put VolumeClass/{name} back, or remove {claim.key} first",
    )


def _pending(code: str, field: str, message: str, alternative: str = "") -> Objection:
    way_on = alternative or "add a Volume that fits; `explain claim` tells why each one does not"
    return Objection(code, field, message, way_on, Severity.DEGRADE, "Pending")
