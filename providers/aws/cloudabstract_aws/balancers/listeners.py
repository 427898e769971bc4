"""`aws.listener`: one port of a balancer, with its certificates and where it forwards to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_aws import errors, memos, tags

from . import details, forwarding, nameless, owned
from .elb import Elb, present
from .kinds import LISTENER, LOAD_BALANCER
from .limits import limits
from .marking import Tagged
from .nameless import Nameless, Raw, Type

_CERTIFICATES = "certificates"
_PORT_NAME = "port-name"
_SECURE = ("HTTPS", "TLS")


class ListenerDriver(Tagged):
    """The verbs of listeners."""

    def __init__(self, elb: Elb, extra: Mapping[str, str]) -> None:
        self._elb = elb
        self._extra = extra
        self._nameless = Nameless(elb, self._type())

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The listeners of our balancers; certificates one call a listener that has several."""
        parents = [one.id for one in nameless.parents(batch, LOAD_BALANCER.name)]
        found = [
            self._found(raw, known, batch.place, batch)
            for raw, known in self._nameless.meant(batch, parents)
        ]
        secure = [one for one in found if one.fields["protocol"] in _SECURE]
        plain = [one for one in found if one.fields["protocol"] not in _SECURE]
        detail = details.Detail(self._elb, _CERTIFICATES, self._certificates)
        return plain + detail.completed(secure, batch)

    def create(self, wanted: Wanted) -> Found:
        """Make it, or finish what an earlier attempt made."""
        known = tags.of(wanted, self._extra)
        known |= memos.plain(_PORT_NAME, wanted.fields["port_name"])
        try:
            elb = self._elb.write(wanted.place)
            raw = elb.create_listener(**_request(wanted.fields, known))["Listeners"][0]
        except Exception as error:
            if errors.code(error) != "DuplicateListener":
                raise
            raw = self._on_port(wanted, error)
        told = self._elb.tags_of(wanted.place, [raw["ListenerArn"]]).get(raw["ListenerArn"], {})
        found = self._found(raw, told, wanted.place)
        owned.check_owner(found, wanted, "DuplicateListener")
        return owned.finished(found, wanted, LISTENER, self.update)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Protocol, policy, default certificate and actions in one call; the rest by their own."""
        elb, arn = self._elb.write(found.place), found.id
        asked = _modified(found.fields, fields)
        silent = False
        if asked:
            if "forward" in fields:
                details.forget(self._elb, found, forwarding.FORWARD)
            answer = elb.modify_listener(ListenerArn=arn, **asked)
            silent = forwarding.is_silent(answer["Listeners"][0].get("DefaultActions") or ())
        fresh = {**fields.get("tags", {})}
        if "port_name" in fields:
            fresh |= memos.plain(_PORT_NAME, fields["port_name"])
        if fresh:
            elb.add_tags(ResourceArns=[arn], Tags=tags.to_list(fresh))
        if fields.get("port_name") == "":
            elb.remove_tags(ResourceArns=[arn], TagKeys=sorted(memos.every(_PORT_NAME)))
        changed = replace(found, fields={**found.fields, **fields})
        if "forward" in fields and silent:
            changed = details.note(self._elb, changed, forwarding.FORWARD, fields["forward"])
        if _CERTIFICATES not in fields:
            return changed
        return self._set_certificates(found, changed)

    def delete(self, found: Found) -> None:
        """Its rules go with it."""
        elb = self._elb.write(found.place)
        present(lambda: elb.delete_listener(ListenerArn=found.id))

    def _set_certificates(self, found: Found, changed: Found) -> Found:
        """The further certificates, one a call; the default one is part of ModifyListener.

        With a new default all of them are given again: having them already is success.
        """
        elb, arn = self._elb.write(found.place), found.id
        wanted, before = changed.fields[_CERTIFICATES], found.fields[_CERTIFICATES]
        again = _new_default(found.fields, changed.fields)
        details.forget(self._elb, found, _CERTIFICATES)
        for each in wanted[1:]:
            if again or each not in before[1:]:
                one = [{"CertificateArn": each}]
                elb.add_listener_certificates(ListenerArn=arn, Certificates=one)
        for each in before[1:]:
            if each not in wanted:
                one = [{"CertificateArn": each}]
                elb.remove_listener_certificates(ListenerArn=arn, Certificates=one)
        if not wanted:
            return changed
        return details.note(self._elb, changed, _CERTIFICATES, list(wanted))

    def _certificates(self, one: Found) -> dict[str, Any] | None:
        elb = self._elb.read(one.place)
        raw = present(lambda: elb.describe_listener_certificates(ListenerArn=one.id))
        if raw is None:
            return None
        default = one.fields[_CERTIFICATES][:1]
        others = {each["CertificateArn"] for each in raw.get("Certificates") or ()}
        others -= set(default)
        noted = memos.decoded(_CERTIFICATES, details.tags_of(one)) or []
        return {_CERTIFICATES: default + _as_noted(others, noted)}

    def _on_port(self, wanted: Wanted, error: Exception) -> Raw:
        """The listener that has the port already. Raises the error when it has gone meanwhile."""
        arn, port = wanted.fields["load_balancer"], wanted.fields["port"]
        for raw in self._children(wanted.place, arn):
            if raw.get("Port") == port:
                return raw
        raise error

    def _children(self, region: str, arn: str) -> Iterable[Raw]:
        return self._elb.listed(region, "describe_listeners", "Listeners", LoadBalancerArn=arn)

    def _type(self) -> Type:
        def described(region: str, arns: Sequence[str]) -> Iterable[Raw]:
            answer = self._elb.read(region).describe_listeners(ListenerArns=list(arns))
            return list(answer.get("Listeners") or ())

        def untold(parents: Sequence[str], found: Mapping[str, Raw]) -> Sequence[str]:
            told = {raw["LoadBalancerArn"] for raw in found.values()}
            return [arn for arn in parents if arn not in told]

        per_call = limits().listeners_per_call
        return Type("listener", "ListenerArn", per_call, self._children, described, untold)

    def _found(
        self, raw: Raw, known: Mapping[str, str], place: str, batch: Batch | None = None
    ) -> Found:
        certificates = [each["CertificateArn"] for each in raw.get("Certificates") or ()]
        fields = {
            "load_balancer": raw["LoadBalancerArn"],
            "port": raw.get("Port", 0),
            "protocol": raw.get("Protocol", ""),
            _CERTIFICATES: certificates[:1],
            "ssl_policy": raw.get("SslPolicy") or "" if certificates else "",
            "forward": forwarding.forward_of(raw.get("DefaultActions") or (), known, batch),
            "port_name": memos.read_plain(_PORT_NAME, known),
            "tags": self._elb.extra(known),
        }
        arn, name = raw["ListenerArn"], known.get(tags.NAME, "")
        labels = tags.labels(known)
        seen = {"tags": dict(known), "as": raw}
        return Found(LISTENER.name, arn, name, place, fields, labels, raw=seen)


def _request(fields: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "LoadBalancerArn": fields["load_balancer"],
        "Port": fields["port"],
        "Protocol": fields["protocol"],
        "DefaultActions": forwarding.actions(fields["forward"]),
        "Tags": tags.to_list(known),
    }
    return {**asked, **_secured(fields)}


def _modified(before: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of ModifyListener for the fields that changed; {} when it has none."""
    wanted = {**before, **changed}
    asked: dict[str, Any] = {}
    if "forward" in changed:
        asked["DefaultActions"] = forwarding.actions(wanted["forward"])
    if "protocol" in changed:
        asked["Protocol"] = wanted["protocol"]
    if changed.keys() & {"protocol", "ssl_policy"} or _new_default(before, wanted):
        asked |= _secured(wanted)
    return asked


def _new_default(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return bool(before[_CERTIFICATES][:1] != wanted[_CERTIFICATES][:1])


def _secured(fields: Mapping[str, Any]) -> dict[str, Any]:
    if not fields[_CERTIFICATES]:
        return {}
    default = [{"CertificateArn": fields[_CERTIFICATES][0]}]
    return {"SslPolicy": fields["ssl_policy"], "Certificates": default}


def _as_noted(others: set[str], noted: Sequence[str]) -> list[str]:
    """AWS keeps no order of further certificates: ours first, as we wrote them."""
    return [each for each in noted if each in others] + sorted(others - set(noted))
