"""Rules for volumes, claims, classes, snapshots and attachments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import Resource, VolumeAttributesClass, VolumeClaim, VolumeSource
from cloudabstract.model.limits import DNS_SUBDOMAIN

from .decode import Complaint
from .networks import is_subdomain
from .rules_metadata import selector

# Options that change how files are kept, and nothing about safety or about other mounts.
_ANY = frozenset(
    {"atime", "async", "defaults", "diratime", "lazytime", "noatime", "nodev", "nodiratime"}
    | {"noexec", "nosuid", "relatime", "ro", "rw", "strictatime", "sync", "dirsync"}
)
MOUNT_OPTIONS = {
    "ext4": _ANY
    | {"acl", "barrier", "commit", "data", "discard", "errors", "nobarrier", "nodiscard"}
    | {
        "noacl",
        "nouser_xattr",
        "user_xattr",
        "stripe",
        "delalloc",
        "nodelalloc",
        "journal_checksum",
    },
    "xfs": _ANY
    | {"allocsize", "attr2", "discard", "inode32", "inode64", "largeio", "logbsize", "logbufs"}
    | {"noalign", "nodiscard", "nolargeio", "noquota", "nouuid", "prjquota", "swalloc", "uquota"},
}


def one_pod_mode_is_alone(resource: Resource) -> Iterator[Complaint]:
    """ReadWriteOncePod promises a single user, which no other mode does."""
    modes = resource.spec.access_modes
    if "ReadWriteOncePod" in modes and set(modes) != {"ReadWriteOncePod"}:
        message = "ReadWriteOncePod cannot be combined with other modes"
        yield Complaint(("spec", "accessModes"), message)


def names_of_classes_are_names(resource: Resource) -> Iterator[Complaint]:
    """Classes are resources; '' is the absence of one."""
    spec: Any = resource.spec
    names = {
        "volumeClassName": getattr(spec, "volume_class_name", None),
        "volumeAttributesClassName": getattr(spec, "volume_attributes_class_name", None),
    }
    for key, name in names.items():
        if name and not is_subdomain(name):
            message = f"{name[:60]!r} must consist of {DNS_SUBDOMAIN.says}"
            yield Complaint(("spec", key), message)


def one_origin(resource: Resource) -> Iterator[Complaint]:
    """What exists already is adopted as it is; it cannot be filled from something else."""
    spec: Any = resource.spec
    if spec.external_ref is not None and spec.data_source is not None:
        message = "an existing volume is adopted with its data"
        yield Complaint(("spec", "dataSource"), message, "leave out this, or externalRef")


def no_copy_of_itself(resource: Resource) -> Iterator[Complaint]:
    """A data source is another resource."""
    source = resource.spec.data_source
    if source is not None and (source.kind, source.name) == (resource.KIND, resource.metadata.name):
        yield Complaint(("spec", "dataSource", "name"), "this is the resource itself")


def mount_options_are_known(resource: Resource) -> Iterator[Complaint]:
    """An unknown option is a warning: the kernel's list is longer than ours."""
    spec: Any = resource.spec
    if getattr(spec, "volume_mode", "Filesystem") == "Block":
        if spec.mount_options:
            message = "a volume of raw blocks is not mounted"
            yield Complaint(("spec", "mountOptions"), message, "leave them out")
        return
    for number, option in enumerate(spec.mount_options):
        if option.split("=")[0] not in MOUNT_OPTIONS[spec.fs_type]:
            message = f"{option[:60]!r} is not a mount option of {spec.fs_type} that is known here"
            path = ("spec", "mountOptions", number)
            yield Complaint(path, message, code="VO018", is_warning=True)


def keys_need_encryption(resource: Resource) -> Iterator[Complaint]:
    """A key that is not used would be ignored."""
    encryption = resource.spec.encryption
    if encryption is not None and encryption.key is not None and not encryption.enabled:
        message = "a key is given, but encryption is not enabled"
        yield Complaint(("spec", "encryption", "key"), message, "set encryption.enabled: true")


def claims_select_volumes(resource: Resource) -> Iterator[Complaint]:
    """The selector of a claim can select."""
    assert isinstance(resource, VolumeClaim)
    return selector(("spec", "selector"), resource.spec.selector)


def one_source(resource: Resource) -> Iterator[Complaint]:
    """A snapshot or attachment is of a claim or of a volume."""
    source: VolumeSource = resource.spec.source
    if (source.claim is None) == (source.volume is None):
        said = "neither" if source.claim is None else "both"
        message = f"has either a claim or a volume; this one has {said}"
        yield Complaint(("spec", "source"), message)


def something_changes(resource: Resource) -> Iterator[Complaint]:
    """A class of attributes that names none would do nothing."""
    assert isinstance(resource, VolumeAttributesClass)
    change = resource.spec.performance
    if (change.tier, change.iops, change.throughput) == (None, None, None):
        message = "names nothing that changes"
        yield Complaint(("spec", "performance"), message, "set tier, iops or throughput")
