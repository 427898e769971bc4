"""For `doctor`: whether we may do what volumes need, and which quotas of EBS are nearly used up.

Permissions are asked for with DryRun, on a volume that does not exist, so that nothing would happen
even where an emulator takes a dry run for a real one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Finding
from cloudabstract_aws import errors, pages
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

from . import asking, limits

_NOBODYS = {"VolumeId": "vol-00000000000000000"}
_INSTANCE = {"InstanceId": "i-00000000000000000"}
_TRIED: dict[str, tuple[str, dict[str, Any]]] = {
    "ModifyVolume": ("modify_volume", {**_NOBODYS, "Size": 1}),
    "DeleteVolume": ("delete_volume", _NOBODYS),
    "CreateSnapshot": ("create_snapshot", _NOBODYS),
    "AttachVolume": ("attach_volume", {**_NOBODYS, **_INSTANCE, "Device": "/dev/sdf"}),
    "DetachVolume": ("detach_volume", _NOBODYS),
}
_NEAR = 0.9  # of a quota
_TIB = 1024  # GiB


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """Of the default region."""
    region = clients.region
    yield _permissions(clients, region)
    yield from _quotas(clients, region)


def _permissions(clients: Clients, region: str) -> Finding:
    ec2 = clients.write("ec2", region)
    denied = []
    for action, (operation, asked) in _TRIED.items():
        try:
            getattr(ec2, operation)(DryRun=True, **asked)
        except Exception as error:  # noqa: BLE001 - that it is refused for another reason is fine
            if errors.classify(error).code is ErrorCode.DENIED:
                denied.append(f"ec2:{action}")
    if denied:
        text = f"not permitted: {', '.join(denied)}"
        return Finding("volumes", False, text, "grant them (docs: AWS permissions)")
    return Finding("volumes", True, f"EBS in {region} lets us change volumes")


def _quotas(clients: Clients, region: str) -> Iterator[Finding]:
    """Terabytes of each type, where the account may read its quotas."""
    try:
        quotas = list(
            pages.of(
                clients.read("service-quotas", region),
                "list_service_quotas",
                "Quotas",
                ServiceCode="ebs",
            )
        )
    except Exception as error:  # noqa: BLE001 - knowing them is a kindness, not a need
        yield Finding("volume quotas", True, f"not readable: {errors.classify(error).native}")
        return
    used: Counter[str] = Counter()
    for each in asking.read(clients, region, "describe_volumes", "Volumes"):
        used[each.get("VolumeType", "")] += each["Size"]
    for kind in limits.types():
        most = _most(kind, quotas)
        if most and used[kind] > most * _TIB * _NEAR:
            text = f"{used[kind]} GiB of {kind} are in use, {most * _TIB:.0f} are allowed"
            yield Finding("volume quotas", False, text, "ask for more in Service Quotas")


def _most(kind: str, quotas: list[dict[str, object]]) -> float:
    """The quota of a type in TiB; 0.0 when it is not told."""
    for each in quotas:
        name = str(each.get("QuotaName", ""))
        if name.startswith("Storage for") and f"({kind})" in name:
            return float(str(each.get("Value", 0)))
    return 0.0
