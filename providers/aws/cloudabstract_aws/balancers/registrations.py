"""`aws.registration`: the targets of a target group, as one part of their own.

It has neither name nor tags: it is its group's, and is there as long as the group has targets that
are not on their way out. Its memo stands on the group. Where groups are few, health comes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_aws import errors, pages, tags
from cloudabstract_aws.vpcs import Vpcs

from . import details, nameless
from .elb import Elb, present
from .kinds import REGISTRATION, TARGET_GROUP
from .limits import limits
from .targets import Target, described, zone_of

_TARGETS = "targets"


class RegistrationDriver:
    """The verbs of registrations. The id of a registration is its group's ARN."""

    def __init__(self, elb: Elb, vpcs: Vpcs) -> None:
        self._elb = elb
        self._vpcs = vpcs

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The targets of our groups, one call a group where they are few, else by memo."""
        shells = {
            group.id: _shell(group.id, batch.place, group.labels, group)
            for group in nameless.parents(batch, TARGET_GROUP.name)
            if batch.takes(group.labels)
        }
        asked = self._elb.tags_of(batch.place, batch.ids - shells.keys())
        for arn, known in asked.items():
            shells[arn] = _shell(arn, batch.place, tags.labels(known))
        detail = details.Detail(self._elb, _TARGETS, self._look)
        found = detail.completed(shells.values(), batch)
        return [one for one in found if one.fields[_TARGETS]]

    def create(self, wanted: Wanted) -> Found:
        """Registering again what is registered is success."""
        found = _shell(wanted.fields["target_group"], wanted.place, wanted.labels)
        targets = list(wanted.fields[_TARGETS])
        self._in_chunks(self._elb.write(wanted.place).register_targets, found, targets)
        return details.note(self._elb, found, _TARGETS, targets)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """New targets first, then those that go; what stays is not touched."""
        if _TARGETS not in fields:
            return found
        wanted, before = list(fields[_TARGETS]), found.fields[_TARGETS]
        kept = {_key(one) for one in wanted}
        elb = self._elb.write(found.place)
        details.forget(self._elb, found, _TARGETS)
        self._in_chunks(elb.register_targets, found, [one for one in wanted if one not in before])
        leaving = [one for one in before if _key(one) not in kept]
        self._in_chunks(elb.deregister_targets, found, leaving)
        return details.note(self._elb, found, _TARGETS, wanted)

    def delete(self, found: Found) -> None:
        """Every target leaves; connections may finish as the group's attributes say."""
        present(lambda: self._leave(found))

    def _leave(self, found: Found) -> None:
        details.forget(self._elb, found, _TARGETS)
        told = self._looked(found)
        leaving = told[_TARGETS] if told else []
        self._in_chunks(self._elb.write(found.place).deregister_targets, found, leaving)

    @staticmethod
    def _in_chunks(call: Callable[..., Any], found: Found, targets: Sequence[Target]) -> None:
        for chunk in pages.chunks(targets, limits().targets_per_call):
            call(TargetGroupArn=found.id, Targets=[described(one) for one in chunk])

    def _looked(self, found: Found) -> Mapping[str, Any] | None:
        """The targets as they are now; as they were seen where the endpoint cannot tell."""
        try:
            return self._look(found)
        except Exception as error:
            if not errors.is_unknown(error):
                raise
            return found.fields

    def _look(self, found: Found) -> dict[str, Any] | None:
        """The targets as AWS shows them now, with their health; those that leave are not told."""
        elb = self._elb.read(found.place)
        raw = present(lambda: elb.describe_target_health(TargetGroupArn=found.id))
        if raw is None:
            return None
        staying = [
            each for each in raw.get("TargetHealthDescriptions") or () if _state(each) != "draining"
        ]
        cidrs = self._cidrs(found) if staying else []
        targets = [
            {"id": id_, "port": port, "zone": zone_of(id_, cidrs)}
            for id_, port in map(_told, staying)
        ]
        health = {" ".join(map(str, _told(each))): _state(each) for each in staying}
        return {_TARGETS: sorted(targets, key=_key), "health": health}

    def _cidrs(self, found: Found) -> list[str]:
        vpc = found.raw["vpc"]
        if not vpc:
            elb = self._elb.read(found.place)
            raw = present(lambda: elb.describe_target_groups(TargetGroupArns=[found.id]))
            vpc = raw["TargetGroups"][0].get("VpcId", "") if raw else ""
        return self._vpcs.cidrs(found.place, vpc)


def _told(described: Mapping[str, Any]) -> tuple[str, int]:
    return described["Target"]["Id"], described["Target"].get("Port", 0)


def _state(described: Mapping[str, Any]) -> str:
    return str((described.get("TargetHealth") or {}).get("State", ""))


def _key(target: Target) -> tuple[str, int]:
    return target["id"], target["port"]


def _shell(arn: str, place: str, labels: Mapping[str, str], group: Found | None = None) -> Found:
    """A registration of which only the group is known."""
    raw = {
        "tags": details.tags_of(group) if group else {},
        "vpc": group.fields["vpc"] if group else "",
    }
    fields = {"target_group": arn, _TARGETS: []}
    return Found(REGISTRATION.name, arn, "", place, fields, labels, raw=raw)
