"""Portable status: phases and conditions, and times that stay while a condition says the same."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import Port, Selector
from cloudabstract.provider import Batch


def test_a_balancer_is_programmed_when_all_of_it_is_ready(make: Any, world: Any) -> None:
    """Accepted, Programmed, not Degraded, with an address and its native objects."""
    status = world.apply([make.balancer()])["LoadBalancer/web"]
    assert _told(status) == {
        "Accepted": ("True", "Accepted"),
        "Programmed": ("True", "Programmed"),
        "Degraded": ("False", "AsSpecified"),
    }
    assert status.addresses
    assert {each.kind for each in status.external_resources} >= {"memory.balancer", "memory.pool"}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("missing", ("False", "Provisioning")),
        ("pending", ("False", "Provisioning")),
        ("failed", ("False", "Infrastructure")),
    ],
)
def test_a_balancer_that_is_not_all_there_is_not_programmed(
    make: Any, world: Any, state: str, told: tuple[str, str]
) -> None:
    """And says which of its objects is not, and why."""
    world.apply([make.balancer()])
    front = world.cloud.one("memory.balancer")
    if state == "missing":
        world.cloud.remove(world.cloud.one("memory.listener"))
    if state == "pending":
        world.cloud.rules.delay = 60.0
        world.provider.connect().drivers()["memory.balancer"].update(
            _found(world, front), {"source_ranges": ["10.0.0.0/8"]}
        )
    if state == "failed":
        world.cloud.fail(front, "no capacity")
    assert _told(_look(world, make.balancer()))["Programmed"] == told


def test_a_balancer_that_is_refused_is_not_accepted(make: Any, world: Any) -> None:
    """With the reason, in the words of the objection."""
    status = _look(world, make.balancer(load_balancer_class="l9"))
    assert _told(status)["Accepted"] == ("False", "Unsupported")
    assert "the classes are" in status.condition("Accepted").message


def test_several_weaknesses_are_told_as_multiple(make: Any, world: Any) -> None:
    """One condition, each message."""
    weak = make.balancer(backends=(), traffic_distribution="PreferClose", ports=(Port(80),))
    degraded = world.apply([weak])["LoadBalancer/web"].condition("Degraded")
    assert (degraded.status, degraded.reason) == ("True", "Multiple")
    assert "; " in degraded.message


def test_phases_of_a_volume_and_its_claim(make: Any, world: Any) -> None:
    """Available, Bound, Released; Pending, Bound; then Failed and Lost."""
    archive = make.volume()
    claim = make.claim(volume_class_name="")
    assert world.apply([archive])["Volume/archive"].phase == "Available"
    report = world.apply([archive, claim])
    assert (report["Volume/archive"].phase, report["VolumeClaim/data"].phase) == ("Bound", "Bound")
    assert report["VolumeClaim/data"].capacity == make.GIB
    assert world.apply([archive])["Volume/archive"].phase == "Released"
    world.apply([archive, claim])
    world.cloud.fail(world.cloud.one("memory.disk"), "broken")
    assert _look(world, archive, claim, key="Volume/archive").phase == "Failed"
    world.cloud.remove(world.cloud.one("memory.disk"))
    assert _look(world, archive, claim, key="Volume/archive").reason == "Lost"
    assert _look(world, archive, claim, key="VolumeClaim/data").phase == "Lost"


def test_a_pending_claim_says_why(make: Any, world: Any) -> None:
    """In the status and in its condition."""
    status = world.apply([make.claim(selector=Selector(match_labels={"a": "b"}))])[
        "VolumeClaim/data"
    ]
    assert (status.phase, status.capacity, status.volume_name) == ("Pending", 0, "")
    assert "selector" in status.message
    assert _told(status)["Degraded"] == ("True", "Pending")


def test_transition_times_stay_while_a_condition_says_the_same(make: Any, world: Any) -> None:
    """Whatever else changes, and however often one looks."""
    first = world.apply([make.balancer()])["LoadBalancer/web"]
    world.clock.advance(3600.0)
    second = world.apply([make.balancer("web", 5, 6)])["LoadBalancer/web"]
    assert _times(second) == _times(first)
    world.clock.advance(3600.0)
    assert _times(_look(world, make.balancer("web", 5, 6))) == _times(first)


def test_a_transition_has_its_own_time(make: Any, world: Any) -> None:
    """Only the condition that changed, at the time at which that was seen."""
    first = world.apply([make.balancer()])["LoadBalancer/web"]
    world.clock.advance(3600.0)
    weak = world.apply([make.balancer(backends=())])["LoadBalancer/web"]
    assert _times(weak)["Degraded"] != _times(first)["Degraded"]
    assert _times(weak)["Accepted"] == _times(first)["Accepted"]


def test_a_lost_store_dates_conditions_anew(make: Any, world: Any) -> None:
    """They are a memory, and nothing else: the status itself is the same."""
    first = world.apply([make.balancer()])["LoadBalancer/web"]
    world.clock.advance(60.0)
    world.forget()
    again = world.apply([make.balancer()])["LoadBalancer/web"]
    assert _told(again) == _told(first)
    assert _times(again) != _times(first)


def test_a_report_is_asked_by_the_name_of_a_resource(make: Any, world: Any) -> None:
    """KIND/NAME, or with its namespace; what is not there is a KeyError."""
    report = world.apply([make.balancer()])
    assert report["LoadBalancer/web"] is report["LoadBalancer/default/web"]
    with pytest.raises(KeyError):
        report["LoadBalancer/none"]


def _told(status: Any) -> dict[str, tuple[str, str]]:
    return {each.type: (each.status, each.reason) for each in status.conditions}


def _times(status: Any) -> dict[str, str]:
    return {each.type: each.last_transition_time for each in status.conditions}


def _look(world: Any, *resources: Any, key: str = "LoadBalancer/web") -> Any:
    with world.engine() as engine:
        return engine.look(engine.plan(resources))[key]


def _found(world: Any, thing: Any) -> Any:
    driver = world.provider.connect().drivers()[thing.kind]
    return next(iter(driver.observe(Batch(thing.place, {"x": "y"}, ids=frozenset({thing.id})))))
