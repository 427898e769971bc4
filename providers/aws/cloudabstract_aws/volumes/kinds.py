"""The kinds of parts that volumes are made of on AWS.

    snapshot <- volume <- snapshot     a volume may begin as a copy of a snapshot or of a volume
    volume <- attachment
    file_system <- mount_target -> security_group
    file_system <- access_point

What only matters at birth is never compared: the zone that was chosen, the origin, the key as it
was named. A mount target has neither name nor tags and belongs to whoever owns its file system. An
attachment has neither, too, but is told on its volume's tags (attached.py), so that what others
attached is not taken for ours.
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind
from cloudabstract_aws.balancers.kinds import SECURITY_GROUP

VOLUME = "aws.volume"
SNAPSHOT = "aws.snapshot"
ATTACHMENT = "aws.attachment"
FILE_SYSTEM = "aws.file_system"
MOUNT_TARGET = "aws.mount_target"
ACCESS_POINT = "aws.access_point"
FIREWALL = SECURITY_GROUP.name

_SEEN_AFTER = 10.0  # seconds until EC2 surely lists a snapshot that was just made

KINDS = (
    Kind(
        VOLUME,
        uses=(SNAPSHOT, VOLUME),
        fixed=frozenset({"encrypted", "kms_key", "multi_attach"}),
        birth=frozenset({"source", "zone", "key"}),
        security=frozenset({"encrypted", "kms_key"}),
        precious=True,
        effects=dict.fromkeys(("size", "type", "iops", "throughput"), Effect.IN_PLACE),
        ending=Effect.DATA,
        summary="An EBS volume in one availability zone",
    ),
    Kind(
        SNAPSHOT,
        uses=(VOLUME,),
        birth=frozenset({"source"}),
        precious=True,
        lag=_SEEN_AFTER,
        ending=Effect.DATA,
        summary="An EBS snapshot: a copy of a volume at one moment",
    ),
    Kind(
        ATTACHMENT,
        uses=(VOLUME,),
        fixed=frozenset({"volume", "instance", "device"}),
        exclusive=True,
        seat=frozenset({"volume"}),
        ending=Effect.DRAINS,
        summary="An EBS volume at an instance",
    ),
    Kind(
        FILE_SYSTEM,
        fixed=frozenset({"encrypted", "kms_key", "performance_mode"}),
        birth=frozenset({"key"}),
        security=frozenset({"encrypted", "kms_key"}),
        precious=True,
        effects=dict.fromkeys(("throughput_mode", "throughput"), Effect.IN_PLACE),
        ending=Effect.DATA,
        summary="An EFS file system, which many instances write to",
    ),
    Kind(
        MOUNT_TARGET,
        uses=(FILE_SYSTEM, FIREWALL),
        fixed=frozenset({"file_system", "subnet"}),
        identity=frozenset({"file_system", "subnet"}),
        birth=frozenset({"security_groups"}),
        exclusive=True,
        ending=Effect.DRAINS,
        summary="The address of a file system in one zone",
    ),
    Kind(
        ACCESS_POINT,
        uses=(FILE_SYSTEM,),
        fixed=frozenset({"file_system", "path", "permissions"}),
        ending=Effect.DRAINS,
        summary="The folder of a file system that is mounted",
    ),
)


def mount_role(zone: str) -> str:
    """The role of the mount target in a zone."""
    return f"mount-{zone}"
