"""Pages: bounds on their size, tokens that mean something, and tokens that are refused.

moto ignores the page parameters of most lists, and pages others in its own way. Here moto is asked
for everything and the page is cut from that. A token is opaque, belongs to one request, and works
only for the same request again.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.aws.refusal import Refused, bad_mix, invalid, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule


@dataclass(frozen=True)
class Dialect:
    """How one service spells paging."""

    size: str  # the request's page size
    token: str  # the request's token
    following: str  # the answer's token
    default: int | None  # page size when none is asked for; None: everything
    bad_token: str  # error code


_EC2 = Dialect("MaxResults", "NextToken", "NextToken", None, "InvalidNextToken")
_ELB = Dialect("PageSize", "Marker", "NextMarker", 400, "ValidationError")
_EFS = Dialect("MaxItems", "Marker", "NextMarker", 100, "BadRequest")
_EFS_POINTS = Dialect("MaxResults", "NextToken", "NextToken", 100, "BadRequest")

_LISTS: dict[str, tuple[Dialect, str]] = {  # operation: its dialect, and the list in its answer
    "ec2.DescribeVolumes": (_EC2, "Volumes"),
    "ec2.DescribeVolumeStatus": (_EC2, "VolumeStatuses"),
    "ec2.DescribeVolumesModifications": (_EC2, "VolumesModifications"),
    "ec2.DescribeSnapshots": (_EC2, "Snapshots"),
    "ec2.DescribeTags": (_EC2, "Tags"),
    "ec2.DescribeSubnets": (_EC2, "Subnets"),
    "ec2.DescribeVpcs": (_EC2, "Vpcs"),
    "ec2.DescribeSecurityGroups": (_EC2, "SecurityGroups"),
    "ec2.DescribeNetworkInterfaces": (_EC2, "NetworkInterfaces"),
    "elbv2.DescribeLoadBalancers": (_ELB, "LoadBalancers"),
    "elbv2.DescribeTargetGroups": (_ELB, "TargetGroups"),
    "elbv2.DescribeListeners": (_ELB, "Listeners"),
    "elbv2.DescribeRules": (_ELB, "Rules"),
    "efs.DescribeFileSystems": (_EFS, "FileSystems"),
    "efs.DescribeMountTargets": (_EFS, "MountTargets"),
    "efs.DescribeAccessPoints": (_EFS_POINTS, "AccessPoints"),
}
_NOT_WITH = {  # a page size may not come together with these ids
    "ec2.DescribeVolumes": "VolumeIds",
    "ec2.DescribeSnapshots": "SnapshotIds",
    "ec2.DescribeNetworkInterfaces": "NetworkInterfaceIds",
}
_EVERYTHING = 1_000_000
_EC2_BOUNDS = (5, 1000)  # documented for DescribeTags and, as shape limits, for subnets and groups


def rules(page_size: int | None) -> Mapping[str, Rule]:
    """The rules on the lists above; no page is longer than `page_size`."""
    return {
        key: functools.partial(_page, dialect, listed, page_size)
        for key, (dialect, listed) in _LISTS.items()
    }


def _page(
    dialect: Dialect, listed: str, page_size: int | None, call: Call, proceed: Proceed
) -> Any:
    size = _size(call, dialect)
    start = _start(call, dialect)
    _ask_for_everything(call, dialect)
    payload = proceed()
    everything = list(payload[listed])
    size = min(filter(None, (size, page_size)), default=len(everything))
    page = dict(payload) | {listed: everything[start : start + size]}
    page.pop(dialect.following, None)
    if start + size < len(everything):
        page[dialect.following] = _token(call, dialect, start + size)
    return page


def _size(call: Call, dialect: Dialect) -> int | None:
    asked = call.sent.get(dialect.size)
    if asked is None:
        return dialect.default
    ids = _NOT_WITH.get(call.key)
    if ids and call.sent.get(ids):
        raise bad_mix(f"The parameter {ids} cannot be used with the parameter {dialect.size}")
    low, high = _bounds(call, dialect)
    if int(asked) < low or int(asked) > high:
        message = f"Value ( {asked} ) for parameter {dialect.size} is invalid: {low} to {high}"
        raise invalid(message) if call.service == "ec2" else not_valid(message)
    return int(asked)


def _bounds(call: Call, dialect: Dialect) -> tuple[int, int]:
    limits = call.model.input_shape.members[dialect.size].metadata
    low, high = _EC2_BOUNDS if call.service == "ec2" else (1, _EVERYTHING)
    return limits.get("min", low), limits.get("max", high)


def _start(call: Call, dialect: Dialect) -> int:
    token = call.sent.get(dialect.token)
    if not token:
        return 0
    try:
        request, start = json.loads(base64.urlsafe_b64decode(token.encode()))
        if request == _request(call, dialect):
            return int(start)
    except (ValueError, TypeError, binascii.Error):
        pass  # refused below, as a token of another request is
    raise Refused(dialect.bad_token, f"The token '{token}' is not valid for this request")


def _token(call: Call, dialect: Dialect, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([_request(call, dialect), start]).encode()).decode()


def _request(call: Call, dialect: Dialect) -> str:
    same = {k: v for k, v in call.sent.items() if k not in (dialect.token, dialect.size)}
    text = (
        f"{call.account}/{call.region}/{call.key}/{json.dumps(same, sort_keys=True, default=str)}"
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _ask_for_everything(call: Call, dialect: Dialect) -> None:
    call.params.pop(dialect.token, None)
    call.params.pop(dialect.size, None)
    if call.service == "elbv2":
        call.params[dialect.size] = _EVERYTHING
    if call.service == "efs":  # moto reads these from the query string
        call.response.querystring.pop(dialect.token, None)
        call.response.querystring[dialect.size] = [str(_EVERYTHING)]
