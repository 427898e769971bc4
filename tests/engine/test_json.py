"""Values survive JSON, and the same question has the same answer, to the byte."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Change, Consent, Outcome, Plan
from cloudabstract.engine.planning import stale
from cloudabstract.engine.planning.saved import Saved
from cloudabstract.errors import StaleError
from cloudabstract.model import codec
from cloudabstract.store import Memory, Store

CHANGE_KEYS = {
    "action", "kind", "resource", "part", "name", "place", "effect", "reason", "fields", "notes",
    "id", "version", "replaces", "gap", "drift", "claim",
}  # fmt: skip


def _spec(make: Any) -> list[Any]:
    return [make.balancer(), make.claim(), make.snapshot(), make.attachment(), make.volume()]


def test_two_plans_of_one_world_are_equal_to_the_byte(make: Any, world: Any) -> None:
    """New, changed, deleted: nothing but the input goes in."""
    before = [make.balancer("old"), make.claim()]
    for spec in (before, _spec(make)):
        assert _text(world.plan(spec)) == _text(world.plan(spec))
        assert world.plan(spec) == world.plan(spec)
        world.apply(spec)


def test_two_processes_make_the_same_plan() -> None:
    """Whatever order their hashes have."""
    code = """
import json, sys
from pathlib import Path
from tempfile import TemporaryDirectory
from cloudabstract.engine import Engine
from cloudabstract.model import *
from cloudabstract.store import Store
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings
clock = FakeClock()
provider = MemoryProvider(MemorySettings(), Cloud(clock))
pools = tuple(BackendPool(name, (Member("10.0.0.5"),)) for name in "cab")
ports = tuple(Port(80 + n, f"p{n}", backend="cab"[n % 3]) for n in range(6))
spec = [LoadBalancer(Metadata(f"w{n}"), LoadBalancerSpec(ports, backends=pools)) for n in range(3)]
with TemporaryDirectory() as folder, Store.open(Path(folder) / "s.db", clock) as store:
    engine = Engine(provider, provider.connect(), store, stack="shop", clock=clock)
    print(json.dumps(engine.plan(spec).as_json()))
"""
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1
    assert json.loads(answers.pop())["summary"]["add"] == 3 * (1 + 1 + 6 + 6 + 6)


def test_a_plan_in_json_is_as_documented(make: Any, world: Any) -> None:
    """Keys, nothing that JSON cannot carry, and the counts."""
    plan = json.loads(_text(world.plan(_spec(make))))
    assert {"stack", "target", "changes", "objections", "summary"} <= plan.keys()
    assert all(each.keys() >= CHANGE_KEYS for each in plan["changes"])
    assert plan["summary"] == {"add": 9, "change": 0, "destroy": 0, "release": 0}
    (field,) = [
        each["fields"]["pool"] for each in plan["changes"] if each["part"].endswith(":80-tcp")
    ]
    assert field == {"from": None, "to": "(known after apply)"}


def test_changes_and_outcomes_survive_json(make: Any, world: Any) -> None:
    """Written and read again, they are equal."""
    world.cloud.rules.denied = frozenset({"memory.listener:create"})
    report = world.apply(_spec(make))
    for change in report.plan.changes:
        assert codec.from_json(Change, _wire(codec.to_json(change))) == change
    for outcome in report.outcomes:
        assert codec.from_json(Outcome, _wire(codec.to_json(outcome))) == outcome
        told = _wire(outcome.as_json())
        assert told["outcome"] == outcome.stage.value
        assert (told["error"] is None) == (outcome.stage.value == "done")


@pytest.mark.parametrize("stage", ["desired", "observed", "matched", "options", "plan", "report"])
def test_every_value_between_stages_survives_json(make: Any, world: Any, stage: str) -> None:
    """What one stage gives to the next can be written down, read again, and is the same."""
    report = world.apply(_spec(make))
    changed = [make.balancer("web", 5, 6), make.storage_class("own"), make.volume("other")]
    plan = world.plan([*changed, make.claim(size=2 * make.GIB), make.claim("x", 1)])
    value = {"plan": plan, "report": report}.get(stage) or getattr(plan, stage)
    assert codec.from_json(type(value), _wire(codec.to_json(value))) == value


def test_a_plan_that_was_read_again_can_be_applied(make: Any, world: Any) -> None:
    """It is the same plan, so it does the same; the world is asked anew, as always."""
    plan = world.plan(_spec(make))
    again = codec.from_json(Plan, _wire(codec.to_json(plan)))
    assert again.as_json() == plan.as_json()
    with world.engine() as engine:
        assert engine.apply(again, Consent(True)).ok
    world.check_settled(_spec(make))


def test_statuses_survive_json(make: Any, world: Any) -> None:
    """Each of them, as it is printed and as it is kept."""
    for status in world.apply(_spec(make)).statuses.values():
        assert codec.from_json(type(status), _wire(codec.to_json(status))) == status


def test_memory_survives_the_store(make: Any, world: Any) -> None:
    """What a turn learnt is what the next one remembers: settled twice, it is the same."""
    world.apply(_spec(make))
    with Store.open(world.store, world.clock) as store:
        first = store.memory("shop")
    world.apply(_spec(make))
    with Store.open(world.store, world.clock) as store:
        assert _parts(store.memory("shop")) == _parts(first)
    assert first.traces
    assert not first.cold
    assert codec.from_json(Memory, _wire(codec.to_json(first))) == first


def test_a_saved_plan_is_the_plan_that_was_saved(make: Any, world: Any) -> None:
    """Through a file: the same spec, options and changes; applied, it does just that."""
    plan = world.plan(_spec(make))
    raw = _wire(Saved.of(plan).as_json())
    saved = Saved.read(raw, tuple(_spec(make)))
    assert saved.changes == tuple(each.as_json() for each in plan.changes)
    with world.engine() as engine:
        assert engine.apply(saved, Consent(True)).ok
    world.check_settled(_spec(make))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "other"}, "no longer needed"),
        ({"version": "9"}, "version changed"),
        ({"reason": "another"}, "reason changed"),
        ({"action": "delete"}, "no longer needed"),
    ],
)
def test_a_plan_that_is_stale_says_what_is_different(
    make: Any, world: Any, changes: dict[str, str], told: str
) -> None:
    """By object, by version, by anything that was shown."""
    world.apply([make.balancer()])
    shown = [each.as_json() for each in world.plan([make.balancer("web", 5, 6)]).changes]
    fresh = [{**shown[0], **changes}]
    assert stale.changed(shown, shown) == []
    found = stale.changed(shown, fresh)
    assert any(told in each for each in found)
    assert "make a new plan" in str(StaleError(stale.text(found)))


def test_changes_of_one_plan_have_keys_of_their_own(make: Any, world: Any) -> None:
    """Two orphans of one name are two changes."""
    plan = world.plan(_spec(make))
    assert len({each.key for each in plan.changes}) == len(plan.changes)
    one = plan.changes[0]
    assert replace(one, id="1").key != replace(one, id="2").key


def _text(plan: Any) -> str:
    told = plan.as_json()
    told.pop("apiCalls", None)
    return json.dumps(told)


def _wire(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _parts(memory: Memory) -> Any:
    traces = sorted(memory.traces, key=lambda each: each.key)
    return traces, memory.bindings, memory.salts, memory.protected, memory.notes, memory.lives
