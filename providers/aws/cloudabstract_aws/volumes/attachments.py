"""`aws.attachment`: the verbs for EBS volumes at instances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Wanted, Whose
from cloudabstract_aws import errors, tags
from cloudabstract_aws.clients import Clients

from . import asking, attached, devices, kinds, marking
from .attached import Deed

_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
_ATTACHED = {"Name": "attachment.status", "Values": ["attaching", "attached", "busy"]}
_DETACHED = ("IncorrectState", "InvalidAttachment.NotFound")


class AttachmentDriver:
    """Attachments are found on their volumes."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._devices = devices.Devices(clients)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """One list of the attached volumes; what it does not show is looked for by volume."""
        used = batch.used.get(kinds.VOLUME, ())
        near = {each.id for each in used if each.place == batch.place}
        if not (near or batch.names or batch.ids or batch.whose is not Whose.OURS):
            return []
        found: dict[str, Found] = {}
        for search in asking.searches(batch):
            found |= self._listed(batch.place, search)
        known = {each.name for each in found.values()}
        volumes = {attached.ids(each)[0] for each in batch.ids - found.keys()}
        if batch.names - known:
            volumes |= near
        for chunk in asking.chunks(volumes):
            found |= self._listed(batch.place, [{"Name": "volume-id", "Values": chunk}])
        return [each for each in found.values() if asking.is_asked(each, batch)]

    def create(self, wanted: Wanted) -> Found:
        """Attach it, unless it is attached there already, by us."""
        volume, instance = wanted.fields["volume"], wanted.fields["instance"]
        if _INSTANCE.fullmatch(instance) is None:
            text = f"there is no instance called {instance!r} in {wanted.place}"
            raise errors.Refusal(ErrorCode.INVALID, text, remedy="name one that exists, or its id")
        earlier = self._at(wanted)
        if earlier is not None:
            return earlier
        deed = Deed(wanted.name, dict(wanted.labels), wanted.fields["device"])
        ec2 = self._clients.write("ec2", wanted.place)
        noted = attached.written(instance, deed)
        ec2.create_tags(Resources=[volume], Tags=tags.to_list(noted))
        with self._devices.one(wanted.place, instance, wanted.fields["device"]) as device:
            try:
                raw = ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device=device)
            except Exception as error:
                if errors.code(error) != "VolumeInUse":
                    raise
                earlier = self._at(wanted)
                if earlier is None:
                    raise
                return earlier
        shown = {"State": "attaching", **raw, "VolumeId": volume, "InstanceId": instance}
        volumes = [{"Tags": tags.to_list(noted), "Attachments": [shown]}]
        return next(iter(attached.of_volumes(volumes, wanted.place)))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """There is nothing that changes in place."""
        return replace(found, fields={**found.fields, **fields})

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Write another owner on the volume, or none."""
        volume, instance = attached.ids(found.id)
        deed = Deed(found.name, dict(labels), found.fields["device"])
        ec2 = self._clients.write("ec2", found.place)
        noted = attached.written(instance, deed)
        ec2.create_tags(Resources=[volume], Tags=tags.to_list(noted))
        return replace(found, labels=dict(labels))

    def delete(self, found: Found) -> None:
        """Detach it, and take the tag away that tells of it."""
        volume, instance = attached.ids(found.id)
        ec2 = self._clients.write("ec2", found.place)
        try:
            marking.present(lambda: ec2.detach_volume(VolumeId=volume, InstanceId=instance))
        except Exception as error:
            if errors.code(error) not in _DETACHED:
                raise
        gone = attached.keys(instance, found.raw or {})
        if gone:
            keys = [{"Key": key} for key in gone]
            marking.present(lambda: ec2.delete_tags(Resources=[volume], Tags=keys))

    def _at(self, wanted: Wanted) -> Found | None:
        """The attachment that is there. Raises Taken when somebody else has made it."""
        volume, instance = wanted.fields["volume"], wanted.fields["instance"]
        there = self._listed(wanted.place, [{"Name": "volume-id", "Values": [volume]}])
        found = there.get(attached.id_of(volume, instance))
        if found is not None and not asking.is_for(found.labels, wanted):
            raise errors.Taken(found.kind, f"of {volume} to {instance}", found.id)
        return found

    def _listed(self, region: str, filters: asking.Filters) -> dict[str, Found]:
        raw = asking.read(
            self._clients, region, "describe_volumes", "Volumes", Filters=[*filters, _ATTACHED]
        )
        return {each.id: each for each in attached.of_volumes(raw, region)}
