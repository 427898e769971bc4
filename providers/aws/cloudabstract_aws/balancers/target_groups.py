"""`aws.target_group`: how backends are spoken to and checked.

A group serves one balancer at a time, so it is told apart by its balancer's name: when a balancer
is made anew beside its old self, so are its groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_aws import errors, memos, tags

from . import details, owned
from . import target_group_words as words
from .elb import Elb, present
from .kinds import TARGET_GROUP
from .load_balancer_words import attribute_list
from .marking import Tagged

_ATTRIBUTES = "attributes"


class TargetGroupDriver(Tagged):
    """The verbs of target groups."""

    def __init__(self, elb: Elb, extra: Mapping[str, str]) -> None:
        self._elb = elb
        self._extra = extra

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Pages of all groups, tags, and, where they are few, attributes one by one."""
        raw = self._elb.listed(batch.place, "describe_target_groups", "TargetGroups")
        by_arn = {one["TargetGroupArn"]: one for one in raw}
        called = {arn: one["TargetGroupName"] for arn, one in by_arn.items()}
        asked = frozenset(
            arn for arn, name in called.items() if name in batch.names or arn in batch.ids
        )
        found = [
            self._found(by_arn[arn], known, batch.place)
            for arn, known in self._elb.meant(batch, "targetgroup", called, asked).items()
            if arn in by_arn
        ]
        return details.Detail(self._elb, _ATTRIBUTES, self._attributes).completed(found, batch)

    def create(self, wanted: Wanted) -> Found:
        """Make it, or finish what an earlier attempt made."""
        known = tags.of(wanted, self._extra) | memos.made(wanted.fields, TARGET_GROUP.fixed)
        try:
            elb = self._elb.write(wanted.place)
            one = elb.create_target_group(**words.request(wanted, known))["TargetGroups"][0]
        except Exception as error:
            if errors.code(error) != "DuplicateTargetGroupName":
                raise
            one = self._named(wanted, error)
        arn = one["TargetGroupArn"]
        told = self._elb.tags_of(wanted.place, [arn]).get(arn, {})
        found = self._found(one, told, wanted.place)
        owned.check_owner(found, wanted, "DuplicateTargetGroupName")
        return owned.finished(found, wanted, TARGET_GROUP, self.update)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Health check, attributes and tags, each by its own call."""
        elb, arn = self._elb.write(found.place), found.id
        if "health_check" in fields:
            version = found.fields["protocol_version"]
            asked = words.check(fields["health_check"], version)
            elb.modify_target_group(TargetGroupArn=arn, **asked)
        if fields.get("tags"):
            elb.add_tags(ResourceArns=[arn], Tags=tags.to_list(fields["tags"]))
        changed = replace(found, fields={**found.fields, **fields})
        if _ATTRIBUTES not in fields:
            return changed
        details.forget(self._elb, found, _ATTRIBUTES)
        wanted = attribute_list(fields[_ATTRIBUTES])
        elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=wanted)
        return details.note(self._elb, changed, _ATTRIBUTES, dict(fields[_ATTRIBUTES]))

    def delete(self, found: Found) -> None:
        """Refused while a listener or rule forwards to it."""
        elb = self._elb.write(found.place)
        present(lambda: elb.delete_target_group(TargetGroupArn=found.id))

    def _named(self, wanted: Wanted, error: Exception) -> dict[str, Any]:
        """The group that has the name already. Raises the error when it has gone meanwhile."""
        elb = self._elb.read(wanted.place)
        answer = present(lambda: elb.describe_target_groups(Names=[wanted.name]))
        if not answer or not answer.get("TargetGroups"):
            raise error
        return dict(answer["TargetGroups"][0])

    def _attributes(self, one: Found) -> dict[str, Any] | None:
        elb = self._elb.read(one.place)
        answer = present(lambda: elb.describe_target_group_attributes(TargetGroupArn=one.id))
        if answer is None:
            return None
        return {_ATTRIBUTES: words.managed(one.fields, answer.get("Attributes") or ())}

    def _found(self, raw: Mapping[str, Any], known: Mapping[str, str], place: str) -> Found:
        return Found(
            TARGET_GROUP.name,
            raw["TargetGroupArn"],
            raw["TargetGroupName"],
            place,
            {**words.fields(raw, known), "tags": self._elb.extra(known)},
            tags.labels(known),
            raw={"tags": dict(known)},
        )
