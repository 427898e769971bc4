"""An EFS file system in the words of parts. Pure.

EFS has neither a size nor mount options; they are told by tags of the file system:

    cloudabstract.memo:size             bytes that were asked for
    cloudabstract.memo:mount-options    tls,noatime
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Health
from cloudabstract_aws import memos, tags

from . import media, volume_words

SIZE = "size"
_HEALTH = {
    "creating": Health.PENDING,
    "updating": Health.PENDING,
    "available": Health.READY,
    "error": Health.FAILED,
}


def health(raw: Mapping[str, Any]) -> Health | None:
    """Of anything of EFS; None for what is on its way out, or gone."""
    return _HEALTH.get(raw.get("LifeCycleState", ""))


def reason(raw: Mapping[str, Any]) -> str:
    """Why something of EFS is not ready; "" when it is."""
    return "" if health(raw) is Health.READY else str(raw.get("LifeCycleState", ""))


def fields(raw: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a file system as EFS shows it; no `size` where nobody told one."""
    known = tags.from_list(raw.get("Tags"))
    size = memos.read_plain(SIZE, known)
    mode = raw.get("ThroughputMode") or "bursting"
    provisioned = int(raw.get("ProvisionedThroughputInMibps") or 0)
    return {
        **({"size": int(size)} if size.isdecimal() else {}),
        "performance_mode": raw.get("PerformanceMode") or "generalPurpose",
        "throughput_mode": mode,
        "throughput": provisioned if mode == "provisioned" else 0,
        "encrypted": bool(raw.get("Encrypted")),
        "kms_key": media.key_id(raw.get("KmsKeyId")),
        "used": int((raw.get("SizeInBytes") or {}).get("Value") or 0),
        "mount_options": volume_words.options(known),
        "tags": tags.extra(known, settings),
    }


def told(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The tags that tell what EFS does not know; of the fields that are given."""
    size = wanted.get("size")
    said = {} if size is None else memos.plain(SIZE, str(size))
    return {**said, **volume_words.told({**wanted, "fs_type": ""})}


def throughput(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """How EFS takes the throughput."""
    asked: dict[str, Any] = {"ThroughputMode": wanted["throughput_mode"]}
    if wanted["throughput_mode"] == "provisioned":
        asked["ProvisionedThroughputInMibps"] = float(wanted["throughput"])
    return asked
