"""One stack on several targets: what is known of one is nothing that is known of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.testing.memory import forget, world

ADDRESS = {"address": "10.0.0.1"}
SPEC: list[dict[str, Any]] = [
    {
        "kind": "VolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    },
    {
        "kind": "LoadBalancer",
        "metadata": {"name": "web"},
        "spec": {"ports": [{"port": 80}], "backends": [{"name": "a", "addresses": [ADDRESS]}]},
    },
]
WORLDS = ("staging", "prod")


@pytest.fixture
def on(tmp_path: Path) -> Any:
    """The same stack and the same store, on the target of that name."""
    config = {"targets": {name: {"provider": "memory", "world": name} for name in WORLDS}}

    def stack(target: str) -> Stack:
        return Stack("shop", target, config=config, store=tmp_path / "store.db")

    yield stack
    for each in WORLDS:
        forget(each)


def test_a_stack_that_stands_on_one_target_is_new_on_another(on: Any) -> None:
    """Nothing there is taken for lost or changed; afterwards both have all of it, and stay so."""
    with on("staging") as staging, on("prod") as prod:
        assert staging.apply(SPEC).ok
        plan = prod.plan(SPEC)
        assert {each.action.value for each in plan.changes} == {"create"}
        assert prod.apply(plan)["VolumeClaim/data"].phase == "Bound"
        assert staging.plan(SPEC).empty
        assert prod.plan(SPEC).empty
        assert staging.drift() == prod.drift() == ()


def test_what_vanished_on_one_target_is_lost_there_and_nowhere_else(on: Any) -> None:
    """Also when the other one was applied in between: data is not made anew, empty."""
    with on("staging") as staging, on("prod") as prod:
        for stack in (staging, prod):
            assert stack.apply(SPEC).ok
        disks = world("prod")
        disks.remove(disks.one("memory.disk"))
        assert staging.apply(SPEC)["VolumeClaim/data"].phase == "Bound"
        assert prod.apply(SPEC)["VolumeClaim/data"].phase == "Lost"
        assert disks.objects("memory.disk") == ()


def test_each_target_has_its_own_history(on: Any) -> None:
    """And its own end: to delete the stack on one leaves it on the other."""
    with on("staging") as staging, on("prod") as prod:
        staging.apply(SPEC)
        prod.apply(SPEC[1:])
        staging.delete(allow_data_loss=["VolumeClaim/data"])
        assert [each.action for each in staging.history()] == ["apply", "delete"]
        assert [each.action for each in prod.history()] == ["apply"]
        assert world("staging").objects() == ()
        assert prod.plan(SPEC[1:]).empty
        assert staging.garbage().strays == prod.garbage().strays == ()
