"""What stands between a call and a change of a resource: other work on it, an old fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, rendering
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def changeable(cloud: Cloud, call: Call) -> Record:
    """The record in the path. Raises ApiError 404, or 400 while other work on it goes on."""
    record = cloud.records.get(call.key)
    if record.busy or record.creating:
        raise errors.not_ready(record.key.path)
    return record


def check_fingerprint(record: Record, body: Fields, demanded: bool, call: Call) -> None:
    """Take the fingerprint out of `body` and compare it.

    Raises ApiError 412 when it is old, or when a patch lacks it; 400 when an update lacks it.
    """
    given = body.pop("fingerprint", None)
    if not given and demanded and call.method.name == "update":
        raise errors.required("resource.fingerprint")
    if (given or demanded) and given != rendering.fingerprint(record):
        raise errors.stale_fingerprint()
