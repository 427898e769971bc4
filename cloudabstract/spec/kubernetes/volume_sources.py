"""What stands behind a PersistentVolume.

A cloud's disk or file system is adopted by its id. Everything else (a folder of a node, a server
for files, a driver's own names) belongs to a cluster: then the Volume is a new one of that size,
and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import storing, tables
from .drafts import Draft
from .lookup import mapping, text, texts
from .remarks import STORAGE, Remark, degrade, note

OWN_DRIVER = "cloudabstract.dev"  # in manifests written by us
NEW = "new"  # its attribute: a volume that is made, not adopted


def read(made: Draft, source: str, written: dict[str, Any]) -> Iterator[Remark]:
    """Give the draft what `source` says, and tell what of it is not honoured."""
    path: Path = ("spec", source)
    driver = text(written, "driver") if source == "csi" else ""
    yield from storing.file_system(made, text(written, "fsType"), (*path, "fsType"))
    if driver == OWN_DRIVER:
        if NEW not in mapping(written, "volumeAttributes"):
            made.set("externalRef", text(written, "volumeHandle"), *path, "volumeHandle")
        return
    if written.get("readOnly") is True:
        yield note(STORAGE, (*path, "readOnly"), "who mounts it decides whether it is read only")
    entry = tables.load("provisioners")["adopted"].get(driver or source, {})
    found = re.fullmatch(entry["id"], text(written, entry["field"])) if entry else None
    if found and found[1]:
        yield from _adopt(made, entry, found[1], path, written)
    else:
        yield _new(made, source, driver)


def _adopt(
    made: Draft, entry: dict[str, Any], identity: str, path: Path, written: dict[str, Any]
) -> Iterator[Remark]:
    made.set("externalRef", identity, *path, entry["field"])
    if "tier" in entry:
        made.set("performance", {"tier": entry["tier"]}, *path)
    if "/regions/" in identity:
        made.set("replication", "regional", *path, entry["field"])
    for other in sorted(set(written) - {entry["field"], "driver", "fsType", "readOnly"}):
        if written[other]:
            message = "says how a cluster's driver attaches it; not used"
            yield note(STORAGE, (*path, other), message)


def _new(made: Draft, source: str, driver: str) -> Remark:
    """A volume that many write to at once needs a medium that can be shared."""
    kind = made.spec.get("volumeMode")
    many = "ReadWriteMany" in texts(made.spec, "accessModes")
    if kind != "Block" and (many or source in tables.load("provisioners")["shared"]):
        made.set("performance", {"tier": "shared"}, "spec", source)
    what = f"the driver {driver[:60]}" if driver else source
    message = f"what {what} names belongs to a cluster; a new volume of this size is made"
    remedy = "copy the data, or name an object of the target"
    return degrade(STORAGE, ("spec", source), message, remedy)
