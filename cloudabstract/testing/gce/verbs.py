"""The verbs that all families share: get, insert, patch, update, delete and setLabels.

Each looks at everything that could stand against the call and then says what would happen; the
dispatcher makes it happen. Nothing here changes a record before that.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, fieldpaths, guards, labelling, references, rendering
from cloudabstract.testing.gce.family import AT_INSERT, Verb
from cloudabstract.testing.gce.faults import OperationFailure
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

NAME = r"(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)"
_SERVER = ("kind", "id", "name", "selfLink", "creationTimestamp", "zone", "region", "status")


def get(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The resource, unless it is gone or not visible yet."""
    record = cloud.records.get(call.key)
    if record.hidden_until > cloud.time.now():
        raise errors.not_found(call.key.path)
    return rendering.rendered(cloud, record)


def insert(cloud: Cloud, call: Call) -> Change:
    """Make the resource that the body names."""
    return creation(cloud, call, call.key, call.body)


def creation(cloud: Cloud, call: Call, key: Key, body: Fields) -> Change:
    """The making of a resource of any family, by `insert` or by a verb like createSnapshot."""
    family = cloud.family(key.collection)
    if not re.fullmatch(NAME, key.name):
        raise errors.no_match("resource.name", key.name, NAME)
    if cloud.records.find(key):
        raise errors.already_exists(key.path)
    fields = copy.deepcopy({**body, "name": key.name})
    fields.pop("fingerprint", None)
    labels = fields.pop("labels", None)
    if family.labels == AT_INSERT:
        fields["labels"] = labelling.check(labels or {})
    family.defaults(cloud, call, fields)
    references.resolve(cloud, family, key, fields)
    family.resolved(cloud, call, fields)
    family.allocate(cloud, call, fields)
    cloud.quotas.check(cloud.quotas.need(family, key, fields))
    identity = rendering.identity(cloud, key, family.schema)
    return _made(cloud, Record(key, {**fields, **identity}, cloud.time.now(), creating=True))


def _made(cloud: Cloud, record: Record) -> Change:
    making, made = cloud.family(record.key.collection).statuses
    record.hidden_until = cloud.time.now() + cloud.faults.lag if cloud.faults.lag else 0.0

    def begin() -> None:
        if making:
            record.fields["status"] = making
        cloud.records.put(record)

    def finish() -> None:
        if made:
            record.fields["status"] = made
        record.creating = False
        cloud.records.touch()

    def abort() -> None:
        cloud.records.remove(record.key)

    return Change(record, finish, begin, abort)


def patch(cloud: Cloud, call: Call) -> Change:
    """A JSON merge patch of the fields that may be patched."""
    record, family = guards.changeable(cloud, call), cloud.family(call.collection)
    body = {name: value for name, value in call.body.items() if name not in _SERVER}
    if family.fingerprint:
        guards.check_fingerprint(record, body, family.fingerprint == "required", call)
    body.pop("labels", None)  # labels have a verb of their own
    merged = copy.deepcopy(fieldpaths.merge(record.fields, body))
    return replaced(cloud, call, record, merged)


def update(cloud: Cloud, call: Call) -> Change:
    """The whole resource anew: what the body leaves out goes back to its default."""
    record, family = guards.changeable(cloud, call), cloud.family(call.collection)
    body = {name: value for name, value in call.body.items() if name not in _SERVER}
    if family.fingerprint:
        guards.check_fingerprint(record, body, True, call)
    kept = {name: record.fields[name] for name in _SERVER if name in record.fields}
    return replaced(cloud, call, record, copy.deepcopy({**body, **kept}))


def replaced(
    cloud: Cloud,
    call: Call,
    record: Record,
    fields: Fields,
    allowed: frozenset[str] = frozenset(),
) -> Change:
    """`record` with `fields` instead of its own.

    Raises ApiError 400 for a changed field that its family keeps, unless it is in `allowed`.
    """
    family = cloud.family(record.key.collection)
    family.defaults(cloud, call, fields)
    references.resolve(cloud, family, record.key, fields)
    family.resolved(cloud, call, fields)
    for name in sorted({*fields, *record.fields} - allowed):
        frozen = name in family.fixed or (family.mutable is not None and name not in family.mutable)
        if frozen and fields.get(name) != record.fields.get(name):
            raise errors.invalid(f"resource.{name}", fields.get(name), "The field cannot change.")

    def finish() -> None:
        record.fields = fields
        cloud.records.touch()

    return Change(record, finish)


def delete(cloud: Cloud, call: Call) -> Change:
    """Remove a resource that nothing holds on to."""
    record, family = guards.changeable(cloud, call), cloud.family(call.collection)
    users = references.holders(cloud, record)
    failure = None
    if users and not family.in_use_later:
        raise errors.in_use(family.noun, record.key.path, users[0].path)
    if users:
        text = errors.in_use_text(family.noun, record.key.path, users[0].path)
        code = "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"
        failure = OperationFailure(code, text, 400, "BAD REQUEST")
    before = record.fields.get("status")

    def begin() -> None:
        if before and family.statuses[0]:
            record.fields["status"] = "DELETING"

    def finish() -> None:
        cloud.records.remove(record.key)
        family.removed(cloud, record)

    def abort() -> None:
        if before:
            record.fields["status"] = before

    return Change(record, finish, begin, abort, failure=failure)


VERBS: dict[str, Verb] = {
    "get": get,
    "insert": insert,
    "patch": patch,
    "update": update,
    "delete": delete,
    "setLabels": labelling.set_labels,
}
