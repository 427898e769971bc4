"""`aws.load_balancer`: NLBs and ALBs.

Made with its security group, for an NLB made without one can never have one. Its attributes are set
right after; the memo of them is written last, so that it is true or missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Found, Health, Wanted, Whose
from cloudabstract_aws import errors, memos, tags
from cloudabstract_aws.vpcs import Vpcs

from . import details, names, owned
from . import load_balancer_words as words
from .elb import Elb, present
from .kinds import LOAD_BALANCER
from .marking import Tagged

_ATTRIBUTES = "attributes"
_HEALTH = {
    "active": Health.READY,
    "active_impaired": Health.READY,
    "provisioning": Health.PENDING,
    "failed": Health.FAILED,
}


class LoadBalancerDriver(Tagged):
    """The verbs of load balancers."""

    def __init__(self, elb: Elb, extra: Mapping[str, str], vpcs: Vpcs) -> None:
        self._elb = elb
        self._extra = extra
        self._vpcs = vpcs

    def observe(self, batch: Batch) -> Iterable[Found]:
        """One page of all balancers, tags, and, where they are few, attributes one by one."""
        raw = self._elb.listed(batch.place, "describe_load_balancers", "LoadBalancers")
        by_arn = {one["LoadBalancerArn"]: one for one in raw}
        asked = names.by_native(batch.names)
        meant = frozenset(
            arn
            for arn, one in by_arn.items()
            if one["LoadBalancerName"] in asked or arn in batch.ids
        )
        called = {arn: one["LoadBalancerName"] for arn, one in by_arn.items()}
        found = [
            self._found(by_arn[arn], known, batch.place, asked)
            for arn, known in self._elb.meant(batch, "loadbalancer", called, meant).items()
            if arn in by_arn
        ]
        detailed = details.Detail(self._elb, _ATTRIBUTES, self._attributes).completed(found, batch)
        return self._surveyed(detailed, batch)

    def create(self, wanted: Wanted) -> Found:
        """Make it, or finish what an earlier attempt made."""
        labels = tags.of(wanted, self._extra) | memos.made(wanted.fields, LOAD_BALANCER.fixed)
        try:
            elb = self._elb.write(wanted.place)
            raw = elb.create_load_balancer(**words.request(wanted, labels))
            one = raw["LoadBalancers"][0]
        except Exception as error:
            if errors.code(error) != "DuplicateLoadBalancerName":
                raise
            one = self._named(wanted, error)
        known = self._elb.tags_of(wanted.place, [one["LoadBalancerArn"]])
        known_tags = known.get(one["LoadBalancerArn"], {})
        found = self._found(one, known_tags, wanted.place, names.by_native([wanted.name]))
        owned.check_owner(found, wanted, "DuplicateLoadBalancerName")
        return owned.finished(found, wanted, LOAD_BALANCER, self.update)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Each field by its own call."""
        elb, arn = self._elb.write(found.place), found.id
        if "security_groups" in fields:
            elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=fields["security_groups"])
        if "subnets" in fields:
            elb.set_subnets(LoadBalancerArn=arn, Subnets=fields["subnets"])
        if "ip_address_type" in fields:
            kind = fields["ip_address_type"]
            elb.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=kind)
        if fields.get("tags"):
            elb.add_tags(ResourceArns=[arn], Tags=tags.to_list(fields["tags"]))
        changed = replace(found, fields={**found.fields, **fields})
        if _ATTRIBUTES not in fields:
            return changed
        details.forget(self._elb, found, _ATTRIBUTES)
        wanted = words.attribute_list(fields[_ATTRIBUTES])
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)
        return details.note(self._elb, changed, _ATTRIBUTES, dict(fields[_ATTRIBUTES]))

    def delete(self, found: Found) -> None:
        """AWS says success when it is gone already."""
        elb = self._elb.write(found.place)
        present(lambda: elb.delete_load_balancer(LoadBalancerArn=found.id))

    def _surveyed(self, found: list[Found], batch: Batch) -> list[Found]:
        """For who reads them back (reading.py): with the networks among which they stand."""
        if batch.whose is not Whose.ANYBODY or not found:
            return found
        around = self._vpcs.survey(batch.place)
        return [replace(one, raw={**one.raw, "networks": around}) for one in found]

    def _named(self, wanted: Wanted, error: Exception) -> dict[str, Any]:
        """The balancer that has the name already. Raises the error when it has gone meanwhile."""
        name = names.native(wanted.name)
        answer = present(lambda: self._elb.read(wanted.place).describe_load_balancers(Names=[name]))
        if not answer or not answer.get("LoadBalancers"):
            raise error
        return dict(answer["LoadBalancers"][0])

    def _attributes(self, one: Found) -> dict[str, Any] | None:
        answer = present(
            lambda: self._elb.read(one.place).describe_load_balancer_attributes(
                LoadBalancerArn=one.id
            )
        )
        if answer is None:
            return None
        return {_ATTRIBUTES: words.managed(one.fields["type"], answer.get("Attributes") or ())}

    def _found(
        self, raw: Mapping[str, Any], known: Mapping[str, str], place: str, asked: Mapping[str, str]
    ) -> Found:
        state, labels = raw.get("State", {}), tags.labels(known)
        name = raw["LoadBalancerName"]
        return Found(
            LOAD_BALANCER.name,
            raw["LoadBalancerArn"],
            names.called(name, known, asked),
            place,
            {**words.fields(raw, known), "tags": self._elb.extra(known)},
            labels,
            _HEALTH.get(state.get("Code", "active"), Health.PENDING),
            state.get("Reason", "") or state.get("Code", ""),
            raw={"tags": dict(known)},
        )
