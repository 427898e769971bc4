"""Volume classes: the target's built-in ones, overridden and extended by those of the spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.model import (
    Performance,
    Resource,
    VolumeAttributesClass,
    VolumeClaim,
    VolumeClass,
)

STATIC = "kubernetes.io/no-provisioner"
_DEFAULT_MARKS = (
    "cloudabstract.dev/is-default-class",
    "storageclass.kubernetes.io/is-default-class",
)


@dataclass(frozen=True)
class Classes:
    """Every class that claims of one stack can name. `default` is "" when there is none."""

    by_name: Mapping[str, VolumeClass]
    attributes: Mapping[str, VolumeAttributesClass]
    default: str

    def name_for(self, claim: VolumeClaim) -> str:
        """The effective class name of a claim: unset takes the default, "" stays none."""
        named = claim.spec.volume_class_name
        return self.default if named is None else named

    def switched(self, claim: VolumeClaim, own: Performance) -> Performance:
        """`own`, unless the claim names an attributes class; what that leaves out stays."""
        attributes = self.attributes.get(claim.spec.volume_attributes_class_name or "")
        if attributes is None:
            return own
        changed = attributes.spec.performance
        return Performance(
            changed.tier or own.tier,
            changed.iops or own.iops,
            changed.throughput or own.throughput,
        )


def classes_of(resources: Iterable[Resource], built_in: Iterable[VolumeClass]) -> Classes:
    """The classes of a spec on a target. A default of the spec goes before a built-in one."""
    given = [each for each in resources if isinstance(each, VolumeClass)]
    known = {each.metadata.name: each for each in (*built_in, *given)}
    attributes = {
        each.metadata.name: each for each in resources if isinstance(each, VolumeAttributesClass)
    }
    marked = [each.metadata.name for each in given if is_default(each)]
    inherited = [each.metadata.name for each in known.values() if is_default(each)]
    return Classes(known, attributes, next(iter([*marked, *inherited]), ""))


def is_default(each: VolumeClass) -> bool:
    """Whether claims without a class get this one: by field, or by Kubernetes' annotation."""
    annotated = any(each.metadata.annotations.get(mark) == "true" for mark in _DEFAULT_MARKS)
    return each.spec.default or annotated


def provisions(each: VolumeClass | None) -> bool:
    """Whether volumes can be made for claims of this class."""
    return each is not None and each.spec.provisioner != STATIC
