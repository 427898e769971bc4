"""`aws.volume`: the verbs for EBS volumes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Health, Wanted
from cloudabstract_aws import errors, tags
from cloudabstract_aws.clients import Clients

from . import asking, kinds, marking, modifications, volume_words
from .limits import GIB
from .modifications import Modification

_SPENT = "IdempotentParameterMismatch"


class VolumeDriver:
    """Volumes are told apart by their tag `Name`, and made once by their client token."""

    def __init__(self, clients: Clients, extra: Mapping[str, str]) -> None:
        self._clients = clients
        self._extra = extra

    def observe(self, batch: Batch) -> Iterable[Found]:
        """One list by labels, and one of the modifications under way if there is any volume."""

        def listed(filters: asking.Filters) -> Iterable[Found]:
            raw = asking.read(
                self._clients, batch.place, "describe_volumes", "Volumes", Filters=filters
            )
            found = (self._found(each, batch.place) for each in raw)
            return [each for each in found if each is not None]

        found = asking.meant(batch, listed, "volume-id")
        if not found:
            return []
        changing = modifications.under_way(self._clients, batch.place)
        return [_changing(each, changing.get(each.id)) for each in found]

    def create(self, wanted: Wanted) -> Found:
        """Make it empty, from a snapshot, or as a copy of a volume; once for each token."""
        try:
            raw = self._make(wanted)
        except Exception as error:
            if errors.code(error) != _SPENT:
                raise
            earlier = self._earlier(wanted)
            if earlier is None:
                raise
            return earlier
        found = self._found(raw, wanted.place)
        if found is None:  # the token's volume has died; EC2 says so a moment later
            text = f"{raw['VolumeId']} is {raw.get('State')}"
            raise errors.Refusal(ErrorCode.SPENT, text)
        tagged = {name: wanted.fields[name] for name in volume_words.TAGGED}
        fields = {**found.fields, **tagged}
        return replace(found, name=wanted.name, labels=dict(wanted.labels), fields=fields)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Figures by ModifyVolume, all in one; the rest are tags."""
        fields = {name: it for name, it in fields.items() if found.fields.get(name) != it}
        told = {**volume_words.told(fields), **fields.get("tags", {})}
        if told:
            marking.add(self._clients, found, told)
        found = replace(found, fields={**found.fields, **fields})
        asked = {name: fields[name] for name in volume_words.FIGURES if name in fields}
        return self._modify(found, asked) if asked else found

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """The new owner's tags first, then the old ones go: it is never without an owner."""
        return marking.mark(self._clients, found, labels)

    def delete(self, found: Found) -> None:
        """Refused while it is attached."""
        ec2 = self._clients.write("ec2", found.place)
        marking.present(lambda: ec2.delete_volume(VolumeId=found.id))

    def _make(self, wanted: Wanted) -> Mapping[str, Any]:
        ec2 = self._clients.write("ec2", wanted.place)
        said = {name: it for name, it in wanted.fields.items() if it}
        known = {**tags.of(wanted, self._extra), **volume_words.told(said)}
        asked = {
            **_figures(wanted.fields),
            **_encryption(wanted.fields),
            "Size": wanted.fields["size"] // GIB,
            "MultiAttachEnabled": wanted.fields["multi_attach"],
            "TagSpecifications": tags.specifications("volume", known),
            "ClientToken": wanted.token,
        }
        source = wanted.fields.get("source")
        if source is not None and source["kind"] == kinds.VOLUME:
            made = ec2.copy_volumes(SourceVolumeId=source["id"], **asked)
            return dict(made["Volumes"][0])
        if source is not None:
            asked["SnapshotId"] = source["id"]
        return dict(ec2.create_volume(AvailabilityZone=wanted.fields["zone"], **asked))

    def _earlier(self, wanted: Wanted) -> Found | None:
        """What an earlier attempt made with this token and other tags."""
        batch = Batch(wanted.place, {}, frozenset({wanted.name}))
        for found in self.observe(batch):
            if found.name == wanted.name and asking.is_for(found.labels, wanted):
                return found
        return None

    def _modify(self, found: Found, asked: Mapping[str, Any]) -> Found:
        ec2 = self._clients.write("ec2", found.place)
        sent: dict[str, Any] = {}
        if "size" in asked:
            sent["Size"] = asked["size"] // GIB
        if asked.keys() - {"size"}:
            sent |= _figures(found.fields)
        raw = ec2.modify_volume(VolumeId=found.id, **sent).get("VolumeModification") or {}
        known = dict(found.raw or {})
        if "StartTime" in raw:
            made = modifications.remembered(known)
            note = modifications.noted(made, raw["StartTime"].timestamp())
            marking.add(self._clients, found, note)
            known |= note
        if modifications.is_under_way(raw):
            return _changing(replace(found, raw=known), modifications.read(raw))
        return replace(found, raw=known)

    def _found(self, raw: Mapping[str, Any], place: str) -> Found | None:
        """None for a volume that is being deleted: it is as good as gone."""
        health = volume_words.health(raw)
        if health is None:
            return None
        known = tags.from_list(raw.get("Tags"))
        return Found(
            kinds.VOLUME,
            raw["VolumeId"],
            known.get(tags.NAME, ""),
            place,
            volume_words.fields(raw, self._extra),
            tags.labels(known),
            health,
            "" if health is Health.READY else str(raw["State"]),
            not_before=modifications.not_before(modifications.remembered(known), None),
            raw=known,
        )


def _changing(found: Found, change: Modification | None) -> Found:
    """`found` as it will be; PENDING until the new figures are in force."""
    if change is None:
        return found
    ready = change.settled or found.health is not Health.READY
    return replace(
        found,
        fields={**found.fields, **change.figures},
        health=found.health if ready else Health.PENDING,
        reason=found.reason if ready else "modifying",
        not_before=modifications.not_before(modifications.remembered(found.raw or {}), change),
    )


def _figures(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Type, IOPS and throughput as EC2 takes them; what a type does not have is not sent."""
    asked = {"VolumeType": fields["type"]}
    given = {"Iops": fields["iops"], "Throughput": fields["throughput"]}
    return {**asked, **{name: it for name, it in given.items() if it}}


def _encryption(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Said in any case; but for a copy "no" would not be true if its source is encrypted."""
    asked: dict[str, Any] = {"Encrypted": bool(fields.get("encrypted"))}
    if not asked["Encrypted"] and fields.get("source") is not None:
        return {}
    if fields.get("key"):
        asked["KmsKeyId"] = fields["key"]
    return asked
