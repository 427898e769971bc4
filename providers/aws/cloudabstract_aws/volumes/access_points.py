"""`aws.access_point`: the verbs for access points of EFS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Wanted, Whose
from cloudabstract_aws import errors, tags

from . import asking, efs, file_words, kinds, marking
from .efs import Efs

_EXISTS = "AccessPointAlreadyExists"
_ROOT = 0  # owner of the folder; its permissions say who may write


class AccessPointDriver:
    """Access points are told apart by their tag `Name`, and made once by their client token."""

    def __init__(self, service: Efs, extra: Mapping[str, str]) -> None:
        self._efs = service
        self._extra = extra

    def observe(self, batch: Batch) -> Iterable[Found]:
        """All of the region, unless there is no file system of ours and nothing is asked for."""
        parents = batch.used.get(kinds.FILE_SYSTEM, ())
        near = any(each.place == batch.place for each in parents)
        if not (near or batch.names or batch.ids or batch.whose is not Whose.OURS):
            return []
        found = self._listed(batch.place)
        return [each for each in found if asking.is_asked(each, batch)]

    def create(self, wanted: Wanted) -> Found:
        """Make it, or take what an earlier attempt made with this token."""
        fields = wanted.fields
        owner = {"OwnerUid": _ROOT, "OwnerGid": _ROOT, "Permissions": fields["permissions"]}
        try:
            raw = self._efs.write(wanted.place).create_access_point(
                ClientToken=wanted.token,
                FileSystemId=fields["file_system"],
                RootDirectory={"Path": fields["path"], "CreationInfo": owner},
                Tags=tags.to_list(tags.of(wanted, self._extra)),
            )
        except Exception as error:
            if errors.code(error) != _EXISTS:
                raise
            return self._earlier(wanted, efs.named(error, "AccessPointId"))
        found = self._found({"LifeCycleState": "creating", **raw}, wanted.place)
        if found is None:
            raise errors.Refusal(ErrorCode.SPENT, f"EFS made one that is {raw}")
        tagged = {**found.fields, "tags": fields["tags"]}
        return replace(found, name=wanted.name, labels=dict(wanted.labels), fields=tagged)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """An access point has nothing that changes but tags."""
        if fields.get("tags"):
            self._efs.add(found, fields["tags"])
        return replace(found, fields={**found.fields, **fields})

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """The new owner's tags first, then the old ones go."""
        return self._efs.mark(found, labels)

    def delete(self, found: Found) -> None:
        """The folder and what is in it stay."""
        service = self._efs.write(found.place)
        marking.present(lambda: service.delete_access_point(AccessPointId=found.id))

    def _earlier(self, wanted: Wanted, id_: str) -> Found:
        """What this token made. Raises Refusal (SPENT) if that is on its way out, or Taken."""
        for found in self._listed(wanted.place):
            ours = asking.is_for(found.labels, wanted)
            if id_ and found.id == id_ and not ours:
                raise errors.Taken(wanted.kind, wanted.name, found.id, _EXISTS)
            if ours and found.id == (id_ or found.id) and found.name == wanted.name:
                return found
        text = f"what this token made ({id_}) is being deleted"
        raise errors.Refusal(ErrorCode.SPENT, text, _EXISTS)

    def _listed(self, region: str) -> list[Found]:
        raw = self._efs.listed(region, "describe_access_points", "AccessPoints")
        found = (self._found(each, region) for each in raw)
        return [each for each in found if each is not None]

    def _found(self, raw: Mapping[str, Any], place: str) -> Found | None:
        health = file_words.health(raw)
        if health is None:
            return None
        known = tags.from_list(raw.get("Tags"))
        root = raw.get("RootDirectory") or {}
        fields = {
            "file_system": raw["FileSystemId"],
            "path": root.get("Path", "/"),
            "permissions": (root.get("CreationInfo") or {}).get("Permissions", ""),
            "tags": tags.extra(known, self._extra),
        }
        return Found(
            kinds.ACCESS_POINT,
            raw["AccessPointId"],
            known.get(tags.NAME, ""),
            place,
            fields,
            tags.labels(known),
            health,
            file_words.reason(raw),
        )
