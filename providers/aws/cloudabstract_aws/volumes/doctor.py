"""What `doctor` says of volumes: permissions missing, and quotas of EBS near their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudabstract.provider import Finding
from cloudabstract_aws import errors, pages, permissions
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

from . import asking, limits

_VOLUME = {"VolumeId": "vol-00000000000000000"}
_SNAPSHOT = {"SnapshotId": "snap-00000000000000000"}
_INSTANCE = {"InstanceId": "i-00000000000000000"}
_NEAR = 0.8  # of a quota
_TIB = 1024  # GiB


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """Of the target's region."""
    region = clients.region
    if clients.genuine(region):
        yield from permissions.dry(_mutations(clients, region))
        yield from permissions.looked(_looks(clients, region))
    yield from _quotas(clients, region)


def _mutations(clients: Clients, region: str) -> dict[str, permissions.Call]:
    """Every change of EC2 that volumes need, with parameters that could never be carried out."""
    ec2 = clients.write("ec2", region)
    where = {"AvailabilityZone": f"{region}-nowhere", "Size": 1, "VolumeType": "gp3"}
    return {
        "ec2:CreateVolume": lambda **dry: ec2.create_volume(**where, **dry),
        "ec2:ModifyVolume": lambda **dry: ec2.modify_volume(**_VOLUME, Size=1, **dry),
        "ec2:DeleteVolume": lambda **dry: ec2.delete_volume(**_VOLUME, **dry),
        "ec2:CopyVolumes": lambda **dry: ec2.copy_volumes(
            SourceVolumeId=_VOLUME["VolumeId"], VolumeType="gp3", **dry
        ),
        "ec2:CreateSnapshot": lambda **dry: ec2.create_snapshot(**_VOLUME, **dry),
        "ec2:DeleteSnapshot": lambda **dry: ec2.delete_snapshot(**_SNAPSHOT, **dry),
        "ec2:AttachVolume": lambda **dry: ec2.attach_volume(
            **_VOLUME, **_INSTANCE, Device="/dev/sdf", **dry
        ),
        "ec2:DetachVolume": lambda **dry: ec2.detach_volume(**_VOLUME, **dry),
    }


def _looks(clients: Clients, region: str) -> dict[str, permissions.Call]:
    """The looks of EFS that need no object."""
    service = clients.read("efs", region)
    return {
        "elasticfilesystem:DescribeFileSystems": lambda: service.describe_file_systems(MaxItems=1),
        "elasticfilesystem:DescribeAccessPoints": lambda: service.describe_access_points(
            MaxResults=1
        ),
    }


def _quotas(clients: Clients, region: str) -> Iterator[Finding]:
    """Terabytes of each type, where the account may read its quotas."""
    service = clients.read("service-quotas", region)
    try:
        told = list(pages.of(service, "list_service_quotas", "Quotas", ServiceCode="ebs"))
    except Exception as error:  # noqa: BLE001 - knowing them is a kindness, not a need
        text = f"not readable: {errors.classify(error).native}"
        yield Finding("quota of volumes", True, text)
        return
    used: Counter[str] = Counter()
    for each in asking.read(clients, region, "describe_volumes", "Volumes"):
        used[each.get("VolumeType", "")] += each["Size"]
    for kind in limits.types():
        most = _most(kind, told) * _TIB
        if most:
            near = used[kind] > most * _NEAR
            text = f"{used[kind]} GiB of {most:.0f} GiB {kind} in use"
            remedy = "ask for more in Service Quotas" if near else ""
            yield Finding(f"quota of {kind}", not near, text, remedy)


def _most(kind: str, told: Sequence[Mapping[str, Any]]) -> float:
    """The quota of a type in TiB; 0.0 when it is not told."""
    for each in told:
        name = str(each.get("QuotaName", ""))
        if name.startswith("Storage for") and f"({kind})" in name:
            return float(each.get("Value", 0))
    return 0.0
