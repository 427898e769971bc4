"""The kinds of native objects behind volumes, and what the engine must know of each.

    snapshot <- disk, region_disk      a disk may begin as a copy of a snapshot or of a disk
    disk, region_disk <- snapshot      and does not depend on its origin afterwards
    disk, region_disk <- attachment

The type of a disk, where it stands, who may write to it and its key cannot change in place: since
disks hold data, the plan refuses such a change, and names the way by a snapshot.
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

DISK = "gcp.disk"
REGION_DISK = "gcp.region_disk"
SNAPSHOT = "gcp.snapshot"
ATTACHMENT = "gcp.attachment"

_FIXED = frozenset({"type", "many_writers", "kms_key"})
_BIRTH = frozenset({"source", "format"})  # a file system is made once, by whoever mounts it
_EFFECTS = {
    **dict.fromkeys(("size", "iops", "throughput"), Effect.IN_PLACE),
    "mount_options": Effect.NONE,
}

KINDS: tuple[Kind, ...] = (
    Kind(
        DISK,
        uses=(SNAPSHOT, DISK, REGION_DISK),
        fixed=_FIXED | {"zone"},
        birth=_BIRTH,
        precious=True,
        effects=_EFFECTS,
        ending=Effect.DATA,
        security=frozenset({"kms_key"}),
        summary="a Persistent Disk or Hyperdisk in one zone",
    ),
    Kind(
        REGION_DISK,
        uses=(SNAPSHOT, DISK, REGION_DISK),
        fixed=_FIXED | {"zones"},
        birth=_BIRTH,
        precious=True,
        effects=_EFFECTS,
        ending=Effect.DATA,
        security=frozenset({"kms_key"}),
        summary="a disk with a copy in each of two zones",
    ),
    Kind(
        SNAPSHOT,
        uses=(DISK, REGION_DISK),
        birth=frozenset({"source", "location"}),
        precious=True,
        ending=Effect.DATA,
        summary="a copy of a disk at one moment, kept in the disk's region",
    ),
    Kind(
        ATTACHMENT,
        uses=(DISK, REGION_DISK),
        fixed=frozenset({"disk", "instance", "device", "read_only"}),
        identity=frozenset({"disk", "instance"}),
        birth=frozenset({"alone"}),
        exclusive=True,
        seat=frozenset({"disk"}),
        ending=Effect.DRAINS,
        summary="a disk at an instance",
    ),
)
