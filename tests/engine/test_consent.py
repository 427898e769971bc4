"""What a person must agree to, and by which exit code it is withheld."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine import Action, Change, Consent, Plan
from cloudabstract.engine.planning.consent import losses, require
from cloudabstract.errors import CapabilityError, ConsentError
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Effect, Objection, PartKey, Severity

YES = Consent(yes=True)


@pytest.mark.parametrize(
    ("action", "effect", "asks"),
    [
        (Action.CREATE, Effect.NONE, False),
        (Action.UPDATE, Effect.IN_PLACE, False),
        (Action.UPDATE, Effect.DRAINS, False),
        (Action.ADOPT, Effect.NONE, False),
        (Action.UPDATE, Effect.ADDRESS, True),
        (Action.DELETE, Effect.NONE, True),
        (Action.REPLACE, Effect.DRAINS, True),
        (Action.RELEASE, Effect.NONE, True),
    ],
)
def test_destruction_needs_a_yes(action: Action, effect: Effect, asks: bool) -> None:
    """Deleting, replacing, releasing, and a change of address; nothing else."""
    plan = _plan(_change(action, effect))
    if asks:
        with pytest.raises(ConsentError, match="--yes") as refused:
            require(plan, Consent())
        assert refused.value.exit_code == 6
    else:
        require(plan, Consent())
    require(plan, YES)


def test_the_loss_of_data_needs_its_name() -> None:
    """By the claim's name or the volume's own; every one of them."""
    plan = _plan(
        _change(Action.DELETE, precious=True, claim="VolumeClaim/data"),
        _change(Action.DELETE, precious=True, name="b"),
        _change(Action.RELEASE, precious=True, name="kept"),
    )
    assert losses(plan, YES) == ["Volume/b", "VolumeClaim/data"]
    for named in ({"VolumeClaim/data"}, {"Volume/b"}, {"Volume/other"}):
        with pytest.raises(ConsentError, match="--allow-data-loss"):
            require(plan, Consent(True, frozenset(named)))
    require(plan, Consent(True, frozenset({"VolumeClaim/data", "Volume/b"})))


def test_naming_data_is_no_yes() -> None:
    """Both consents are needed."""
    plan = _plan(_change(Action.DELETE, precious=True, name="b"))
    with pytest.raises(ConsentError):
        require(plan, Consent(data_loss=frozenset({"Volume/b"})))


@pytest.mark.parametrize(
    ("code", "error", "exit_code"),
    [
        ("LB003", CapabilityError, 5),
        ("ST001", CapabilityError, 5),
        ("VO001", CapabilityError, 5),
        ("VO012", ConsentError, 6),
        ("ST002", ConsentError, 6),
        ("ST003", ConsentError, 6),
    ],
)
def test_a_rejection_is_withheld_whatever_anybody_says(
    code: str, error: type[Exception], exit_code: int
) -> None:
    """What cannot be done exits 5, what must not be done exits 6."""
    plan = _plan(objections=(Objection(code, "spec", "no", resource="Volume/b"),))
    with pytest.raises(error) as refused:
        require(plan, Consent(True, frozenset({"Volume/b"})))
    assert refused.value.exit_code == exit_code  # type: ignore[attr-defined]


def test_what_only_degrades_is_no_reason_to_stop() -> None:
    """It is told, and goes on."""
    weak = Objection("VO014", "spec", "no", severity=Severity.DEGRADE)
    require(_plan(objections=(weak,)), Consent())


def test_every_rejection_is_told_at_once() -> None:
    """With resource, field, code and the way out."""
    both = (
        Objection("LB003", "spec.ports[0]", "no SCTP", "use TCP", resource="LoadBalancer/web"),
        Objection("VO008", "spec.capacity", "too large", resource="Volume/b"),
    )
    with pytest.raises(CapabilityError) as refused:
        require(_plan(objections=both), YES)
    assert [each.code for each in refused.value.problems] == ["LB003", "VO008"]
    assert "hint: use TCP" in str(refused.value)


def test_nothing_is_touched_before_consent(make: Any, world: Any) -> None:
    """Withheld: no call, no revision, and the lease is free again."""
    world.apply([make.balancer()])
    with world.engine() as engine, pytest.raises(ConsentError):
        engine.run([], lambda plan: Consent())
    assert world.record.writes == []
    assert world.apply([make.balancer()]).ok


def _change(action: Action, effect: Effect = Effect.NONE, name: str = "a", **more: Any) -> Change:
    part = PartKey(ResourceKey("Volume", name), "toy.disk", "volume")
    return Change(action, part, "here", name, effect, **more)


def _plan(*changes: Change, objections: tuple[Objection, ...] = ()) -> Plan:
    return Plan("shop", "toy", changes, objections)
