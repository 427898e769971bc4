"""Drift is told field by field, with how grave it is; nothing is changed by looking."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine.keeping.drift import Grade, gravest

World, Make = Any, Any  # see conftest.py


def told(found: Any) -> list[tuple[str, str, str, list[str]]]:
    """Resource, what, class and fields."""
    return [
        (each.resource, each.what, each.grade.value, [field.field for field in each.fields])
        for each in found
    ]


def test_nothing_has_drifted_after_an_apply(stack: Any, make: Make) -> None:
    """Nor before the first one."""
    assert stack().drift() == ()
    stack().apply([make.balancer(), make.claim()])
    assert stack().drift() == ()


def test_each_class_is_told_apart_the_gravest_first(world: World, stack: Any, make: Make) -> None:
    """Data, security, benign; a field as it should be and as it is."""
    shop = stack()
    shop.apply([make.balancer(source_ranges=("203.0.113.0/24",)), make.claim(), make.volume()])
    disks = {
        each.owner["role"] + each.owner["resource"][:9]: each
        for each in world.cloud.objects("memory.disk")
    }
    assert len(disks) == 2
    lost, grown = sorted(world.cloud.objects("memory.disk"), key=lambda it: "claim" in it.owner)
    world.cloud.remove(lost)
    world.cloud.edit(grown, size=2 * make.GIB)
    world.cloud.edit(world.only("memory.balancer"), source_ranges=[])
    world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
    world.cloud.remove(world.only("memory.listener"))
    before = world.cloud.objects()
    found = shop.drift()
    assert told(found) == [
        ("Volume/archive", "lost", "data", []),
        ("VolumeClaim/data", "changed", "data", ["size"]),
        ("LoadBalancer/web", "changed", "security", ["source_ranges"]),
        ("LoadBalancer/web", "changed", "benign", ["draining_seconds"]),
        ("LoadBalancer/web", "missing", "benign", []),
    ]
    (size,) = found[1].fields
    assert (size.wanted, size.found) == (make.GIB, 2 * make.GIB)
    assert gravest(found) is Grade.DATA
    assert world.cloud.objects() == before


def test_a_replacement_that_drift_would_need_is_drift(world: World, stack: Any, make: Make) -> None:
    """A field that cannot change in place was changed all the same, by somebody."""
    shop = stack()
    shop.apply([make.balancer()])
    world.cloud.edit(world.only("memory.address"), routability="Internal")
    assert ("LoadBalancer/web", "changed", "security", ["routability"]) in told(shop.drift())


def test_what_is_ours_and_wanted_by_nobody_is_extra(world: World, stack: Any, make: Make) -> None:
    """Somebody has copied an object with its labels."""
    shop = stack()
    shop.apply([make.balancer()])
    pool = world.only("memory.pool")
    world.cloud.plant("memory.pool", "a-copy", pool.fields, labels=pool.labels)
    assert told(shop.drift()) == [("LoadBalancer/web", "extra", "benign", [])]


def test_a_spec_that_was_changed_is_not_drift(world: World, stack: Any, make: Make) -> None:
    """What a new spec asks for is for plan to tell; what others changed is still told."""
    shop = stack()
    shop.apply([make.balancer(), make.claim()])
    world.cloud.edit(world.only("memory.disk"), note="mine")
    found = shop.drift([make.balancer("web", 9), make.claim()])
    assert told(found) == [("VolumeClaim/data", "changed", "benign", ["note"])]


@pytest.mark.parametrize("key", ["labels.reclaim", "labels.protected"])
def test_labels_on_which_the_fate_of_data_hangs_are_data(
    world: World, stack: Any, make: Make, key: str
) -> None:
    """Somebody takes Retain, or the protection, off a volume."""
    shop = stack()
    shop.apply([make.volume(deletion_protection=True)])
    disk = world.only("memory.disk")
    labels = {name: it for name, it in disk.labels.items() if not name.endswith(key[7:])}
    world.cloud.relabel(disk, labels)
    assert told(shop.drift()) == [("Volume/archive", "changed", "data", [key])]
