"""Reads that lag behind writes: a new object is missing from the next K reads of its kind.

EC2 says so of itself ("eventual consistency"); for the other services it is a caution. An object
asked for by id while it is hidden does not exist. Off unless `Settings.read_lag` is set.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.wire import Call, Proceed, Rule


@dataclass(frozen=True)
class Kind:
    """One kind of object: where its list is, what identifies it, how it is asked for by id."""

    listed: str
    identity: str  # attribute of moto's object, or key of its dict
    ids: tuple[str, ...]  # parameters that ask for single objects
    missing: str  # error code


_KINDS = {
    "ec2.DescribeVolumes": Kind("Volumes", "id", ("VolumeIds",), "InvalidVolume.NotFound"),
    "ec2.DescribeSnapshots": Kind("Snapshots", "id", ("SnapshotIds",), "InvalidSnapshot.NotFound"),
    "ec2.DescribeSecurityGroups": Kind(
        "SecurityGroups", "id", ("GroupIds",), "InvalidGroup.NotFound"
    ),
    "ec2.DescribeTags": Kind("Tags", "resource_id", (), ""),
    "elbv2.DescribeLoadBalancers": Kind(
        "LoadBalancers", "arn", ("LoadBalancerArns", "Names"), "LoadBalancerNotFound"
    ),
    "elbv2.DescribeTargetGroups": Kind(
        "TargetGroups", "arn", ("TargetGroupArns", "Names"), "TargetGroupNotFound"
    ),
    "efs.DescribeFileSystems": Kind(
        "FileSystems", "FileSystemId", ("FileSystemId",), "FileSystemNotFound"
    ),
    "efs.DescribeAccessPoints": Kind(
        "AccessPoints", "AccessPointId", ("AccessPointId",), "AccessPointNotFound"
    ),
    "resourcegroupstaggingapi.GetResources": Kind("ResourceTagMappingList", "ResourceARN", (), ""),
}
_CREATORS = {  # operation: what identifies the objects in its answer
    "ec2.CreateVolume": "id",
    "ec2.CopyVolumes": "id",
    "ec2.CreateSnapshot": "id",
    "ec2.CreateSecurityGroup": "GroupId",
    "elbv2.CreateLoadBalancer": "arn",
    "elbv2.CreateTargetGroup": "arn",
    "efs.CreateFileSystem": "FileSystemId",
    "efs.CreateAccessPoint": "AccessPointId",
}


class Lag:
    """Remembers, for each kind of read, how many more times an object is hidden from it."""

    def __init__(self, reads: int) -> None:
        self._reads = reads
        self._hidden: dict[str, dict[str, int]] = defaultdict(dict)

    def rules(self) -> Mapping[str, Rule]:
        """None at all when reads do not lag."""
        if self._reads <= 0:
            return {}
        creators: dict[str, Rule] = {
            key: functools.partial(self._created, identity) for key, identity in _CREATORS.items()
        }
        return creators | {key: functools.partial(self._seen, kind) for key, kind in _KINDS.items()}

    def _created(self, identity: str, call: Call, proceed: Proceed) -> Any:
        known = {id_ for ids in self._hidden.values() for id_ in ids}
        payload = proceed()
        for id_ in set(_ids(payload, identity)) - known:
            for key in _KINDS:
                self._hidden[key].setdefault(id_, self._reads)
        return payload

    def _seen(self, kind: Kind, call: Call, proceed: Proceed) -> Any:
        payload = dict(proceed())
        hidden = self._hidden[call.key]
        objects = payload[kind.listed]
        payload[kind.listed] = [o for o in objects if not _hides(hidden, _id(o, kind.identity))]
        for id_ in hidden:
            hidden[id_] -= 1
        asked = any(call.sent.get(name) for name in kind.ids)
        if asked and len(payload[kind.listed]) < len(objects):
            raise Refused(kind.missing, "The object does not exist (it was made a moment ago)")
        return payload


def _hides(hidden: Mapping[str, int], id_: str) -> bool:
    return any(left > 0 and (id_ == one or id_.endswith(f"/{one}")) for one, left in hidden.items())


def _ids(payload: Any, identity: str) -> Iterable[str]:
    if _id(payload, identity):
        return [_id(payload, identity)]
    return [_id(item, identity) for items in payload.values() for item in items]


def _id(item: Any, identity: str) -> str:
    found = item.get(identity) if isinstance(item, dict) else getattr(item, identity, "")
    return str(found or "")
