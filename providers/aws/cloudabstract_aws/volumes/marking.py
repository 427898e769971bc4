"""Tags of EC2 objects after their birth, and deletes that find nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Found
from cloudabstract_aws import errors, tags
from cloudabstract_aws.clients import Clients


def add(clients: Clients, found: Found, known: Mapping[str, str]) -> None:
    """Set these tags of a volume or snapshot."""
    ec2 = clients.write("ec2", found.place)
    ec2.create_tags(Resources=[found.id], Tags=tags.to_list(known))


def mark(clients: Clients, found: Found, labels: Mapping[str, str]) -> Found:
    """Make `labels` the owner's: new tags first, so that it is never without an owner."""
    wanted, old = tags.owned(labels), tags.owned(found.labels)
    fresh = {key: value for key, value in wanted.items() if old.get(key) != value}
    if fresh:
        add(clients, found, fresh)
    gone = sorted(old.keys() - wanted.keys())
    if gone:
        ec2 = clients.write("ec2", found.place)
        ec2.delete_tags(Resources=[found.id], Tags=[{"Key": key} for key in gone])
    return replace(found, labels=dict(labels))


def present(call: Callable[[], Any]) -> Any | None:
    """What `call` answers; None when AWS says that there is no such thing."""
    try:
        return call()
    except Exception as error:
        if not errors.is_missing(error):
            raise
        return None
