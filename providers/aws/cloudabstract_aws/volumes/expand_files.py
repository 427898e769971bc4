"""The parts of a volume that is an EFS file system. Pure.

file system      the data; its size is told by a tag, for EFS has none
firewall         a security group that lets the VPC's addresses in to NFS
mount target     one in each zone: the address under which instances there mount it
access point     the folder that is mounted, which every user of the instances may write to

Subnets are found as those of internal balancers are. A file system that is adopted by its id, or
says `mountTargets: own`, brings its own mount targets and access points, and nobody told its size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cloudabstract.errors import CapabilityError
from cloudabstract.model import Encryption, Volume
from cloudabstract.provider import Facts, Part, PartKey
from cloudabstract_aws import networks
from cloudabstract_aws.networks import Chosen, Unsuitable
from cloudabstract_aws.settings import AwsSettings

from . import kinds, media, zones
from .check import rejects
from .survey import EXTRA

PATH = "/data"
NFS = 2049
_PERMISSIONS = "0777"


def expand(volume: Volume, facts: Facts, settings: AwsSettings) -> Iterator[Part]:
    """Every part, those that others point at first. Raises CapabilityError without subnets."""
    region = zones.region_of(volume, facts)
    system = _file_system(volume, region, settings)
    yield system
    if volume.spec.external_ref is not None:
        return
    if media.brings_mounts(volume.spec):
        return
    place = _place(volume, facts, region, settings)
    tags = dict(settings.tags)
    if place.subnets:
        firewall = _firewall(volume, region, place, tags)
        yield firewall
        for subnet in place.subnets:
            want = {
                "file_system": system.ref("id"),
                "subnet": subnet.id,
                "security_groups": [firewall.ref("id")],
            }
            key = PartKey(volume.key, kinds.MOUNT_TARGET, kinds.mount_role(subnet.zone))
            yield Part(key, region, want)
    overrides = volume.spec.provider_overrides.get(media.PROVIDER, {})
    want = {
        "file_system": system.ref("id"),
        "path": PATH,
        "permissions": str(overrides.get("permissions", _PERMISSIONS)),
        "tags": tags,
    }
    yield Part(PartKey(volume.key, kinds.ACCESS_POINT, "access"), region, want)


def _file_system(volume: Volume, region: str, settings: AwsSettings) -> Part:
    spec, files = volume.spec, media.files(volume.spec)
    wish = spec.encryption or Encryption()
    throughput = {"throughput_mode": files.throughput_mode, "throughput": files.throughput}
    want: dict[str, Any] = {
        "mount_options": list(spec.mount_options),
        "tags": dict(settings.tags),
    }
    key_id = media.key_id(wish.key)
    if spec.external_ref is None or files.throughput:
        want |= throughput
    if media.brings_mounts(spec):
        want["encrypted"] = wish.enabled
    elif spec.external_ref is None:
        want |= {
            "size": spec.capacity.storage,
            "performance_mode": "generalPurpose",
            "encrypted": wish.enabled,
            "key": wish.key or "",
            **({"kms_key": key_id} if key_id else {}),
        }
    elif wish.enabled:
        want |= {"encrypted": True, **({"kms_key": key_id} if key_id else {})}
    return Part(
        PartKey(volume.key, kinds.FILE_SYSTEM, "volume"),
        region,
        want,
        external=spec.external_ref or "",
        notes={"size": "told, not enforced"},
    )


def _firewall(volume: Volume, region: str, place: Chosen, tags: dict[str, str]) -> Part:
    ingress = [{"protocol": "tcp", "port": NFS, "cidr": cidr} for cidr in sorted(place.cidrs)]
    want = {"vpc": place.vpc, "ingress": ingress, "egress_ipv4": True, "tags": tags}
    return Part(PartKey(volume.key, kinds.FIREWALL, "firewall"), region, want)


def _place(volume: Volume, facts: Facts, region: str, settings: AwsSettings) -> Chosen:
    """A VPC and one subnet in each zone; nothing for a volume that is refused anyway."""
    known = facts.extra.get(EXTRA, {}).get("networks", {}).get(region, {})
    ours = settings if region == facts.place else AwsSettings()
    wish = networks.Request("Internal", ours.vpc or "", ours.subnets, volume.spec.topology.zones)
    try:
        return networks.choose(known, wish)
    except Unsuitable as unsuitable:
        if rejects(volume, settings):
            return Chosen()
        problem = replace(
            unsuitable.problem,
            subject=str(volume.key),
            field="spec.topology",
            code="VO009",
        )
        raise CapabilityError([problem]) from unsuitable
