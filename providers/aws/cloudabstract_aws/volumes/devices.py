"""Names of devices: which one an instance has free, when nobody asks for a certain one.

EC2 recommends /dev/sdf to /dev/sdp. A name that this process has given out is given out again only
when no other is left, for EC2 may not show yet that it is in use.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from cloudabstract.errors import ErrorCode
from cloudabstract_aws import errors
from cloudabstract_aws.clients import Clients

NAMES = tuple(f"/dev/sd{letter}" for letter in "fghijklmnop")


class Devices:
    """Gives out names of devices. Shared by threads."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._guard = threading.Lock()
        self._given: defaultdict[str, set[str]] = defaultdict(set)

    @contextmanager
    def one(self, region: str, instance: str, asked: str) -> Iterator[str]:
        """`asked`, or a free name. Raises Refusal (EXHAUSTED) when there is none."""
        used = set() if asked else self._used(region, instance)
        with self._guard:
            given = self._given[instance]
            free = sorted(set(NAMES) - used, key=lambda one: (one in given, one))
            name = asked or next(iter(free), "")
            given.add(name)
        if not name:
            text = f"{instance} has no device name left of {NAMES[0]} to {NAMES[-1]}"
            remedy = "say which `device` to use, or detach a volume"
            raise errors.Refusal(ErrorCode.EXHAUSTED, text, remedy=remedy)
        try:
            yield name
        except Exception:
            with self._guard:
                given.discard(name)
            raise

    def _used(self, region: str, instance: str) -> set[str]:
        ec2 = self._clients.read("ec2", region)
        answer = ec2.describe_instances(InstanceIds=[instance])
        return {
            mapping["DeviceName"]
            for reservation in answer.get("Reservations") or ()
            for each in reservation.get("Instances") or ()
            for mapping in each.get("BlockDeviceMappings") or ()
        }
