"""What Google cannot do of a volume, a class or an attachment; each told with a way out.

Each rule looks at one field. What no rule looks at is honoured: by the parts (expand.py), or by the
engine (class, claim, reclaim policy, snapshots' policies, protection, management policies). What
depends on the project (instances, quotas, whether a zone exists) is told when the parts are made.
"""

from __future__ import annotations

import re
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
from cloudabstract_gcp.settings import GcpSettings

from . import check_volume, limits, media, traits
from .limits import GIB

_PROVISIONERS = (None, "gcp", "pd.csi.storage.gke.io", "kubernetes.io/gce-pd")
_STATIC = "kubernetes.io/no-provisioner"
_DEVICE = re.compile(r"[a-z]([-_a-z0-9]{0,61}[a-z0-9])?")
_OF_CLAIMS = ("spec.capacity", "spec.volumeMode", "spec.accessModes")


def check(resource: Resource, settings: GcpSettings) -> Iterator[Objection]:
    """Everything that is in the way of `resource`, as far as it can be known offline."""
    if isinstance(resource, Volume):
        yield from check_volume.check(resource.spec, settings)
    if isinstance(resource, VolumeClass):
        yield from _volume_class(resource.spec, settings)
    if isinstance(resource, VolumeAttributesClass):
        yield from _attributes_class(resource)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource)


def _volume_class(spec: VolumeClassSpec, settings: GcpSettings) -> Iterator[Objection]:
    """A class is tried with the smallest volume that it could be asked for."""
    if spec.provisioner not in (*_PROVISIONERS, _STATIC):
        yield Objection(
            "VO017",
            "spec.provisioner",
            f"{spec.provisioner!r} is not a provisioner of this target",
            f"leave it out, or use gcp or {_STATIC}",
        )
    if spec.performance.tier == "shared":
        text = "claims of this class are refused here: files for many writers are Filestore's"
        yield Objection("VO003", "spec.performance.tier", text, severity=Severity.NOTE)
        return
    sample = VolumeSpec(
        Storage(GIB),
        ("ReadWriteOnce",),
        fs_type=spec.fs_type,
        mount_options=spec.mount_options,
        performance=spec.performance,
        encryption=spec.encryption,
        replication=spec.replication,
        provider_overrides=spec.provider_overrides,
    )
    for each in check_volume.check(sample, settings):
        if not each.field.startswith(_OF_CLAIMS):
            yield each
    yield from traits.one_of(spec.allowed_topologies, "spec.allowedTopologies", settings)


def _attributes_class(resource: VolumeAttributesClass) -> Iterator[Objection]:
    """Infeasible on every volume that there can be."""
    wish = resource.spec.performance
    if wish.tier == "shared":
        text = "a disk does not become a file system"
        yield Objection("VC001", "spec.performance.tier", text, "leave tier out")
    kinds = [limits.disk_type(each) for each in limits.types()]
    most = max(each.rates["iops"]["range"][1] for each in kinds if each.takes_iops)
    if wish.iops is not None and wish.iops > most:
        text = f"no disk has more than {most} IOPS"
        yield Objection("VC001", "spec.performance.iops", text, f"ask for {most} or less")
    most = max(each.rates["throughput"]["range"][1] for each in kinds if each.takes_throughput)
    if media.mib(wish.throughput) > most:
        text = f"no disk has more than {most} MiB/s"
        yield Objection("VC001", "spec.performance.throughput", text, f"ask for {most}Mi or less")


def _attachment(resource: VolumeAttachment) -> Iterator[Objection]:
    device = resource.spec.device
    if device is not None and _DEVICE.fullmatch(device) is None:
        yield Objection(
            "VO017",
            "spec.device",
            f"{device!r} cannot be used: it takes small letters, digits, - and _",
            "use one such as data, which shows as /dev/disk/by-id/google-data; or leave it out",
        )
