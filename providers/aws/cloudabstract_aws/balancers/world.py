"""What stands in all regions, found by id and by what it belongs to. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.provider import Found, Host
from cloudabstract_aws import inventory

from .kinds import LISTENER, LOAD_BALANCER, REGISTRATION, RULE, SECURITY_GROUP

_PARENTS = {LISTENER.name: "load_balancer", RULE.name: "listener"}  # kind -> field


@dataclass(frozen=True)
class World:
    """Objects by kind and id."""

    kinds: Mapping[str, Mapping[str, Found]]
    children: Mapping[str, list[Found]]  # by the id of what they are part of
    uses: Mapping[str, int]  # id of a security group -> number of balancers that have it
    hosts: tuple[Host, ...]  # every registered instance, as one that runs

    @classmethod
    def of(cls, found: Iterable[Found]) -> World:
        """All of `found`."""
        kinds: defaultdict[str, dict[str, Found]] = defaultdict(dict)
        children: defaultdict[str, list[Found]] = defaultdict(list)
        for each in sorted(found, key=lambda one: one.id):
            kinds[each.kind][each.id] = each
            if each.kind in _PARENTS:
                children[each.fields[_PARENTS[each.kind]]].append(each)
        uses = Counter(
            id_
            for each in kinds[LOAD_BALANCER.name].values()
            for id_ in each.fields["security_groups"]
        )
        return cls(kinds, children, uses, _hosts(kinds[REGISTRATION.name].values()))

    def all(self, kind: str) -> list[Found]:
        """Every object of a kind, by id."""
        return list(self.kinds.get(kind, {}).values())

    def one(self, kind: str, id_: str) -> Found | None:
        """The object with that id."""
        return self.kinds.get(kind, {}).get(id_)

    def listeners(self, balancer: Found) -> list[Found]:
        """Those of a balancer, by port."""
        mine = self.children.get(balancer.id, ())
        return sorted(mine, key=lambda each: int(each.fields["port"]))

    def rules(self, listener: Found) -> list[Found]:
        """Those of a listener, in the order in which they are tried."""
        mine = self.children.get(listener.id, ())
        return sorted(mine, key=lambda each: int(each.fields["priority"]))

    def registration(self, group: str) -> Found | None:
        """What is registered with a target group."""
        return self.one(REGISTRATION.name, group)

    def is_its_own(self, group: Found) -> bool:
        """Whether a security group is of one balancer only, and not the one that a VPC comes with.

        What else it may be the group of, instances for one, is not known here.
        """
        alone = self.uses.get(group.id, 0) == 1 and group.name != "default"
        return group.kind == SECURITY_GROUP.name and alone


def _hosts(registrations: Iterable[Found]) -> tuple[Host, ...]:
    labels = {inventory.STATE: "running"}
    ids = {target["id"] for each in registrations for target in each.fields["targets"]}
    return tuple(Host(id_, id_, labels, id_) for id_ in sorted(ids))
