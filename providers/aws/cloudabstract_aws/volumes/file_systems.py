"""`aws.file_system`: the verbs for EFS file systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Wanted, Whose
from cloudabstract_aws import errors, tags
from cloudabstract_aws.vpcs import Vpcs

from . import asking, efs, file_words, kinds, marking
from .efs import Efs

_EXISTS = "FileSystemAlreadyExists"


class FileSystemDriver:
    """File systems are told apart by their tag `Name`, and made once by their creation token."""

    def __init__(self, service: Efs, extra: Mapping[str, str], vpcs: Vpcs) -> None:
        self._efs = service
        self._extra = extra
        self._vpcs = vpcs

    def observe(self, batch: Batch) -> Iterable[Found]:
        """All of the region: EFS has no filters, and tells the tags with the list."""
        raw = self._efs.listed(batch.place, "describe_file_systems", "FileSystems")
        found = (self._found(each, batch.place) for each in raw)
        asked = [each for each in found if each is not None and asking.is_asked(each, batch)]
        return self._surveyed(asked, batch)

    def _surveyed(self, found: list[Found], batch: Batch) -> list[Found]:
        """For who reads them back (reading_files.py): with the networks in which they are used."""
        if batch.whose is not Whose.ANYBODY or not found:
            return found
        around = self._vpcs.survey(batch.place)
        return [replace(each, raw={"networks": around}) for each in found]

    def create(self, wanted: Wanted) -> Found:
        """Make it, or take what an earlier attempt made with this token."""
        known = {**tags.of(wanted, self._extra), **file_words.told(_set(wanted.fields))}
        asked: dict[str, Any] = {
            "CreationToken": wanted.token,
            "PerformanceMode": wanted.fields["performance_mode"],
            "Encrypted": wanted.fields["encrypted"],
            **({"KmsKeyId": wanted.fields["key"]} if wanted.fields["key"] else {}),
            **file_words.throughput(wanted.fields),
            "Backup": False,
            "Tags": tags.to_list(known),
        }
        try:
            raw = self._efs.write(wanted.place).create_file_system(**asked)
        except Exception as error:
            if errors.code(error) != _EXISTS:
                raise
            return self._earlier(wanted, efs.named(error, "FileSystemId"))
        found = self._found({"LifeCycleState": "creating", **raw}, wanted.place)
        if found is None:
            raise errors.Refusal(ErrorCode.SPENT, f"EFS made one that is {raw}")
        tagged = {name: wanted.fields[name] for name in ("size", "mount_options", "tags")}
        fields = {**found.fields, **tagged}
        return replace(found, name=wanted.name, labels=dict(wanted.labels), fields=fields)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """The throughput; the rest are tags."""
        fields = {name: it for name, it in fields.items() if found.fields.get(name) != it}
        told = {**file_words.told(fields), **fields.get("tags", {})}
        if told:
            self._efs.add(found, told)
        changed = replace(found, fields={**found.fields, **fields})
        if not fields.keys() & {"throughput_mode", "throughput"}:
            return changed
        asked = file_words.throughput(changed.fields)
        raw = self._efs.write(found.place).update_file_system(FileSystemId=found.id, **asked)
        health = file_words.health(raw) or found.health
        return replace(changed, health=health, reason=file_words.reason(raw))

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """The new owner's tags first, then the old ones go."""
        return self._efs.mark(found, labels)

    def delete(self, found: Found) -> None:
        """Refused while it has mount targets."""
        service = self._efs.write(found.place)
        marking.present(lambda: service.delete_file_system(FileSystemId=found.id))

    def _earlier(self, wanted: Wanted, id_: str) -> Found:
        """What this token made. Raises Refusal (SPENT) if that is on its way out, or Taken."""
        by = {"FileSystemId": id_} if id_ else {"CreationToken": wanted.token}
        raw = self._efs.listed(wanted.place, "describe_file_systems", "FileSystems", **by)
        for each in raw:
            found = self._found(each, wanted.place)
            if found is not None and not asking.is_for(found.labels, wanted):
                raise errors.Taken(wanted.kind, wanted.name, found.id, _EXISTS)
            if found is not None:
                return found
        text = f"what this token made ({id_}) is being deleted"
        raise errors.Refusal(ErrorCode.SPENT, text, _EXISTS)

    def _found(self, raw: Mapping[str, Any], place: str) -> Found | None:
        health = file_words.health(raw)
        if health is None:
            return None
        known = tags.from_list(raw.get("Tags"))
        return Found(
            kinds.FILE_SYSTEM,
            raw["FileSystemId"],
            known.get(tags.NAME, ""),
            place,
            file_words.fields(raw, self._extra),
            tags.labels(known),
            health,
            file_words.reason(raw),
        )


def _set(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: it for name, it in fields.items() if it}
