"""What the kinds of storage have in common: sizes, classes, places, file systems, mount options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from ..rules_volume import MOUNT_OPTIONS
from .drafts import Draft
from .lookup import at, labels, text, texts
from .remarks import STORAGE, Remark, degrade

_FS_TYPES = ("ext4", "xfs")
_ZONES = frozenset(
    {"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"}
    | {"topology.ebs.csi.aws.com/zone", "topology.gke.io/zone", "topology.disk.csi.azure.com/zone"}
    | {"topology.cinder.csi.openstack.org/zone", "topology.manila.csi.openstack.org/zone"}
)
_REGIONS = frozenset({"topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"})


def quantity(written: Any) -> Any:
    """A quantity as the model takes it: 1e9 is a number to Kubernetes, too."""
    return str(written) if isinstance(written, float) else written


def unique(written: list[str]) -> list[str]:
    """Each once: a mode that is given twice means no more."""
    return list(dict.fromkeys(written))


def class_name(raw: Any) -> str | None:
    """The storage class, from its field or from the annotation that came before it."""
    given = at(raw, "spec", "storageClassName")
    if given is None:
        given = labels(raw, "metadata", "annotations").get(CLASS)
    return given if isinstance(given, str) else None


def class_path(raw: Any) -> Path:
    """Where the storage class is written."""
    if at(raw, "spec", "storageClassName") is None:
        return ("metadata", "annotations", CLASS)
    return ("spec", "storageClassName")


CLASS = "volume.beta.kubernetes.io/storage-class"


def mount_options(made: Draft, written: list[str], path: Path) -> None:
    """Mount options that the file system has; a volume of raw blocks has a use for none."""
    if written and made.spec.get("volumeMode") == "Block":
        message = "a volume of raw blocks is not mounted"
        made.remarks.append(degrade(STORAGE, path, message, "leave them out"))
        return
    fs_type = made.spec.get("fsType", _FS_TYPES[0])
    known = MOUNT_OPTIONS[fs_type]
    for number, option in enumerate(written):
        if option.split("=")[0] not in known:
            message = f"{option[:60]!r} is no option of {fs_type}; it is left out"
            made.remarks.append(degrade("VO018", (*path, number), message))
    kept = [each for each in written if each.split("=")[0] in known]
    if kept:
        made.set("mountOptions", kept, *path)


def add_place(topology: dict[str, Any], requirement: Any) -> bool:
    """Add the zones or the region that `requirement` asks for; False when it asks for neither."""
    key, values = text(requirement, "key"), texts(requirement, "values")
    if key in _ZONES and values:
        topology["zones"] = unique([*topology.get("zones", []), *values])
        return True
    if key in _REGIONS and len(values) == 1 and topology.get("region") in (None, values[0]):
        topology["region"] = values[0]
        return True
    return False


def file_system(made: Draft, written: str, path: Path) -> Iterator[Remark]:
    """The file system, when it is one that every target can make."""
    if written in _FS_TYPES:
        made.set("fsType", written, *path)
    elif written:
        message = f"volumes have {' or '.join(_FS_TYPES)} here; ext4 takes the place of {written!r}"
        yield degrade(STORAGE, path, message)


def is_shared(spec: Any) -> bool:
    """Whether files are to be written from several places at once."""
    return "ReadWriteMany" in texts(spec, "accessModes") and text(spec, "volumeMode") != "Block"
