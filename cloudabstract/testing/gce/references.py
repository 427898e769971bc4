"""References between resources: read, checked, made full links; and who uses a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, fieldpaths, scopes
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Cloud
    from cloudabstract.testing.gce.family import Family, Ref


def resolve(cloud: Cloud, family: Family, owner: Key, fields: Fields) -> None:
    """Turn every reference in `fields` into a full link.

    Raises ApiError 404 for what does not exist, 400 for what is not ready or malformed.
    """
    for ref in family.refs:
        for slot in fieldpaths.slots(fields, ref.path):
            field = f"resource.{slot.label}"
            slot.put(target(cloud, slot.value, owner, ref, field).link)


def target(cloud: Cloud, text: str, owner: Key, ref: Ref, field: str) -> Key:
    """The existing, usable resource that `text` means, seen from `owner`."""
    if ref.full and not text.startswith("http"):
        raise errors.invalid(field, text, "Partial URLs are not supported.")
    key = scopes.read(text, owner, ref.collections, field)
    if key.collection in ("diskTypes", "zones", "regions"):
        if cloud.catalogue.disk_type(key) is None:
            raise errors.not_found(key.path)
        return key
    record = cloud.records.get(key)
    if record.creating:
        raise errors.not_ready(key.path)
    return record.key


def users(cloud: Cloud, key: Key) -> list[Key]:
    """The resources that hold on to `key`, in order."""
    link = key.link
    found = {
        record.key
        for record in cloud.records
        for ref in cloud.family(record.key.collection).refs
        if ref.holds and key.collection in ref.collections
        for slot in fieldpaths.slots(record.fields, ref.path)
        if slot.value == link
    }
    return sorted(found)


def holders(cloud: Cloud, record: Record) -> list[Key]:
    """All that keeps a resource from being deleted: references, and its family's own reasons."""
    family = cloud.family(record.key.collection)
    return users(cloud, record.key) + family.holders(cloud, record)


def record_at(cloud: Cloud, link: str) -> Record:
    """The record of a link that `resolve` made. Raises ApiError 404 when it has gone since."""
    key = scopes.key_of(link)
    if key is None:
        raise errors.invalid("resource", link, "The URL is malformed.")
    return cloud.records.get(key)
