"""Where a volume stands: its region, and for EBS its zone. Pure; `facts` knows what there is.

The zone of an EBS volume is, in this order:

    its source's, when it is a copy of a volume
    the first of `topology.zones` that exists, that of its first consumer going before
    the zone of its first consumer: the instance that an attachment names
    the first of the region

It counts when the volume is made and never afterwards, so that a consumer that comes or goes does
not move data; status tells when a volume stands elsewhere than its topology allows.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import Resource, ResourceKey, Volume, VolumeAttachment
from cloudabstract.provider import Facts, Host
from cloudabstract_aws import places

from .survey import EXTRA


def region_of(resource: Resource, facts: Facts) -> str:
    """The region of a volume; of a snapshot or attachment, that of its volume."""
    if isinstance(resource, Volume):
        return next(places.named_by(resource, facts.place), facts.place)
    volume = volume_of(resource.spec.source.volume, facts)
    return facts.place if volume is None else region_of(volume, facts)


def volume_of(name: str | None, facts: Facts) -> Volume | None:
    """The Volume of that name in this turn."""
    found = facts.resources.get(ResourceKey(Volume.KIND, name or ""))
    return found if isinstance(found, Volume) else None


def zone_of(volume: Volume, facts: Facts) -> str:
    """The zone in which an EBS volume is made. Raises CapabilityError (VO009) when none fits."""
    origin = _copied(volume, facts)
    if origin is not None:
        return _of_copy(volume, zone_of(origin, facts))
    region = region_of(volume, facts)
    known = tuple(facts.extra.get(EXTRA, {}).get("zones", {}).get(region, ()))
    allowed = volume.spec.topology.zones
    there = tuple(each for each in allowed if each in known or not known)
    if allowed and not there:
        raise _nowhere(
            volume, f"{', '.join(allowed)} is not in {region}", f"use {', '.join(known)}"
        )
    consumer = next(_consumers(volume, facts), "")
    if consumer and (not there or consumer in there):
        return consumer
    return next(iter(there or known), f"{region}a")


def hosts_called(name: str, facts: Facts) -> tuple[Host, ...]:
    """The instances with that id or name, sorted by id."""
    fitting = (each for each in facts.hosts if name in (each.id, each.name))
    return tuple(sorted(fitting, key=lambda host: host.id))


def check_reach(attachment: VolumeAttachment, volume: Volume, host: Host) -> None:
    """Raise CapabilityError (VO009) when the volume may not stand in the instance's zone."""
    allowed = volume.spec.topology.zones
    if allowed and host.zone and host.zone not in allowed:
        raise CapabilityError(
            [
                Problem(
                    f"{attachment.spec.instance} is in {host.zone}, the volume in "
                    f"{' or '.join(allowed)}",
                    subject=str(attachment.key),
                    field="spec.instance",
                    code="VO009",
                    remedy="name an instance in the volume's zone",
                )
            ]
        )


def _copied(volume: Volume, facts: Facts) -> Volume | None:
    source = volume.spec.data_source
    return volume_of(source.name, facts) if source is not None and source.kind == "Volume" else None


def _of_copy(volume: Volume, zone: str) -> str:
    """AWS copies a volume within its zone."""
    allowed = volume.spec.topology.zones
    if allowed and zone not in allowed:
        text = f"a copy stands where its source does, in {zone}"
        raise _nowhere(volume, text, "leave the zones out, or restore a VolumeSnapshot")
    return zone


def _consumers(volume: Volume, facts: Facts) -> Iterator[str]:
    """The zones of the instances that it is attached to, by the attachments' names."""
    for each in facts.by_kind.get(VolumeAttachment.KIND, ()):
        if not isinstance(each, VolumeAttachment):
            continue
        if each.spec.source.volume == volume.metadata.name:
            yield from (host.zone for host in hosts_called(each.spec.instance, facts) if host.zone)


def _nowhere(volume: Volume, text: str, remedy: str) -> CapabilityError:
    problem = Problem(
        text, subject=str(volume.key), field="spec.topology.zones", code="VO009", remedy=remedy
    )
    return CapabilityError([problem])
