"""`aws.security_group`: who may connect to a balancer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import RESOURCE, Batch, Found, Wanted
from cloudabstract_aws import errors, pages, tags
from cloudabstract_aws.clients import Clients

from . import firewall, names, owned
from .elb import present
from .kinds import SECURITY_GROUP
from .marking import TaggedInEc2

_ALL = {"egress_ipv4": firewall.EVERYBODY, "egress_ipv6": firewall.EVERYBODY_IPV6}
_PAGE = 1000
_VALUES = 200  # of one filter


class SecurityGroupDriver(TaggedInEc2):
    """The verbs of security groups."""

    def __init__(self, clients: Clients, extra: Mapping[str, str]) -> None:
        self._clients = clients
        self._extra = extra

    def observe(self, batch: Batch) -> Iterable[Found]:
        """A list by labels, with rules and tags; by name or id only what that does not show."""
        found = {one.id: one for one in self._listed(batch, tags.search(batch))}
        named = names.native_of(batch.names - {one.name for one in found.values()})
        for chunk in pages.chunks(named, _VALUES):
            wanted = [{"Name": "group-name", "Values": list(chunk)}]
            found |= {one.id: one for one in self._listed(batch, wanted)}
        for chunk in pages.chunks(sorted(batch.ids - found.keys()), _VALUES):
            found |= {one.id: one for one in self._listed(batch, _by_id(list(chunk)))}
        return list(found.values())

    def create(self, wanted: Wanted) -> Found:
        """Make it, or finish what an earlier attempt made."""
        ec2 = self._clients.write("ec2", wanted.place)
        known = tags.of(wanted, self._extra)
        try:
            made = ec2.create_security_group(
                GroupName=names.native(wanted.name),
                Description=f"cloudabstract {wanted.labels.get(RESOURCE, wanted.name)}"[:255],
                VpcId=wanted.fields["vpc"],
                TagSpecifications=tags.specifications("security-group", known),
            )
        except Exception as error:
            if errors.code(error) != "InvalidGroup.Duplicate":
                raise
            found = self._named(wanted, error)
            owned.check_owner(found, wanted, "InvalidGroup.Duplicate")
        else:
            seen = self._seen(wanted.place, made["GroupId"])
            found = self._fresh(wanted, made["GroupId"], known) if seen is None else seen
        return owned.finished(found, wanted, SECURITY_GROUP, self.update)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """What is missing is let in first, then what is not wanted is taken away."""
        ec2 = self._clients.write("ec2", found.place)
        if "ingress" in fields:
            before, after = found.fields["ingress"], fields["ingress"]
            added = [firewall.permission(one) for one in after if one not in before]
            gone = [firewall.permission(one) for one in before if one not in after]
            _change(ec2.authorize_security_group_ingress, found.id, added)
            _change(ec2.revoke_security_group_ingress, found.id, gone)
        for name, cidr in _ALL.items():
            if fields.get(name):
                rule = {"protocol": "-1", "port": -1, "cidr": cidr}
                permissions = [firewall.permission(rule)]
                _change(ec2.authorize_security_group_egress, found.id, permissions)
        if fields.get("tags"):
            ec2.create_tags(Resources=[found.id], Tags=tags.to_list(fields["tags"]))
        return replace(found, fields={**found.fields, **fields})

    def delete(self, found: Found) -> None:
        """Refused as long as a network interface of the balancer is there."""
        ec2 = self._clients.write("ec2", found.place)
        present(lambda: ec2.delete_security_group(GroupId=found.id))

    def _listed(self, batch: Batch, filters: list[dict[str, Any]] | None) -> list[Found]:
        """The groups that fit these filters and are meant; none without filters."""
        if filters is None:
            return []
        asked = names.by_native(batch.names)
        raw = pages.of(
            self._clients.read("ec2", batch.place),
            "describe_security_groups",
            "SecurityGroups",
            Filters=filters,
            PaginationConfig={"PageSize": _PAGE},
        )
        found = (self._found(each, batch.place, asked) for each in raw)
        return [one for one in found if _meant(one, batch)]

    def _named(self, wanted: Wanted, error: Exception) -> Found:
        """The group that has the name already. Raises the error when it has gone meanwhile."""
        batch = Batch(wanted.place, {}, frozenset({wanted.name}))
        for found in self.observe(batch):
            if found.fields["vpc"] == wanted.fields["vpc"]:
                return found
        raise error

    def _seen(self, place: str, id_: str) -> Found | None:
        """A group just made, as EC2 shows it; None while it shows nothing."""
        told = self._listed(Batch(place, {}, ids=frozenset({id_})), _by_id([id_]))
        return next(iter(told), None)

    def _fresh(self, wanted: Wanted, id_: str, known: Mapping[str, str]) -> Found:
        """A group as AWS makes it: nobody comes in, everybody is reached by IPv4."""
        fields = {
            "vpc": wanted.fields["vpc"],
            "ingress": [],
            "egress_ipv4": True,
            "egress_ipv6": False,
            "tags": tags.extra(known, self._extra),
        }
        labels = dict(wanted.labels)
        return Found(SECURITY_GROUP.name, id_, wanted.name, wanted.place, fields, labels)

    def _found(self, raw: Mapping[str, Any], place: str, asked: Mapping[str, str]) -> Found:
        known = tags.from_list(raw.get("Tags"))
        labels, name = tags.labels(known), raw["GroupName"]
        egress = firewall.rules_of(raw.get("IpPermissionsEgress") or ())
        open_to = {each["cidr"] for each in egress if each["protocol"] == "-1"}
        fields = {
            "vpc": raw.get("VpcId", ""),
            "ingress": firewall.rules_of(raw.get("IpPermissions") or ()),
            "egress_ipv4": firewall.EVERYBODY in open_to,
            "egress_ipv6": firewall.EVERYBODY_IPV6 in open_to,
            "tags": tags.extra(known, self._extra),
        }
        called = names.called(name, known, asked)
        return Found(SECURITY_GROUP.name, raw["GroupId"], called, place, fields, labels)


def _by_id(ids: list[str]) -> list[dict[str, Any]]:
    return [{"Name": "group-id", "Values": ids}]


def _meant(found: Found, batch: Batch) -> bool:
    named = found.name in batch.names or found.id in batch.ids
    return named or batch.takes(found.labels)


def _change(call: Callable[..., Any], id_: str, permissions: list[dict[str, Any]]) -> None:
    """Authorize or revoke; what is so already is success."""
    if not permissions:
        return
    try:
        call(GroupId=id_, IpPermissions=permissions)
    except Exception as error:
        if errors.code(error) not in ("InvalidPermission.Duplicate", "InvalidPermission.NotFound"):
            raise
        if len(permissions) > 1:  # one of them is so already, and AWS has refused them all
            for each in permissions:
                _change(call, id_, [each])
