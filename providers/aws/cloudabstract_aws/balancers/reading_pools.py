"""Target groups, and what is registered with them, read back as the pools of a balancer. Pure.

A forward to one group is a pool. One to several by weight is a pool, too, whose members have such
weights that the groups get their shares (weights.py); where there are none, it cannot be said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudabstract.model import BackendPool, Instance, Member
from cloudabstract.provider import Found
from cloudabstract_aws.fitting import Unlike

from .kinds import TARGET_GROUP
from .world import World

_ALIKE = ("protocol", "protocol_version", "port", "target_type", "ip_address_type", "vpc")
_MOST = 1000  # the largest weight of a member


@dataclass(frozen=True)
class Spread:
    """Where a forward leads to: groups, each with the weight that its members have."""

    groups: tuple[Found, ...]
    weights: tuple[int, ...]
    targets: tuple[tuple[str, int, int], ...]  # id, port, weight

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the groups."""
        return tuple(each.id for each in self.groups)

    @property
    def port(self) -> int:
        """What the groups say their port is."""
        return int(self.groups[0].fields["port"])

    @property
    def spoken(self) -> tuple[str, str]:
        """Protocol and version of the groups."""
        fields = self.groups[0].fields
        return fields["protocol"], fields["protocol_version"]

    @property
    def signature(self) -> tuple[object, ...]:
        """The same for the same pool."""
        return self.groups[0].fields["target_type"], self.port, self.targets

    def pool(self, name: str, *, own_port: bool) -> BackendPool:
        """As a pool; `own_port`: it says the port that its members have."""
        port = self.port if own_port else None
        if self.groups[0].fields["target_type"] == "instance":
            return BackendPool(name, instances=tuple(self._members(Instance)), target_port=port)
        return BackendPool(name, addresses=tuple(self._members(Member)), target_port=port)

    def roles(self, name: str, seat: str) -> Iterable[tuple[str, Found]]:
        """The roles of the groups in the pool of that name."""
        role = f"{name}-{seat}"
        if len(self.groups) == 1:
            return [(role, self.groups[0])]
        pairs = zip(self.weights, self.groups, strict=True)
        return [(f"{role}-w{weight}", group) for weight, group in pairs]

    def _members(self, kind: Any) -> Iterable[Any]:
        for id_, port, weight in self.targets:
            yield kind(id_, None if port == self.port else port, weight)


def spread(world: World, forward: Mapping[str, Any]) -> Spread:
    """What a forward leads to. Raises Unlike when no pool is like it."""
    groups = []
    for each in forward["groups"]:
        found = world.one(TARGET_GROUP.name, each["group"])
        if found is None:
            raise Unlike(f"sends to {each['group']}, which is not there")
        if found.fields["target_type"] not in ("ip", "instance"):
            raise Unlike(f"sends to a target group of type {found.fields['target_type']}")
        groups.append(found)
    if any(each.fields[name] != groups[0].fields[name] for each in groups for name in _ALIKE):
        raise Unlike("sends to target groups of several sorts at once")
    targets = [_targets(world, each) for each in groups]
    shares = [int(each["weight"]) for each in forward["groups"]]
    weights = _weights(shares, [len(each) for each in targets])
    told = sorted(
        (id_, port, weight)
        for weight, several in zip(weights, targets, strict=True)
        for id_, port in several
    )
    if len({each[:2] for each in told}) < len(told):
        raise Unlike("has one backend in several of its target groups")
    return Spread(tuple(groups), tuple(weights), tuple(told))


def _targets(world: World, group: Found) -> list[tuple[str, int]]:
    found = world.registration(group.id)
    return [(each["id"], each["port"]) for each in found.fields["targets"]] if found else []


def _weights(shares: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """The weight of each group's members, so that the groups get their shares."""
    if len(shares) == 1:
        return [1]
    if 0 in numbers:
        raise Unlike("spreads over target groups of which one is empty")
    common = math.lcm(*numbers)
    wanted = [share * common // number for share, number in zip(shares, numbers, strict=True)]
    divisor = math.gcd(*wanted)
    weights = [each // divisor for each in wanted]
    if len(set(weights)) < len(weights) or max(weights) > _MOST:
        raise Unlike("spreads over several target groups that would be one of ours")
    return weights
