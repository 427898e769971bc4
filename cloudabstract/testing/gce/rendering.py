"""Resources as the API shows them: what the server adds to what was asked for."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import simulated
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key, scope_link

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Cloud


def identity(cloud: Cloud, key: Key, schema: str) -> Fields:
    """What the server writes into every new resource."""
    fields: Fields = {
        "kind": cloud.document.kind(schema),
        "id": cloud.records.new_id(),
        "name": key.name,
        "selfLink": key.link,
        "creationTimestamp": simulated.stamp(cloud.time.now()),
    }
    if key.scope.place:
        fields[key.scope.level] = scope_link(key.project, key.scope)
    return fields


def rendered(cloud: Cloud, record: Record) -> dict[str, Any]:
    """`record` as `get` answers it."""
    family = cloud.family(record.key.collection)
    shown: dict[str, Any] = {**record.fields, **family.view(cloud, record)}
    if family.labels:
        shown["labelFingerprint"] = label_fingerprint(record)
    if family.fingerprint:
        shown["fingerprint"] = fingerprint(record)
    return shown


def label_fingerprint(record: Record) -> str:
    """A hash of the labels."""
    return _digest(record.fields.get("labels", {}))


def fingerprint(record: Record) -> str:
    """A hash of what can be changed by patch or update."""
    unlabelled = {k: v for k, v in record.fields.items() if k not in ("labels", "status")}
    return _digest(unlabelled)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True).encode()
    return base64.b64encode(hashlib.sha256(text).digest()[:8]).decode()
