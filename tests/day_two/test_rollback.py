"""A rollback is a plan from an old spec: it brings back what can be, and says what cannot."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.errors import CapabilityError, CloudAbstractError, ConsentError, StoreError
from cloudabstract.model import Port

World, Make = Any, Any  # see conftest.py


def parts(world: World) -> list[tuple[str, str, Any]]:
    """Everything that stands: kind, name, and fields but for ids."""
    told = []
    for each in world.cloud.objects():
        fields = {k: v for k, v in each.fields.items() if k not in ("balancer", "pool", "address")}
        told.append((each.kind, each.name, fields))
    return sorted(told, key=str)


def test_it_restores_the_exact_earlier_parts(world: World, stack: Any, make: Make) -> None:
    """Names and fields are those of before the bad change; history says what was done."""
    shop = stack()
    good = [make.balancer("web", 5, 6), make.claim()]
    shop.apply(good)
    before = parts(world)
    bad = make.balancer("web", ports=(Port(8080),), routability="Internal")
    shop.apply([bad, make.claim()])
    assert parts(world) != before
    report = shop.rollback()
    assert report.ok
    assert parts(world) == before
    assert shop.applied() == tuple(sorted(good, key=lambda each: each.key))
    assert [each.action for each in shop.history()] == ["apply", "apply", "rollback"]
    assert shop.plan(good).empty


def test_a_rollback_of_a_rollback_goes_forward_again(stack: Any, make: Make) -> None:
    """Without a number it is always the latest other spec."""
    shop = stack()
    for last in (5, 6, 7):
        shop.apply([make.balancer("web", last)])
    shop.rollback()
    assert shop.applied() == (make.balancer("web", 6),)
    shop.rollback()
    assert shop.applied() == (make.balancer("web", 7),)
    shop.rollback(to=1)
    assert shop.applied() == (make.balancer("web", 5),)


def test_a_failed_revision_is_not_what_one_goes_back_to(
    world: World, stack: Any, make: Make
) -> None:
    """The latest spec that was applied as a whole is."""
    shop = stack()
    shop.apply([make.balancer("web", 5)])
    world.cloud.rules.denied = frozenset({"memory.members:update"})
    assert not shop.apply([make.balancer("web", 6)]).ok
    world.cloud.rules.denied = frozenset()
    shop.apply([make.balancer("web", 7)])
    assert shop.rollback_target().number == 1


def test_a_volume_that_has_grown_stops_it_unless_it_may_stay(
    world: World, stack: Any, make: Make
) -> None:
    """A volume cannot shrink: refused before anything is touched, or with `keep_sizes` it stays."""
    shop = stack()
    shop.apply([make.claim(), make.balancer("web", 5)])
    shop.apply([make.claim("data", 2 * make.GIB), make.balancer("web", 6)])
    before = world.cloud.objects()
    with pytest.raises(CapabilityError, match="VO001"):
        shop.rollback()
    assert world.cloud.objects() == before
    assert shop.rollback(keep_sizes=True).ok
    assert world.only("memory.disk").fields["size"] == 2 * make.GIB
    members = world.only("memory.members").fields["members"]
    assert [each["address"] for each in members] == ["10.0.0.5"]


def test_data_made_since_is_not_lost_without_its_name(world: World, stack: Any, make: Make) -> None:
    """The claim came later; going back would delete its volume."""
    shop = stack()
    shop.apply([make.balancer()])
    shop.apply([make.balancer(), make.claim()])
    with pytest.raises(ConsentError, match="VolumeClaim/data"):
        shop.rollback()
    assert shop.rollback(retain_data=True).ok
    assert len(world.cloud.objects("memory.disk")) == 1


def test_there_must_be_something_to_go_back_to(stack: Any, make: Make) -> None:
    """Nothing applied; one spec only; a revision that is not there."""
    shop = stack()
    with pytest.raises(CloudAbstractError, match="nothing was applied"):
        shop.rollback()
    shop.apply([make.balancer()])
    with pytest.raises(CloudAbstractError, match="nothing to go back to"):
        shop.rollback()
    with pytest.raises(StoreError, match="no revision 9"):
        shop.rollback(to=9)
