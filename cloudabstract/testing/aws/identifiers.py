"""Malformed ids are refused for their form, before anybody looks whether they exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_FORMS = {  # parameter without a trailing "s": prefix, EC2's error code
    "VolumeId": ("vol", "InvalidVolumeID.Malformed"),
    "SourceVolumeId": ("vol", "InvalidVolumeID.Malformed"),
    "SnapshotId": ("snap", "InvalidSnapshotID.Malformed"),
    "InstanceId": ("i", "InvalidInstanceID.Malformed"),
    "GroupId": ("sg", "InvalidGroupId.Malformed"),
}


def rules() -> Mapping[str, Rule]:
    """The rule on every EC2 call."""
    return {"ec2.*": _well_formed}


def _well_formed(call: Call, proceed: Proceed) -> Any:
    for prefix, code, value in _given(call.params):
        if not re.fullmatch(rf"{prefix}-([0-9a-f]{{8}}|[0-9a-f]{{17}})", value):
            raise Refused(code, f'Invalid id: "{value}" (expecting "{prefix}-...")')
    return proceed()


def _given(params: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in params.items():
        form = _FORMS.get(name.removesuffix("s"))
        if form is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            yield form[0], form[1], str(item)
