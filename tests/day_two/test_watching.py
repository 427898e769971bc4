"""A watch brings back what was changed, and leaves to people what only people should do."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine.keeping.reconcile import Pace
from cloudabstract.errors import LeaseError, SpecError
from cloudabstract.model import Port
from cloudabstract.testing.faults import Deny

World, Make, Watching = Any, Any, Any  # see conftest.py


def whys(turn: Any) -> list[tuple[str, str]]:
    """Why each part was left out."""
    return [(each.change.part.kind, each.why.value) for each in turn.report.plan.left_out]


def test_what_was_changed_behind_its_back_is_back_within_a_turn(
    world: World, make: Make, watching: Watching
) -> None:
    """A field, an object, a label: each is as it was after one more turn."""
    with watching(make.balancer(), make.claim()) as watch:
        assert watch.turn().report.ok
        pool = world.only("memory.pool")
        world.cloud.edit(pool, draining_seconds=1)
        world.cloud.remove(world.only("memory.listener"))
        world.cloud.relabel(world.only("memory.address"), {})
        turn = watch.turn()
        assert turn.drift == {"LoadBalancer/web": 3}
        assert turn.exit_code == 0
    assert world.only("memory.pool").fields["draining_seconds"] == 30
    assert world.only("memory.listener").owner["stack"] == "shop"
    assert world.only("memory.address").owner["stack"] == "shop"
    assert world.plan(make.balancer(), make.claim()).empty


def test_a_deleted_volume_is_lost_and_not_made_anew(
    world: World, make: Make, watching: Watching
) -> None:
    """Not even by a watch that was started with the loss of its data agreed to."""
    with watching(make.claim(), yes=True, losses=["VolumeClaim/data"]) as watch:
        watch.turn()
        world.cloud.remove(world.only("memory.disk"))
        for _ in range(3):
            turn = watch.turn()
            assert turn.report["VolumeClaim/data"].phase == "Lost"
            assert turn.drift == {"VolumeClaim/data": 1}
            assert whys(turn) == [("memory.disk", "consent")]
    assert world.cloud.objects("memory.disk") == ()


def test_drift_that_only_a_replacement_cures_takes_a_person(
    world: World, make: Make, watching: Watching
) -> None:
    """An address would change, so it is told, whatever the watch was started with."""
    with watching(make.balancer(), yes=True) as watch:
        watch.turn()
        before = world.ids
        world.cloud.edit(world.only("memory.address"), routability="Internal")
        turn = watch.turn()
        assert ("memory.address", "consent") in whys(turn)
        assert turn.exit_code == 6
        assert world.ids == before
    assert world.apply(make.balancer()).ok
    assert world.only("memory.address").fields["routability"] == "External"


@pytest.mark.parametrize("yes", [False, True])
def test_destruction_that_the_spec_asks_for_takes_a_flag(
    world: World, make: Make, watching: Watching, yes: bool
) -> None:
    """A port leaves the spec: its listener goes if --yes was given, else it is left out."""
    both = make.balancer(ports=(Port(80, "http"), Port(81, "more")))
    with watching(both, yes=yes) as watch:
        watch.turn()
        watch.source.write(make.balancer(ports=(Port(80, "http"),)))
        turn = watch.turn()
        assert bool(whys(turn)) is not yes
        watch.turn()
    ports = [each.fields["port"] for each in world.cloud.objects("memory.listener")]
    assert sorted(ports) == ([80] if yes else [80, 81])


def test_what_waits_for_a_person_is_not_taken_for_drift_later(
    world: World, make: Make, watching: Watching
) -> None:
    """History says what was applied, so the next turns still know that the spec asks for it."""
    with watching(make.balancer()) as watch:
        watch.turn()
        watch.source.write(make.balancer(routability="Internal"))
        for _ in range(2):
            turn = watch.turn()
            assert {why for _, why in whys(turn)} <= {"consent", "needs"}
            assert turn.drift == {}
    assert world.apply(make.balancer(routability="Internal")).ok


def test_data_goes_only_by_name(world: World, make: Make, watching: Watching) -> None:
    """--yes alone deletes no volume."""
    with watching(make.claim(), yes=True) as watch:
        watch.turn()
        watch.source.write()
        assert whys(watch.turn()) == [("memory.disk", "consent")]
    with watching(yes=True, losses=["VolumeClaim/data"]) as watch:
        assert watch.turn().exit_code == 0
    assert world.cloud.objects("memory.disk") == ()


def test_drift_is_only_reported_where_the_resource_wants_it_so(
    world: World, make: Make, watching: Watching
) -> None:
    """A watch leaves it; a person's apply repairs it."""
    web = make.balancer(notes={"drift": "report"})
    with watching(web, make.claim()) as watch:
        watch.turn()
        world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
        turn = watch.turn()
        assert whys(turn) == [("memory.pool", "report")]
        assert turn.drift == {"LoadBalancer/web": 1}
        assert turn.exit_code == 0
        watch.source.write(make.balancer("web", 7, notes={"drift": "report"}), make.claim())
        assert watch.turn().report.ok  # a changed spec is not drift
    members = world.only("memory.members").fields["members"]
    assert [each["address"] for each in members] == ["10.0.0.7"]


def test_management_policies_hold(world: World, make: Make, watching: Watching) -> None:
    """What may only be observed is not repaired."""
    world.apply(make.balancer())
    watched = make.balancer(management_policies=("Observe",))
    with watching(watched) as watch:
        watch.turn()
        world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
        assert watch.turn().report.outcomes == ()
    assert world.only("memory.pool").fields["draining_seconds"] == 1


def test_one_resource_that_the_target_cannot_do_stops_no_other(
    world: World, make: Make, watching: Watching
) -> None:
    """The balancer is refused and told, the volume is made; a single turn would exit with 5."""
    with watching(make.balancer(load_balancer_class="l9"), make.volume()) as watch:
        turn = watch.turn()
        assert {why for _, why in whys(turn)} == {"rejected"}
        assert turn.exit_code == 5
    assert {each.kind for each in world.cloud.objects()} == {"memory.disk"}


def test_a_broken_spec_leaves_the_last_good_one_in_force(
    world: World, make: Make, watching: Watching
) -> None:
    """It is told, and healing goes on; the first spec of a watch must be valid."""
    with watching(make.balancer()) as watch:
        watch.turn()
        watch.source.spoil()
        world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
        turn = watch.turn()
        assert isinstance(turn.error, SpecError)
        assert turn.report.ok
        assert not turn.well
    assert world.only("memory.pool").fields["draining_seconds"] == 30
    with watching(make.balancer()) as watch, pytest.raises(SpecError):
        watch.source.broken = True
        watch.turn()


def test_a_turn_comes_every_interval_and_at_once_when_the_spec_changes(
    world: World, make: Make, watching: Watching
) -> None:
    """30 s apart, but a second after somebody has written."""
    with watching(make.balancer()) as watch:
        watch.run(3)
        at = [each.at for each in watch.turns]
        assert [at[1] - at[0], at[2] - at[1]] == [30.0, 30.0]
    with watching(make.balancer()) as watch:
        watch.after = lambda turn: watch.source.write(make.balancer("web", 9))
        watch.run(2)
        assert watch.turns[1].at - watch.turns[0].at == 1.0


def test_the_lease_is_held_for_life_and_handed_over(
    world: World, make: Make, watching: Watching
) -> None:
    """An apply meanwhile is refused with exit 4 and told by whom; afterwards it goes."""
    refused: list[LeaseError] = []

    def apply(turn: Any) -> None:
        try:
            world.apply(make.balancer("web", 9))
        except LeaseError as error:
            refused.append(error)

    world.ttl = 60.0
    with watching(make.balancer()) as watch:
        watch.after = apply
        watch.run(2)
    assert len(refused) == 2
    assert "is held by test@" in str(refused[0])
    assert refused[0].exit_code == 4
    assert world.apply(make.balancer("web", 9)).ok


def test_a_shared_lease_lets_others_in_between_turns(
    world: World, make: Make, watching: Watching
) -> None:
    """With `share` an apply between two turns goes; the next turn knows what it did."""
    world.ttl = 60.0
    with watching(make.balancer(), pace=Pace(share=True)) as watch:
        watch.after = lambda turn: world.apply(make.balancer("web", 9))
        watch.run(2)
    assert [each.error for each in watch.turns] == [None, None]


def test_a_target_that_cannot_be_read_makes_turns_rarer(
    world: World, make: Make, watching: Watching
) -> None:
    """The turn fails and is told; nothing is concluded from what was not seen."""
    with watching(make.balancer()) as watch:
        watch.turn()
        world.cloud.rules.denied = frozenset({"memory.pool:list"})
        watch.run(8)
        gaps = [b.at - a.at for a, b in zip(watch.turns[1:], watch.turns[2:], strict=False)]
        assert gaps[0] == 30.0
        assert gaps[-1] == 300.0
        assert all(each.error is not None for each in watch.turns[1:])
    assert len(world.cloud.objects("memory.pool")) == 1


def test_a_lost_lease_ends_the_watch(world: World, make: Make, watching: Watching) -> None:
    """Another has taken the stack: exit 4, and nothing more is written."""
    world.ttl = 60.0

    def steal(turn: Any) -> None:
        world.clock.advance(120.0)
        with world.engine() as other, other.holding():
            pass

    with watching(make.balancer()) as watch:
        watch.after = steal
        with pytest.raises(LeaseError):
            watch.run(3)


def test_stopping_in_the_middle_finishes_the_call_in_flight(
    world: World, make: Make, watching: Watching
) -> None:
    """What has begun is recorded; the rest is not begun; the lease is free."""

    class StopAt(Deny):
        def before(self, call: Any) -> None:
            if call.writes and call.number == 2:
                watch.reconciler.stop()

    with watching(make.balancer(), make.volume(), faults=(StopAt(99),)) as watch:
        watch.reconciler.run()
        assert watch.turns[0].report.interrupted
    assert len(world.cloud.objects()) < 6
    assert world.apply(make.balancer(), make.volume()).ok
