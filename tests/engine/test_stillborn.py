"""A volume that failed before it was ever READY holds no data: it is made anew, and not Lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudabstract.engine.walking.events import Stage
from cloudabstract.testing.calls import Call, Fault
from cloudabstract.testing.memory import Cloud

Deed = Callable[[Cloud, Any], object]
DEEDS: dict[str, Deed] = {
    "fails": lambda cloud, disk: cloud.fail(disk, "no capacity in here-a"),
    "vanishes": lambda cloud, disk: cloud.remove(disk),
}


class AtFirstSight(Fault):
    """Does something to the disk once it was seen to be made, before it is ready."""

    def __init__(self, cloud: Cloud, deed: Deed) -> None:
        self._cloud = cloud
        self._deed = deed
        self._looks = 0

    def before(self, call: Call) -> None:
        """At the second look at it."""
        disks = self._cloud.objects("memory.disk")
        if call.verb == "observe" and call.kind == "memory.disk" and disks:
            self._looks += 1
            if self._looks == 2:
                self._deed(self._cloud, disks[0])


@pytest.mark.parametrize("how", DEEDS)
def test_a_volume_that_was_never_ready_is_made_anew(make: Any, world: Any, how: str) -> None:
    """Under a new token, once the broken one is gone; nobody needs to agree to a loss."""
    world.cloud.rules.delay = 60.0
    report = world.apply([make.claim()], AtFirstSight(world.cloud, DEEDS[how]))
    (failed,) = report.failed
    assert "make it anew" in failed.failure.remedy
    for disk in world.cloud.objects("memory.disk"):
        world.cloud.remove(disk)
    plan = world.plan([make.claim()])
    assert [each.action.value for each in plan.changes] == ["create"]
    assert plan.rejections == ()
    world.cloud.rules.delay = 0.0
    report = world.apply([make.claim()])
    assert report["VolumeClaim/data"].phase == "Bound"
    world.check_settled([make.claim()])


def test_what_failed_at_birth_stays_as_long_as_it_is_there(make: Any, world: Any) -> None:
    """It is not replaced behind anybody's back, and turns in between forget nothing."""
    world.cloud.rules.delay = 60.0
    world.apply([make.claim()], AtFirstSight(world.cloud, DEEDS["fails"]))
    disk = world.cloud.one("memory.disk")
    for _ in range(2):
        assert world.apply([make.claim()])["Volume/data-2ig3aj"].phase == "Failed"
        assert world.cloud.one("memory.disk").id == disk.id
    world.cloud.remove(disk)
    assert [each.action.value for each in world.plan([make.claim()]).changes] == ["create"]


@pytest.mark.parametrize("how", DEEDS)
def test_a_volume_that_was_ready_is_lost(make: Any, world: Any, how: str) -> None:
    """Whatever became of it later, there may have been data on it."""
    world.apply([make.claim()])
    DEEDS[how](world.cloud, world.cloud.one("memory.disk"))
    world.apply([make.claim()])
    for disk in world.cloud.objects("memory.disk"):
        world.cloud.remove(disk)
    plan = world.plan([make.claim()])
    assert plan.empty
    assert world.apply([make.claim()])["VolumeClaim/data"].phase == "Lost"


def test_a_volume_that_recovers_is_lost_when_it_vanishes(make: Any, world: Any) -> None:
    """It failed at birth, was seen READY after all, and is like any other from then on."""
    world.cloud.rules.delay = 60.0
    world.apply([make.claim()], AtFirstSight(world.cloud, DEEDS["fails"]))
    world.cloud.fail(world.cloud.one("memory.disk"), "")
    world.clock.advance(120.0)
    assert world.apply([make.claim()])["VolumeClaim/data"].phase == "Bound"
    world.cloud.remove(world.cloud.one("memory.disk"))
    assert world.apply([make.claim()])["VolumeClaim/data"].phase == "Lost"


def test_nobody_knows_what_happened_while_nobody_looked(make: Any, world: Any) -> None:
    """A run that died while it waited: the volume may have been used since, so it is lost."""
    world.cloud.rules.delay = 60.0
    with world.engine() as engine:

        def stop(event: Any) -> None:
            if event.stage is Stage.WAITING:
                engine.stop()

        assert engine.run((make.claim(),), make.agree, report=stop).interrupted
    world.cloud.remove(world.cloud.one("memory.disk"))
    assert world.apply([make.claim()])["VolumeClaim/data"].phase == "Lost"
