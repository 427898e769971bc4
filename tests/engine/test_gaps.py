"""Gaps: an old object that has to go first goes as late as can be, and never for nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cloudabstract.engine import Action
from cloudabstract.engine.walking.backwards import graph
from cloudabstract.engine.walking.frontier import Frontier
from cloudabstract.testing.memory import Rules

CREATE, UPDATE, REPLACE, DELETE = Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE
DETACH, ATTACH = "delete memory.attachment", "create memory.attachment"


def test_the_old_object_goes_after_all_that_the_new_one_needs(toy: Any) -> None:
    """What is made and what is changed for it, and what those need in turn."""
    drawn = toy().add(0, CREATE).add(1, UPDATE, 0).add(2, CREATE, 0)
    drawn.add(3, REPLACE, 1, 2, exclusive=True)
    begun = _walked(drawn.plan)
    assert set(begun[:3]) == {("create", 0), ("update", 1), ("create", 2)}
    assert begun[3:] == [("delete", 3), ("create", 3)]


def test_the_old_object_stays_when_the_new_one_cannot_come(toy: Any) -> None:
    """A failure before the gap leaves no gap."""
    drawn = toy().add(0, CREATE).add(1, REPLACE, 0, exclusive=True)
    assert _walked(drawn.plan, [("create", 0)]) == [("create", 0)]


def test_its_users_go_no_sooner(toy: Any) -> None:
    """What uses the old object is part of the gap: it waits as well."""
    drawn = toy().add(0, CREATE).add(1, REPLACE, 0, exclusive=True).add(2, REPLACE, 1)
    begun = _walked(drawn.plan)
    assert begun == [("create", 0), ("delete", 2), ("delete", 1), ("create", 1), ("create", 2)]


def test_what_waits_for_the_gap_itself_is_not_waited_for(toy: Any) -> None:
    """Two gaps, one upon the other: the upper goes first, after what the lower one needs."""
    drawn = toy().add(0, CREATE).add(1, REPLACE, 0, exclusive=True)
    drawn.add(2, REPLACE, 1, exclusive=True)
    begun = _walked(drawn.plan)
    assert begun == [("create", 0), ("delete", 2), ("delete", 1), ("create", 1), ("create", 2)]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), size=st.integers(3, 10))
def test_every_step_of_any_plan_with_gaps_is_taken(
    toy: Any, data: st.DataObject, size: int
) -> None:
    """However gaps, changes and new objects hang together, nothing waits in a circle."""
    actions = st.sampled_from((CREATE, UPDATE, REPLACE, None))
    pairs = [(high, low) for high in range(size) for low in range(high)]
    edges = data.draw(st.sets(st.sampled_from(pairs), max_size=16))
    drawn = toy()
    for number in range(size):
        uses = [low for high, low in edges if high == number]
        drawn.add(number, data.draw(actions), *uses, exclusive=data.draw(st.booleans()))
    steps = [step for step in graph(drawn.plan).steps if step.verb is not None]
    begun = _walked(drawn.plan)
    assert len(begun) == len(steps)
    for at, (verb, number) in enumerate(begun):
        if verb == "create":
            needed = {("create", low) for high, low in edges if high == number} & {*begun}
            assert needed <= {*begun[:at]}


def test_a_disk_is_detached_when_the_other_disk_is_there(make: Any, world: Any) -> None:
    """An attachment that moves to a new volume: the volume first, then the gap."""
    world.apply([make.claim("old"), make.attachment("old")])
    wanted = [make.claim("old"), make.claim("new"), make.attachment("new")]
    assert world.apply(wanted).ok
    assert _writes(world) == ["create memory.disk", DETACH, ATTACH]
    world.check_settled(wanted)


def test_a_disk_stays_attached_when_the_other_disk_cannot_be_made(make: Any, world: Any) -> None:
    """No quota for the new volume: the old one is at work until there is."""
    before = [make.claim("old"), make.attachment("old")]
    world.apply(before)
    attached = world.cloud.one("memory.attachment")
    world.cloud.rules.quotas = {"memory.disk": 1}
    wanted = [make.claim("old"), make.claim("new"), make.attachment("new")]
    assert not world.apply(wanted).ok
    assert world.cloud.one("memory.attachment") == attached
    world.cloud.rules.quotas = Rules().quotas
    assert world.apply(wanted).ok
    world.check_settled(wanted)


def test_another_attachment_takes_over_the_disk_in_one_apply(make: Any, world: Any) -> None:
    """Another name, the same machine or another one: detached first, said in the plan."""
    world.apply([make.claim(), make.attachment(name="mount")])
    for name, host in (("same", "host-1"), ("moved", "host-2")):
        wanted = [make.claim(), make.attachment(name=name, instance=host)]
        (created, _) = world.plan(wanted).changes
        (note,) = created.notes
        assert "is gone" in note
        assert world.apply(wanted).ok
        assert _writes(world) == [DETACH, ATTACH]
        world.check_settled(wanted)


def test_two_attachments_change_their_disks(make: Any, world: Any) -> None:
    """Each takes the other's seat: both leave before either comes."""
    claims = [make.claim("a"), make.claim("b")]
    world.apply([*claims, make.attachment("a", name="one"), make.attachment("b", name="two")])
    swapped = [*claims, make.attachment("b", name="one"), make.attachment("a", name="two")]
    assert world.apply(swapped).ok
    assert _writes(world) == [DETACH, DETACH, ATTACH, ATTACH]
    world.check_settled(swapped)


def test_who_takes_over_takes_the_old_one_along(make: Any, world: Any) -> None:
    """`--only` the new attachment ends the old one; without its end there is no beginning."""
    world.apply([make.claim(), make.attachment(name="mount")])
    wanted = [make.claim(), make.attachment(name="other")]
    only = world.plan(wanted, only=frozenset({"VolumeAttachment/other"}))
    assert [each.action for each in only.changes] == [CREATE, DELETE]
    assert only.along == ("VolumeAttachment/mount",)
    without = world.plan(wanted, exclude=frozenset({"VolumeAttachment/mount"}))
    assert without.empty


def _writes(world: Any) -> list[str]:
    return [f"{each.verb} {each.kind}" for each in world.record.writes]


def _walked(plan: Any, fails: Any = ()) -> list[tuple[str, int]]:
    """(verb, number) of every step begun, one at a time."""
    frontier = Frontier(graph(plan))
    begun = []
    for step in frontier.take():
        well = not frontier.broken(step)
        if well and step.verb:
            this = (step.verb, int(step.kind.removeprefix("toy.n")))
            begun.append(this)
            well = this not in fails
        frontier.ended(step, well=well)
    return begun
