"""`aws.mount_target`: the verbs for the addresses of EFS file systems.

A mount target has neither name nor tags. It is told by its file system and its subnet, and belongs
to whoever owns the file system, if that was made by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import (
    INCARNATION,
    PROTECTED,
    RESOURCE,
    ROLE,
    STACK,
    Batch,
    Driver,
    Found,
    Wanted,
    Whose,
)
from cloudabstract_aws import errors

from . import file_words, kinds, marking
from .efs import Efs

_INHERITED = (STACK, RESOURCE, INCARNATION, PROTECTED)


class MountTargetDriver:
    """Mount targets are listed by file system, one call each; EFS has no other list."""

    def __init__(self, service: Efs, systems: Driver) -> None:
        self._efs = service
        self._systems = systems

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Those of the file systems that were found, and those asked for by id."""
        found: dict[str, Found] = {}
        for system in self._parents(batch):
            found |= {each.id: each for each in self._of(system)}
        for id_ in sorted(batch.ids - found.keys()):
            raw = self._targets(batch.place, MountTargetId=id_)
            found |= {each.id: each for each in _all_found(raw, batch.place, {})}
        if batch.whose is Whose.ANYBODY:
            return [self._guarded(each) for each in found.values()]
        return list(found.values())

    def _guarded(self, found: Found) -> Found:
        """For who reads it back: with its security groups, which are told one call each."""
        service = self._efs.read(found.place)
        try:
            told = service.describe_mount_target_security_groups(MountTargetId=found.id)
        except Exception as error:
            if not (errors.is_missing(error) or errors.is_unknown(error)):
                raise
            told = {}  # gone meanwhile, or an emulator that does not tell
        groups = sorted(told.get("SecurityGroups") or ())
        return replace(found, fields={**found.fields, "security_groups": groups})

    def create(self, wanted: Wanted) -> Found:
        """Make it, or take the one that stands in that subnet already."""
        system, subnet = wanted.fields["file_system"], wanted.fields["subnet"]
        try:
            raw = self._efs.write(wanted.place).create_mount_target(
                FileSystemId=system,
                SubnetId=subnet,
                SecurityGroups=wanted.fields["security_groups"],
            )
        except Exception as error:
            if errors.code(error) != "MountTargetConflict":
                raise
            there = self._targets(wanted.place, FileSystemId=system)
            same = (each for each in there if each["SubnetId"] == subnet)
            found = next(_all_found(same, wanted.place, wanted.labels), None)
            if found is None:  # the one that is in the way is not gone yet
                raise
            return found
        raw = {"LifeCycleState": "creating", **raw}
        return next(_all_found([raw], wanted.place, wanted.labels))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """There is nothing that changes in place."""
        return replace(found, fields={**found.fields, **fields})

    def delete(self, found: Found) -> None:
        """Those who have the file system mounted there lose it."""
        service = self._efs.write(found.place)
        marking.present(lambda: service.delete_mount_target(MountTargetId=found.id))

    def _parents(self, batch: Batch) -> Iterable[Found]:
        """The file systems to ask; looked for here when the batch wants something of unknown."""
        known = batch.used.get(kinds.FILE_SYSTEM, ())
        if not known and batch.names:
            known = tuple(self._systems.observe(Batch(batch.place, batch.labels)))
        return [each for each in known if each.place == batch.place]

    def _of(self, system: Found) -> Iterator[Found]:
        raw = self._targets(system.place, FileSystemId=system.id)
        return _all_found(raw, system.place, system.labels if _is_made(system) else {})

    def _targets(self, region: str, **by: str) -> Iterable[Mapping[str, Any]]:
        return self._efs.listed(region, "describe_mount_targets", "MountTargets", **by)


def _is_made(system: Found) -> bool:
    """Whether a file system was made by us: then somebody told its size. What was adopted keeps the
    mount targets that others made.
    """
    return file_words.SIZE in system.fields


def _all_found(
    targets: Iterable[Mapping[str, Any]], place: str, labels: Mapping[str, str]
) -> Iterator[Found]:
    """Those that are not on their way out; `labels` are the file system's."""
    for raw in targets:
        health = file_words.health(raw)
        if health is None:
            continue
        zone = raw.get("AvailabilityZoneName", "")
        fields = {
            "file_system": raw["FileSystemId"],
            "subnet": raw["SubnetId"],
            "zone": zone,
            "address": raw.get("IpAddress", ""),
        }
        yield Found(
            kinds.MOUNT_TARGET,
            raw["MountTargetId"],
            "",
            place,
            fields,
            _inherited(labels, zone),
            health,
            file_words.reason(raw),
        )


def _inherited(labels: Mapping[str, str], zone: str) -> dict[str, str]:
    own = {key: labels[key] for key in _INHERITED if key in labels}
    return {**own, ROLE: kinds.mount_role(zone)} if own else {}
