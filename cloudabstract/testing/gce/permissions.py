"""Which permissions a method needs, by their names in IAM, and which are denied.

Names follow from method ids: `compute.disks.insert` needs `compute.disks.create`. Regional and
zonal disks share one set, other regional resources have their own. What the table cannot derive
is written out; permissions on the resources a body refers to are not all modelled.
"""

from __future__ import annotations

import fnmatch

from cloudabstract.testing.gce import discovery

_VERBS = {
    "insert": "create",
    "patch": "update",
    "aggregatedList": "list",
    "wait": "get",
    "getHealth": "get",
    "listInstances": "list",
    "listNetworkEndpoints": "get",
    "addInstances": "update",
    "removeInstances": "update",
    "setNamedPorts": "update",
}
_RESOURCES = {"regionDisks": "disks"}
_MORE = {
    "compute.disks.createSnapshot": ("compute.snapshots.create",),
    "compute.regionDisks.createSnapshot": ("compute.snapshots.create",),
    "compute.instances.attachDisk": ("compute.disks.use",),
}


def needed(method: discovery.Method) -> tuple[str, ...]:
    """The permissions that a call of `method` needs, its own first."""
    resource = _RESOURCES.get(method.resource, method.resource)
    verb = _VERBS.get(method.name, method.name)
    return (f"compute.{resource}.{verb}", *_MORE.get(method.id, ()))


class Permissions:
    """What the caller may not do: everything is allowed until it is denied."""

    def __init__(self) -> None:
        self._denied: set[str] = set()

    def deny(self, *permissions: str) -> None:
        """Deny permissions by name, or by pattern: `compute.disks.*`."""
        self._denied |= set(permissions)

    def allow(self, *permissions: str) -> None:
        """Take back what `deny` was told; without arguments, all of it."""
        self._denied -= set(permissions or self._denied)

    def missing(self, method: discovery.Method) -> str:
        """The first needed permission that is denied, or an empty string."""
        for permission in needed(method):
            if any(fnmatch.fnmatchcase(permission, pattern) for pattern in self._denied):
                return permission
        return ""
