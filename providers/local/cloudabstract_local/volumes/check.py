"""What this target cannot do of a volume, a class or an attachment; each told with a way out.

Each rule looks at one field. What no rule looks at is honoured: by the parts (expand.py), or by the
engine (class, claim, reclaim policy, snapshots' policies, protection, management policies).
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import (
    Resource,
    Volume,
    VolumeAttachment,
    VolumeAttributesClass,
    VolumeClass,
)
from cloudabstract.provider import Objection, Severity
from cloudabstract_local.settings import LocalSettings

from . import check_volume, placing, probe, traits
from .probe import Abilities


def check(
    resource: Resource, settings: LocalSettings, able: Abilities | None = None
) -> Iterator[Objection]:
    """Everything that is in the way of `resource`. `able`: what the user may do; unset: look."""
    able = able or probe.here()
    if isinstance(resource, Volume):
        yield from check_volume.check(resource.spec, settings, able)
    if isinstance(resource, VolumeClass):
        yield from _volume_class(resource, able)
    if isinstance(resource, VolumeAttributesClass):
        yield from _attributes_class(resource)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource, settings, able)


def _volume_class(resource: VolumeClass, able: Abilities) -> Iterator[Objection]:
    spec = resource.spec
    if spec.provisioner not in (None, placing.NAME, "kubernetes.io/no-provisioner"):
        yield Objection(
            "VO017",
            "spec.provisioner",
            f"{spec.provisioner!r} is not a provisioner of this target",
            f"leave it out, or use {placing.NAME} or kubernetes.io/no-provisioner",
        )
    yield from traits.performance(spec.performance)
    yield from traits.encryption(spec.encryption)
    yield from traits.replication(spec.replication)
    yield from traits.topology(spec.allowed_topologies, "spec.allowedTopologies")
    yield from traits.overrides(spec.provider_overrides)
    yield from traits.file_system(spec.fs_type, able)
    yield from traits.mount_options(spec.mount_options, spec.fs_type)


def _attributes_class(resource: VolumeAttributesClass) -> Iterator[Objection]:
    for objection in traits.performance(resource.spec.performance):
        infeasible = objection.severity is Severity.REJECT
        code = "VC001" if infeasible else objection.code
        yield Objection(
            code,
            objection.field,
            objection.message,
            objection.alternative,
            objection.severity,
        )


def _attachment(
    resource: VolumeAttachment, settings: LocalSettings, able: Abilities
) -> Iterator[Objection]:
    spec = resource.spec
    here = traits.names_of_this_machine()
    if spec.instance not in here:
        yield Objection(
            "VO009",
            "spec.instance",
            f"{spec.instance!r} is not this machine",
            f"use {' or '.join(sorted(here))}",
        )
    if spec.device is not None:
        yield Objection(
            "VO017",
            "spec.device",
            "the kernel numbers its devices itself",
            "leave device out; status.path is a name that stays",
        )
    if spec.read_only and (settings.mount == "never" or not able.mount):
        yield Objection(
            "VO017",
            "spec.readOnly",
            f"reading only takes a mount: {check_volume.why_unmounted(settings, able)}",
            "leave readOnly out, or run as root with `mount: auto`",
        )
