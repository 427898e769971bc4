"""An EBS volume in the words of parts: sizes in bytes, throughput in MiB/s. Pure.

What EBS does not know is told by tags of the volume, where whoever mounts it can read it, too:

    cloudabstract.memo:fs-type          ext4
    cloudabstract.memo:mount-options    noatime,nodev
    cloudabstract.memo:modified         when it was last modified, up to four times
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Health
from cloudabstract_aws import memos, tags

from . import limits, media
from .limits import GIB

FS_TYPE, MOUNT_OPTIONS, MODIFIED = "fs-type", "mount-options", "modified"
FIGURES = ("size", "type", "iops", "throughput")  # what ModifyVolume changes
TAGGED = ("fs_type", "mount_options", "tags")  # what stands in tags
_HEALTH = {
    "creating": Health.PENDING,
    "available": Health.READY,
    "in-use": Health.READY,
    "error": Health.FAILED,
}
_GP3 = {"Iops": 3000, "Throughput": 125}  # what a gp3 has that does not say


def health(raw: Mapping[str, Any]) -> Health | None:
    """None for a volume that is on its way out, or gone."""
    return _HEALTH.get(raw.get("State", ""))


def fields(raw: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a volume as EC2 shows it; `settings` are the tags that are asked for."""
    known = tags.from_list(raw.get("Tags"))
    kind = raw.get("VolumeType", "")
    return {
        "size": raw["Size"] * GIB,
        "type": kind,
        **figures(kind, raw),
        "multi_attach": bool(raw.get("MultiAttachEnabled")),
        "zone": raw.get("AvailabilityZone", ""),
        "encrypted": bool(raw.get("Encrypted")),
        "kms_key": media.key_id(raw.get("KmsKeyId")),
        "fs_type": memos.read_plain(FS_TYPE, known),
        "mount_options": options(known),
        "tags": tags.extra(known, settings),
        "at": [_at(each) for each in raw.get("Attachments") or ()],
    }


def _at(attachment: Mapping[str, Any]) -> dict[str, Any]:
    """Where it is attached, and whether it goes when the instance goes."""
    return {
        "instance": attachment.get("InstanceId", ""),
        "device": attachment.get("Device", ""),
        "goes": bool(attachment.get("DeleteOnTermination")),
    }


def figures(kind: str, raw: Mapping[str, Any], side: str = "") -> dict[str, int]:
    """IOPS and throughput, where a type has them to be set; `side` as in `TargetIops`."""
    known = limits.volume_type(kind) if kind in limits.types() else None
    inherent = _GP3 if kind == "gp3" else {}
    set_ = {
        "Iops": known is not None and known.iops is not None,
        "Throughput": known is not None and known.throughput is not None,
    }
    return {
        name.lower(): int(raw.get(f"{side}{name}") or inherent.get(name, 0)) if there else 0
        for name, there in set_.items()
    }


def told(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The tags that say how a volume is to be mounted; of the fields that are given."""
    said: dict[str, str] = {}
    if wanted.get("fs_type"):
        said |= memos.plain(FS_TYPE, wanted["fs_type"])
    if "mount_options" in wanted:
        said |= memos.plain(MOUNT_OPTIONS, ",".join(wanted["mount_options"]) or ",")
    return said


def options(known: Mapping[str, str]) -> list[str]:
    """The mount options that the tags say."""
    return [each for each in memos.read_plain(MOUNT_OPTIONS, known).split(",") if each]
