"""Looking: in batches, parents first; unread is not absent, and what lags is waited for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.finding.observe import Observed, levels
from cloudabstract.errors import CallError, ErrorCode
from cloudabstract.provider import Found, Health, Kind
from cloudabstract.testing.calls import Call, Fault, Injected
from cloudabstract.testing.faults import Blind, HalfRead, StopAfter


@given(edges=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_levels_put_users_after_what_they_use(edges: set[tuple[int, int]]) -> None:
    """Each kind once; a user later than what it uses, unless they use each other in a circle."""
    kinds = [
        Kind(f"k{n}", uses=tuple(f"k{used}" for user, used in sorted(edges) if user == n))
        for n in range(7)
    ]
    depth = {kind.name: at for at, level in enumerate(levels(kinds)) for kind in level}
    assert len(depth) == 7
    reached = {
        kind.name: _reached(kind.name, {each.name: each for each in kinds}) for kind in kinds
    }
    for kind in kinds:
        for used in kind.uses:
            circle = kind.name in reached[used]
            assert depth[used] < depth[kind.name] or (circle and depth[used] == depth[kind.name])


def test_a_look_in_batches_costs_one_call_for_each_kind_and_place(make: Any, world: Any) -> None:
    """However many objects there are."""
    world.apply([make.volume(f"v{number}") for number in range(30)])
    world.plan([make.volume(f"v{number}") for number in range(30)])
    assert len(world.record.reads) == len(world.provider.kinds) * len(world.cloud.places)


def test_a_kind_that_cannot_be_read_at_all_is_unread(make: Any, world: Any) -> None:
    """A time-out while reading is not absence."""

    class Silent(Fault):
        def before(self, call: Call) -> None:
            if call.verb == "observe" and call.kind == "memory.pool":
                raise Injected(ErrorCode.UNKNOWN, "no answer")

    world.apply([make.balancer()])
    with world.engine(Silent()) as engine:
        plan = engine.plan([make.balancer()])
    assert plan.changes == ()
    assert {each.code for each in plan.objections} == {"ST004"}


@pytest.mark.parametrize("code", [ErrorCode.DENIED, ErrorCode.INVALID])
def test_what_may_not_be_read_is_an_error(make: Any, world: Any, code: ErrorCode) -> None:
    """No plan can be made without it; the message says what was read, and where."""

    class Denied(Fault):
        def before(self, call: Call) -> None:
            if call.verb == "observe":
                raise Injected(code, "not permitted")

    with (
        world.engine(Denied()) as engine,
        pytest.raises(CallError, match=r"observe memory\.\w+ in"),
    ):
        engine.plan([make.balancer()])


def test_a_lost_store_is_not_refilled_from_half_a_listing(make: Any, world: Any) -> None:
    """A binding that was not read would be made anew, with another volume."""
    world.apply([make.claim(volume_class_name=""), make.volume()])
    world.forget()
    with world.engine(HalfRead("memory.disk")) as engine, pytest.raises(CallError):
        engine.plan([make.claim(volume_class_name=""), make.volume()])


def test_permissions_that_end_while_waiting_end_the_wait_not_the_walk(
    make: Any, world: Any
) -> None:
    """Polling is denied: the object is waited for in vain, and the rest has its outcome."""

    class Denied(Fault):
        def before(self, call: Call) -> None:
            if call.verb == "observe" and len(world.record.writes) > 1:
                raise Injected(ErrorCode.DENIED, "not permitted")

    world.cloud.rules.delay = 30.0
    report = world.apply([make.balancer(), make.volume()], Denied())
    assert (report.ok, report.exit_code) == (False, 8)
    assert len(report.outcomes) == len(report.plan.changes)
    assert world.apply([make.balancer(), make.volume()]).ok
    world.check_settled([make.balancer(), make.volume()])


def test_what_lags_is_looked_for_again(make: Any, worlds: Any) -> None:
    """Memory says that it was made: it is waited for, as long as its kind may take."""
    with worlds(lag=3) as world:
        blind = Blind(3)
        assert world.crash([make.volume()], blind, StopAfter(1))
        slept = world.clock.slept
        with world.engine(blind) as engine:
            assert engine.plan([make.volume()]).empty
        assert 0 < world.clock.slept - slept <= 16


def test_what_was_never_made_is_not_waited_for(make: Any, worlds: Any) -> None:
    """A first plan sleeps for nothing."""
    with worlds(lag=3) as world:
        slept = world.clock.slept
        assert not world.plan([make.volume(), make.balancer()]).empty
        assert world.clock.slept == slept


def test_what_we_deleted_is_set_apart_until_it_is_ready_again() -> None:
    """Still listed as PENDING, it is on its way out; READY, it is there after all."""
    found = Found("k", "1", "n", "here", {}, {}, Health.PENDING)
    key = ("k", "here", "1")
    seen = Observed((found,)).refreshed((), frozenset({key}))
    assert (seen.found, seen.leaving) == ((), frozenset({key}))
    back = Found("k", "1", "n", "here", {}, {}, Health.READY)
    assert seen.refreshed((back,), frozenset({key})).found == (back,)
    assert Observed((found,)).refreshed(()).found == (found,)


def _reached(name: str, kinds: dict[str, Kind]) -> set[str]:
    reached: set[str] = set()
    left = [name]
    while left:
        fresh = set(kinds[left.pop()].uses) - reached
        reached |= fresh
        left.extend(fresh)
    return reached
