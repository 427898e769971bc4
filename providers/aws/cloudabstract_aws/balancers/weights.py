"""Members of different weight: target groups know none, forward actions do. Pure.

The members of a pool are divided by weight, each division is a target group, and the action gives
each group the sum of its members' weights, so that every member gets its share. Sums over 999 are
scaled down. A member of weight 0 gets nothing, so it is not registered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cloudabstract.model import BackendPool
from cloudabstract.provider import Backend

from .limits import limits


@dataclass(frozen=True)
class Division:
    """Members of one weight; `share` is the weight of their group in an action, 0 to 999."""

    weight: int
    members: tuple[Backend, ...]
    share: int = 1


def divided(members: Iterable[Backend]) -> tuple[Division, ...]:
    """One division for each weight, heaviest first; always at least one, which may be empty."""
    by_weight: dict[int, list[Backend]] = {}
    for each in members:
        if each.weight > 0:
            by_weight.setdefault(each.weight, []).append(each)
    if len(by_weight) < 2:
        (only,) = by_weight.values() or ([],)
        return (Division(1, tuple(only)),)
    sums = {weight: weight * len(several) for weight, several in by_weight.items()}
    shares = _fitted(sums)
    return tuple(
        Division(weight, tuple(by_weight[weight]), shares[weight])
        for weight in sorted(by_weight, reverse=True)
    )


def distinct(pool: BackendPool) -> set[int]:
    """The weights, 0 apart, that the members named in `pool` have; by selector all have 1."""
    return set(_named(pool)) - {0}


def rounded(pool: BackendPool) -> bool:
    """Whether the shares of the pool's members cannot be kept exactly."""
    sums = {each: each * _named(pool).count(each) for each in distinct(pool)}
    return len(sums) > 1 and max(sums.values()) // math.gcd(*sums.values()) > limits().weight


def _named(pool: BackendPool) -> list[int]:
    """The weights of the members that the spec names."""
    by_address = [each.weight for each in pool.addresses or ()]
    return by_address + [each.weight for each in pool.instances or ()]


def _fitted(sums: dict[int, int]) -> dict[int, int]:
    """The same proportions in numbers up to 999, none of them 0."""
    divisor = math.gcd(*sums.values())
    largest, most = max(sums.values()) // divisor, limits().weight
    if largest <= most:
        return {weight: each // divisor for weight, each in sums.items()}
    scale = most / (largest * divisor)
    scaled = {weight: max(1, round(each * scale)) for weight, each in sums.items()}
    again = math.gcd(*scaled.values())
    return {weight: each // again for weight, each in scaled.items()}
