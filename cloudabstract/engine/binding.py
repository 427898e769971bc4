"""Every claim of a spec with its volume: kept, found or made.

A binding, once made, stays: it is remembered, and written on the volume as the owner's label
`claim`, so that a lost store finds it again. New claims are bound in the order of their names by
`claims.find`; a claim that nothing fits gets a Volume made for it, if its class makes any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.model import (
    Resource,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeClaim,
)
from cloudabstract.provider import Host, Objection, Severity

from . import claims
from .classes import Classes, provisions
from .naming import claim_volume_name
from .volumes import made_for


@dataclass(frozen=True)
class Binding:
    """What became of one claim. `volume` is None while it is Pending."""

    claim: VolumeClaim
    volume: Volume | None
    made: bool = False  # the volume exists only for this claim
    verdicts: tuple[claims.Verdict, ...] = ()
    why: Objection | None = None  # why it is Pending


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
    resources: Iterable[Resource],
    classes: Classes,
    remembered: Mapping[str, str],
    consumers: Consumers,
) -> dict[ResourceKey, Binding]:
    """A Binding for every claim in `resources`. `remembered` maps claim keys to volume names."""
    resources = tuple(resources)
    volumes = sorted(
        (each for each in resources if isinstance(each, Volume)), key=lambda each: each.key
    )
    asked = sorted(
        (each for each in resources if isinstance(each, VolumeClaim)), key=lambda each: each.key
    )
    holders = _holders(volumes, remembered)
    bound: dict[ResourceKey, Binding] = {}
    for claim in asked:
        ask = _ask(claim, classes, consumers)
        binding = _kept(ask, classes, remembered, volumes) or _new(ask, classes, volumes, holders)
        if binding.volume is not None and not binding.made:
            holders[binding.volume.metadata.name] = ask.who
        bound[claim.key] = binding
    return bound


def _ask(claim: VolumeClaim, classes: Classes, consumers: Consumers) -> claims.Ask:
    name = classes.name_for(claim)
    of_class = classes.by_name.get(name)
    waits = (
        of_class is not None and of_class.spec.volume_binding_mode == "WaitForFirstConsumer"
    )
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
    ask: claims.Ask,
    classes: Classes,
    remembered: Mapping[str, str],
    volumes: Iterable[Volume],
) -> Binding | None:
    name = remembered.get(str(ask.claim.key))
    if name is None:
        return None
    for each in volumes:
        if each.metadata.name == name:
            return Binding(ask.claim, each, verdicts=(claims.Verdict(name),))
    if name != claim_volume_name(*ask.who):
        return Binding(ask.claim, None, why=_dropped(ask.claim, name))
    made = made_for(ask.claim, classes, ask.zone)
    return Binding(ask.claim, made, made=True, verdicts=(claims.Verdict(name),))


def _new(
    ask: claims.Ask,
    classes: Classes,
    volumes: Iterable[Volume],
    holders: Mapping[str, tuple[str, str]],
) -> Binding:
    candidates = (
        claims.Candidate(each, holder=holders.get(each.metadata.name)) for each in volumes
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
    made = made_for(ask.claim, classes, ask.zone)
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


def _pending(code: str, field: str, message: str, alternative: str = "") -> Objection:
    way_on = alternative or "add a Volume that fits; `explain claim` tells why each one does not"
    return Objection(code, field, message, way_on, Severity.DEGRADE, "Pending")
