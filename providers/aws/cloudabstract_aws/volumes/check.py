"""What AWS cannot do of a volume, a class, a snapshot or an attachment; each told with a way out.

Each rule looks at one field. What no rule looks at is honoured: by the parts (expand.py), or by the
engine (class, claim, reclaim policy, snapshots' policies, protection, management policies). What
depends on the account (zones, instances, subnets) is told when the parts are made.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import (
    Resource,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttributesClass,
    VolumeClass,
    VolumeClassSpec,
    VolumeSpec,
)
from cloudabstract.provider import Objection, Severity
from cloudabstract_aws.settings import AwsSettings

from . import check_disk, check_files, limits, media, traits
from .limits import GIB

_PROVISIONERS = (None, "aws", "ebs.csi.aws.com", "efs.csi.aws.com")
_STATIC = "kubernetes.io/no-provisioner"


def check(resource: Resource, settings: AwsSettings) -> Iterator[Objection]:
    """Everything that is in the way of `resource`, as far as it can be known offline."""
    if isinstance(resource, Volume):
        yield from _volume(resource.spec, settings)
    if isinstance(resource, VolumeClass):
        yield from _volume_class(resource.spec, settings)
    if isinstance(resource, VolumeAttributesClass):
        yield from _attributes_class(resource)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource)


def rejects(resource: Resource, settings: AwsSettings) -> bool:
    """Whether `resource` is refused offline already."""
    return any(each.severity is Severity.REJECT for each in check(resource, settings))


def _volume(spec: VolumeSpec, settings: AwsSettings) -> Iterator[Objection]:
    medium = check_files if media.is_files(spec) else check_disk
    yield from medium.check(spec)
    yield from traits.topology([spec.topology], "spec.topology", settings)
    yield from traits.encryption(spec.encryption)
    if spec.external_ref is not None and spec.data_source is not None:
        yield Objection(
            "VO017",
            "spec.dataSource",
            "what is adopted has its bytes already",
            "leave dataSource or externalRef out",
        )


def _volume_class(spec: VolumeClassSpec, settings: AwsSettings) -> Iterator[Objection]:
    """A class is tried with the smallest volume that it could be asked for."""
    if spec.provisioner not in (*_PROVISIONERS, _STATIC):
        yield Objection(
            "VO017",
            "spec.provisioner",
            f"{spec.provisioner!r} is not a provisioner of this target",
            f"leave it out, or use aws or {_STATIC}",
        )
    for each in _tried(spec):
        if not each.field.startswith(("spec.capacity", "spec.volumeMode")):
            yield each
    yield from traits.topology(spec.allowed_topologies, "spec.allowedTopologies", settings)
    yield from traits.encryption(spec.encryption)


def _tried(spec: VolumeClassSpec) -> Iterator[Objection]:
    size = limits.volume_type(limits.type_of_tier(spec.performance.tier)).size[1] * GIB
    shared = spec.performance.tier == "shared"
    sample = VolumeSpec(
        Storage(size),
        ("ReadWriteMany",) if shared else ("ReadWriteOnce",),
        fs_type=spec.fs_type,
        mount_options=spec.mount_options,
        performance=spec.performance,
        encryption=spec.encryption,
        replication=spec.replication,
        provider_overrides=spec.provider_overrides,
    )
    yield from (check_files if shared else check_disk).check(sample)


def _attributes_class(resource: VolumeAttributesClass) -> Iterator[Objection]:
    """Infeasible on every volume that there can be."""
    wish = resource.spec.performance
    if wish.tier == "shared":
        text = "a disk does not become a file system, nor the other way round"
        yield Objection("VC001", "spec.performance.tier", text, "make a new claim of class shared")
    named = wish.tier or ""
    tiers = [named] if named else ["standard", "fast"]
    kinds = [limits.volume_type(limits.type_of_tier(tier)) for tier in tiers]
    ranges = [each.iops for each in kinds if each.iops is not None]
    if wish.iops and not any(low <= wish.iops <= high for low, high in ranges):
        text = f"no volume of tier {named or 'any'} has {wish.iops} IOPS"
        yield Objection("VC001", "spec.performance.iops", text, "ask for less, or use tier fast")
    most = max(each.most_throughput(each.most_iops(each.size[1])) for each in kinds)
    if media.mib(wish.throughput) > most:
        text = f"no volume of tier {named or 'any'} has {media.mib(wish.throughput)} MiB/s"
        yield Objection(
            "VC001", "spec.performance.throughput", text, "ask for less, or use tier balanced"
        )


def _attachment(resource: VolumeAttachment) -> Iterator[Objection]:
    spec = resource.spec
    if spec.read_only:
        yield Objection(
            "VO017",
            "spec.readOnly",
            "EBS attaches for reading and writing",
            "leave readOnly out, and mount with `ro` on the instance",
        )
    if spec.device is not None and not traits.is_device(spec.device):
        yield Objection(
            "VO017",
            "spec.device",
            f"{spec.device!r} is not a name that EC2 takes",
            "use /dev/sdf to /dev/sdp, or leave it out",
        )
