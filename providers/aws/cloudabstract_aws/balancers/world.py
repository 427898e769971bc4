"""What stands in all regions, found by id and by what it belongs to. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cloudabstract.provider import Found

from .kinds import LISTENER, LOAD_BALANCER, REGISTRATION, RULE, SECURITY_GROUP


@dataclass(frozen=True)
class World:
    """Objects by kind and id."""

    kinds: dict[str, dict[str, Found]]

    @classmethod
    def of(cls, found: Iterable[Found]) -> World:
        """All of `found`."""
        kinds: defaultdict[str, dict[str, Found]] = defaultdict(dict)
        for each in found:
            kinds[each.kind][each.id] = each
        return cls(dict(kinds))

    def all(self, kind: str) -> list[Found]:
        """Every object of a kind, by id."""
        known = self.kinds.get(kind, {})
        return [known[id_] for id_ in sorted(known)]

    def one(self, kind: str, id_: str) -> Found | None:
        """The object with that id."""
        return self.kinds.get(kind, {}).get(id_)

    def listeners(self, balancer: Found) -> list[Found]:
        """Those of a balancer, by port."""
        mine = [
            each for each in self.all(LISTENER.name) if each.fields["load_balancer"] == balancer.id
        ]
        return sorted(mine, key=lambda each: int(each.fields["port"]))

    def rules(self, listener: Found) -> list[Found]:
        """Those of a listener, in the order in which they are tried."""
        mine = [each for each in self.all(RULE.name) if each.fields["listener"] == listener.id]
        return sorted(mine, key=lambda each: int(each.fields["priority"]))

    def registration(self, group: str) -> Found | None:
        """What is registered with a target group."""
        return self.one(REGISTRATION.name, group)

    def is_its_own(self, group: Found) -> bool:
        """Whether a security group is of one balancer only, and not the one that a VPC comes with.

        What else it may be the group of, instances for one, is not known here.
        """
        users = Counter(
            id_ for each in self.all(LOAD_BALANCER.name) for id_ in each.fields["security_groups"]
        )
        return (
            group.kind == SECURITY_GROUP.name and users[group.id] == 1 and (group.name != "default")
        )
