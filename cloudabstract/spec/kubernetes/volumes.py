"""A PersistentVolume becomes a Volume.

What stands behind it is adopted by its id where that is a cloud's disk or file system. Everything
else (a folder of a node, a server for files, a driver's own names) belongs to a cluster: then the
Volume is a new one of that size, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import Volume

from ..document import Document
from ..paths import Path
from . import metadata, tables
from .drafts import Draft
from .lookup import at, items, labels, mapping, text, texts
from .remarks import STORAGE, Remark, degrade, note
from .rules_volumes import sources_of

OWN_DRIVER = "cloudabstract.dev"  # in manifests written by us
NEW = "new"  # its attribute: a volume that is made, not adopted
_FS_TYPES = ("ext4", "xfs")
_ZONES = frozenset(
    {"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"}
    | {"topology.ebs.csi.aws.com/zone", "topology.gke.io/zone", "topology.disk.csi.azure.com/zone"}
    | {"topology.cinder.csi.openstack.org/zone", "topology.manila.csi.openstack.org/zone"}
)
_REGIONS = frozenset({"topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"})


def draft(document: Document) -> Draft:
    """The volume that this PersistentVolume stands for."""
    raw = document.raw
    spec = mapping(raw, "spec")
    made = Draft(Volume, metadata.portable(raw, namespaced=False))
    capacity = at(spec, "capacity", "storage")
    made.set("capacity", {"storage": quantity(capacity)}, "spec", "capacity")
    made.set("accessModes", unique(texts(spec, "accessModes")), "spec", "accessModes")
    name = class_name(raw)
    made.set("volumeClassName", name, *class_path(raw))
    _policy(made, text(spec, "persistentVolumeReclaimPolicy"))
    made.set("volumeMode", text(spec, "volumeMode") or None, "spec", "volumeMode")
    mount_options(made, texts(spec, "mountOptions"), ("spec", "mountOptions"))
    _claim_ref(made, mapping(spec, "claimRef"))
    topology, remarks = _topology(spec)
    made.set("topology", topology or None, "spec", "nodeAffinity")
    made.remarks += remarks
    for source in sources_of(spec)[:1]:
        made.remarks += _source(made, source, mapping(spec, source))
    return made


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


def _policy(made: Draft, written: str) -> None:
    path = ("spec", "persistentVolumeReclaimPolicy")
    if written == "Recycle":
        message = "volumes are not emptied and used again; this one is retained"
        made.remarks.append(degrade(STORAGE, path, message, "use Retain or Delete"))
        written = "Retain"
    made.set("reclaimPolicy", written or None, *path)


def mount_options(made: Draft, written: list[str], path: Path) -> None:
    """Mount options, which a volume of raw blocks has no use for."""
    if written and made.spec.get("volumeMode") == "Block":
        message = "a volume of raw blocks is not mounted"
        made.remarks.append(degrade(STORAGE, path, message, "leave them out"))
    elif written:
        made.set("mountOptions", written, *path)


def _claim_ref(made: Draft, written: dict[str, Any]) -> None:
    if text(written, "name"):
        reference = {"name": written["name"]}
        if text(written, "namespace"):
            reference["namespace"] = written["namespace"]
        made.set("claimRef", reference, "spec", "claimRef")


def _topology(spec: Any) -> tuple[dict[str, Any], list[Remark]]:
    found: dict[str, Any] = {}
    remarks = []
    terms = items(spec, "nodeAffinity", "required", "nodeSelectorTerms")
    for number, term in enumerate(terms):
        path: Path = ("spec", "nodeAffinity", "required", "nodeSelectorTerms", number)
        for place, each in enumerate(items(term, "matchExpressions")):
            here = (*path, "matchExpressions", place)
            used = text(each, "operator") == "In" and add_place(found, each)
            if not used:
                message = "only zones and regions say where a volume is; this is a cluster's nodes"
                remarks.append(note(STORAGE, here, message))
        if items(term, "matchFields"):
            message = "nodes by name have no meaning outside of their cluster"
            remarks.append(note(STORAGE, (*path, "matchFields"), message))
    return found, remarks


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


def _source(made: Draft, source: str, written: dict[str, Any]) -> Iterator[Remark]:
    path: Path = ("spec", source)
    driver = text(written, "driver") if source == "csi" else ""
    yield from file_system(made, text(written, "fsType"), (*path, "fsType"))
    if driver == OWN_DRIVER:
        if NEW not in mapping(written, "volumeAttributes"):
            made.set("externalRef", text(written, "volumeHandle"), *path, "volumeHandle")
        return
    key = _adopted().get(driver or source, "")
    identity = text(written, key).rpartition("/" if source == "awsElasticBlockStore" else "\0")[2]
    if key and identity:
        made.set("externalRef", identity, *path, key)
    else:
        what = f"the driver {driver[:60]}" if driver else source
        message = f"what {what} names belongs to a cluster; a new volume of this size is made"
        yield degrade(STORAGE, path, message, "copy the data, or name an object of the target")
    if written.get("readOnly") is True:
        yield note(STORAGE, (*path, "readOnly"), "who mounts it decides whether it is read only")
    if key and identity:
        yield from _beside(written, path, key)


def _beside(written: dict[str, Any], path: Path, key: str) -> Iterator[Remark]:
    """What a source says beside the id of an object that is adopted."""
    for other in sorted(set(written) - {key, "driver", "fsType", "readOnly"}):
        if written[other]:
            message = "says how a cluster's driver attaches it; not used"
            yield note(STORAGE, (*path, other), message)


def file_system(made: Draft, written: str, path: Path) -> Iterator[Remark]:
    """The file system, when it is one that every target can make."""
    if written in _FS_TYPES:
        made.set("fsType", written, *path)
    elif written:
        message = f"volumes have {' or '.join(_FS_TYPES)} here; ext4 takes the place of {written!r}"
        yield degrade(STORAGE, path, message)


def _adopted() -> dict[str, str]:
    """Sources and drivers whose objects a target can adopt, and the field that has the id."""
    adopted: dict[str, str] = tables.load("provisioners")["adopted"]
    return adopted
