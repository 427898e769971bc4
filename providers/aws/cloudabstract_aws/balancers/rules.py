"""`aws.rule`: a route of an ALB's listener.

Two rules of a listener cannot have one priority. When a rule needs one that another rule of ours
still has, that one is moved out of the way; if it is wanted, its own update puts it in its place.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import STACK, Batch, Found, Wanted
from cloudabstract_aws import errors, tags

from . import details, forwarding, nameless, owned
from .elb import Elb, present
from .kinds import LISTENER, RULE
from .limits import limits
from .marking import Tagged
from .nameless import Nameless, Raw, Type

_WEB = ("HTTP", "HTTPS")
_ASIDE = 40_000  # priorities from here on are for rules that are out of the way


class RuleDriver(Tagged):
    """The verbs of rules."""

    def __init__(self, elb: Elb, extra: Mapping[str, str]) -> None:
        self._elb = elb
        self._extra = extra
        self._nameless = Nameless(elb, self._type())
        self._placing = threading.RLock()  # who moves a rule aside must not meet its own update

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The rules of our HTTP listeners, the default ones apart."""
        used = nameless.parents(batch, LISTENER.name)
        parents = [one.id for one in used if one.fields["protocol"] in _WEB]
        return [
            self._found(raw, known, batch.place, batch)
            for raw, known in self._nameless.meant(batch, parents)
        ]

    def create(self, wanted: Wanted) -> Found:
        """Make it, or finish what an earlier attempt made: priorities are never shared."""
        with self._placing:
            return self._create(wanted)

    def _create(self, wanted: Wanted) -> Found:
        try:
            return self._made(wanted)
        except Exception as error:
            if errors.code(error) != "PriorityInUse":
                raise
            occupant = self._occupant(wanted.place, wanted.fields)
            if occupant is None:
                text = f"priority {wanted.fields['priority']} was in use a moment ago"
                raise errors.Refusal(ErrorCode.CONFLICT, text, "PriorityInUse") from error
        found = self._tagged(occupant, wanted.place)
        if owned.is_ours(found.labels, wanted):
            return owned.finished(found, wanted, RULE, self.update)
        self._make_way(found, wanted.labels.get(STACK, ""), wanted)
        return self._made(wanted)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Conditions and actions in one call, priority and tags by their own."""
        elb, arn = self._elb.write(found.place), found.id
        whole = {**found.fields, **fields}
        asked: dict[str, Any] = {}
        if fields.keys() & {"host", "paths"}:
            asked["Conditions"] = _conditions(whole)
        if "forward" in fields:
            asked["Actions"] = forwarding.actions(whole["forward"])
        silent = False
        if asked:
            if "forward" in fields:
                details.forget(self._elb, found, forwarding.FORWARD)
            answer = elb.modify_rule(RuleArn=arn, **asked)
            silent = forwarding.is_silent(answer["Rules"][0].get("Actions") or ())
        if "priority" in fields:
            with self._placing:
                self._move(found, whole)
        if fields.get("tags"):
            elb.add_tags(ResourceArns=[arn], Tags=tags.to_list(fields["tags"]))
        changed = replace(found, fields=whole)
        return self._told(changed) if "forward" in fields and silent else changed

    def delete(self, found: Found) -> None:
        """Gone with its listener is gone."""
        elb = self._elb.write(found.place)
        present(lambda: elb.delete_rule(RuleArn=found.id))

    def _made(self, wanted: Wanted) -> Found:
        elb = self._elb.write(wanted.place)
        raw = elb.create_rule(**self._request(wanted))["Rules"][0]
        made = self._found(raw, tags.of(wanted, self._extra), wanted.place)
        if not forwarding.is_silent(raw.get("Actions") or ()):
            return made
        return self._told(replace(made, fields={**made.fields, **wanted.fields}))

    def _told(self, found: Found) -> Found:
        """`found` with a memo of its forward."""
        return details.note(self._elb, found, forwarding.FORWARD, found.fields[forwarding.FORWARD])

    def _move(self, found: Found, whole: Mapping[str, Any]) -> None:
        occupant = self._occupant(found.place, whole)
        if occupant is not None and occupant["RuleArn"] == found.id:
            return
        if occupant is not None:
            other = self._tagged(occupant, found.place)
            self._make_way(other, found.labels.get(STACK, ""))
        place = [{"RuleArn": found.id, "Priority": whole["priority"]}]
        self._elb.write(found.place).set_rule_priorities(RulePriorities=place)

    def _make_way(self, other: Found, stack: str, wanted: Wanted | None = None) -> None:
        """Move a rule of ours aside. Raises Taken when it is not ours."""
        if not stack or other.labels.get(STACK) != stack:
            name = wanted.name if wanted is not None else f"priority {other.fields['priority']}"
            raise errors.Taken(RULE.name, name, other.id, "PriorityInUse")
        taken = {raw["Priority"] for raw in self._children(other.place, other.fields["listener"])}
        free = next(one for one in range(_ASIDE, 50_001) if str(one) not in taken)
        place = [{"RuleArn": other.id, "Priority": free}]
        self._elb.write(other.place).set_rule_priorities(RulePriorities=place)

    def _occupant(self, region: str, fields: Mapping[str, Any]) -> Raw | None:
        """The rule of the listener that has the priority now."""
        asked = str(fields["priority"])
        rules = self._children(region, fields["listener"])
        return next((raw for raw in rules if raw.get("Priority") == asked), None)

    def _tagged(self, raw: Raw, place: str) -> Found:
        known = self._elb.tags_of(place, [raw["RuleArn"]]).get(raw["RuleArn"], {})
        return self._found(raw, known, place)

    def _children(self, region: str, arn: str) -> Iterable[Raw]:
        rules = self._elb.listed(region, "describe_rules", "Rules", ListenerArn=arn)
        return [raw for raw in rules if not raw.get("IsDefault")]

    def _type(self) -> Type:
        def described(region: str, arns: Sequence[str]) -> Iterable[Raw]:
            answer = self._elb.read(region).describe_rules(RuleArns=list(arns))
            return [raw for raw in answer.get("Rules") or () if not raw.get("IsDefault")]

        def untold(parents: Sequence[str], found: Mapping[str, Raw]) -> Sequence[str]:
            told = found or "listener" in self._elb.indexed
            return [] if told else parents

        per_call = limits().rules_per_call
        return Type("listener-rule", "RuleArn", per_call, self._children, described, untold)

    def _request(self, wanted: Wanted) -> dict[str, Any]:
        fields = wanted.fields
        return {
            "ListenerArn": fields["listener"],
            "Priority": fields["priority"],
            "Conditions": _conditions(fields),
            "Actions": forwarding.actions(fields["forward"]),
            "Tags": tags.to_list(tags.of(wanted, self._extra)),
        }

    def _found(
        self, raw: Raw, known: Mapping[str, str], place: str, batch: Batch | None = None
    ) -> Found:
        arn = raw["RuleArn"]
        hosts = _values(raw, "host-header", "HostHeaderConfig")
        paths = _values(raw, "path-pattern", "PathPatternConfig")
        fields = {
            "listener": _listener(arn),
            "priority": int(raw["Priority"]) if str(raw.get("Priority", "")).isdigit() else 0,
            "host": ",".join(hosts),
            "paths": [] if hosts and paths == ["/*"] else paths,
            "forward": forwarding.forward_of(raw.get("Actions") or (), known, batch),
            "tags": self._elb.extra(known),
        }
        name, labels = known.get(tags.NAME, ""), tags.labels(known)
        seen = {"tags": dict(known), "as": raw}
        return Found(RULE.name, arn, name, place, fields, labels, raw=seen)


def _conditions(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = []
    if fields["host"]:
        hosts = {"Values": [fields["host"]]}
        conditions.append({"Field": "host-header", "HostHeaderConfig": hosts})
    if fields["paths"]:
        paths = {"Values": list(fields["paths"])}
        conditions.append({"Field": "path-pattern", "PathPatternConfig": paths})
    return conditions


def _values(raw: Raw, field: str, config: str) -> list[str]:
    for condition in raw.get("Conditions") or ():
        if condition.get("Field") == field:
            values = (condition.get(config) or {}).get("Values") or condition.get("Values")
            return list(values or ())
    return []


def _listener(arn: str) -> str:
    """The ARN of a rule's listener."""
    return arn.replace(":listener-rule/", ":listener/").rpartition("/")[0]
