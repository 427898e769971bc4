"""DescribeVolumeStatus and the attributes of volumes and snapshots, which moto does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws.refusal import bad_mix, invalid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_CHECKS = ("io-enabled", "io-performance")
_AUTO_IO = "strict_auto_enable_io"


def rules() -> Mapping[str, Rule]:
    """By call; none of them asks moto."""
    return {
        "ec2.DescribeVolumeStatus": _statuses,
        "ec2.DescribeVolumeAttribute": _attribute,
        "ec2.ModifyVolumeAttribute": _set_attribute,
    }


def _statuses(call: Call, proceed: Proceed) -> Any:
    """Every volume is `ok` once it is made, and `insufficient-data` before."""
    ids = call.params.get("VolumeIds") or None
    found = call.backend.describe_volumes(ids)
    shown = [_status(volume) for volume in found]
    for wanted in call.params.get("Filters") or ():
        shown = [status for status in shown if _value(status, wanted["Name"]) in wanted["Values"]]
    return {"VolumeStatuses": shown}


def _status(volume: Any) -> dict[str, Any]:
    made = volume.status in ("available", "in-use")
    details = [{"Name": check, "Status": "passed" if made else None} for check in _CHECKS]
    return {
        "VolumeId": volume.id,
        "AvailabilityZone": volume.zone.name,
        "VolumeStatus": {"Status": "ok" if made else "insufficient-data", "Details": details},
        "Actions": [],
        "Events": [],
    }


def _value(status: Mapping[str, Any], name: str) -> str:
    if name == "volume-status.status":
        return str(status["VolumeStatus"]["Status"])
    if name == "availability-zone":
        return str(status["AvailabilityZone"])
    raise invalid(f"The filter '{name}' is not modelled by this stand-in")


def _attribute(call: Call, proceed: Proceed) -> Any:
    volume = call.backend.get_volume(call.params["VolumeId"])
    attribute = call.params["Attribute"]
    if attribute == "autoEnableIO":
        return {"VolumeId": volume.id, "AutoEnableIO": {"Value": getattr(volume, _AUTO_IO, False)}}
    if attribute == "productCodes":
        return {"VolumeId": volume.id, "ProductCodes": []}
    raise invalid(f"Value ({attribute}) for parameter attribute is invalid.")


def _set_attribute(call: Call, proceed: Proceed) -> Any:
    volume = call.backend.get_volume(call.params["VolumeId"])
    wanted = call.params.get("AutoEnableIO")
    if wanted is None:
        raise bad_mix("ModifyVolumeAttribute needs AutoEnableIO")
    setattr(volume, _AUTO_IO, bool(wanted["Value"]))
