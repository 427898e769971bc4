"""Claims of one spec and their volumes: found, made, or Pending with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine.wanting.binding import Before, Consumers, bind_all
from cloudabstract.engine.wanting.classes import classes_of
from cloudabstract.model import ClaimRef, ResourceKey, Selector
from cloudabstract.provider import Host

NOTHING = Before({}, {})


def test_a_claim_without_a_class_gets_the_default_one(make: Any, world: Any) -> None:
    """Unset is the default class; its volume is made for the claim."""
    bound = _bind(world, make.claim())
    assert bound.made
    assert bound.volume.spec.volume_class_name == "standard"


def test_a_claim_of_the_empty_class_finds_and_never_makes(make: Any, world: Any) -> None:
    """'' is no class: only volumes without one, and none is made."""
    assert _bind(world, make.claim(volume_class_name="")).why.code == "CL001"
    bound = _bind(world, make.claim(volume_class_name=""), make.volume("old"))
    assert (bound.made, bound.volume.metadata.name) == (False, "old")


def test_a_claim_of_a_class_passes_classless_volumes_over(make: Any, world: Any) -> None:
    """The class must be equal, to the letter; so a volume is made."""
    bound = _bind(world, make.claim(volume_class_name="fast"), make.volume("old"))
    assert (bound.made, bound.volume.spec.performance.tier) == (True, "fast")
    assert [each.failed for each in bound.verdicts] == ["class"]


def test_a_default_class_of_the_spec_goes_before_the_built_in_one(make: Any, world: Any) -> None:
    """By its field, or by the annotation that Kubernetes knows."""
    ours = make.storage_class("ours", default=True)
    assert _bind(world, make.claim(), ours).volume.spec.volume_class_name == "ours"


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"volume_name": "none"}, "CL001", "spec.volumeName"),
        ({"selector": Selector(match_labels={"a": "b"})}, "CL002", "spec.selector"),
        ({"volume_class_name": ""}, "CL001", "spec.volumeClassName"),
        ({"volume_class_name": "none"}, "CL006", "spec.volumeClassName"),
        ({"volume_class_name": "static"}, "CL001", "spec.volumeClassName"),
        ({"volume_class_name": "later"}, "CL005", "spec.volumeClassName"),
    ],
)
def test_a_claim_that_nothing_fits_is_pending_and_says_why(
    make: Any, world: Any, asked: dict[str, Any], code: str, field: str
) -> None:
    """Pending is no error: the rest of the plan goes on."""
    static = make.storage_class("static", provisioner="kubernetes.io/no-provisioner")
    later = make.storage_class("later", volume_binding_mode="WaitForFirstConsumer")
    bound = _bind(world, make.claim(**asked), static, later)
    assert bound.volume is None
    assert (bound.why.code, bound.why.field, bound.why.severity.value) == (code, field, "degrade")


def test_a_pending_claim_binds_when_a_volume_appears(make: Any, world: Any) -> None:
    """The next turn with a volume that fits is enough."""
    claim = make.claim(selector=Selector(match_labels={"tier": "gold"}))
    report = world.apply([claim])
    assert (report["VolumeClaim/data"].phase, report["VolumeClaim/data"].reason) == (
        "Pending",
        "Pending",
    )
    gold = make.volume("gold", labels={"tier": "gold"}, volume_class_name="standard")
    report = world.apply([claim, gold])
    assert (report["VolumeClaim/data"].phase, report["VolumeClaim/data"].volume_name) == (
        "Bound",
        "gold",
    )


def test_a_class_that_waits_makes_the_volume_where_the_consumer_is(make: Any, world: Any) -> None:
    """The first VolumeAttachment that names the claim is the consumer."""
    later = make.storage_class("later", volume_binding_mode="WaitForFirstConsumer")
    claim = make.claim(volume_class_name="later")
    assert world.apply([later, claim])["VolumeClaim/data"].phase == "Pending"
    report = world.apply([later, claim, make.attachment(instance="host-2")])
    assert report["VolumeClaim/data"].phase == "Bound"
    assert world.cloud.one("memory.disk").place == "here-b"


def test_two_claims_never_share_a_volume(make: Any, world: Any) -> None:
    """Binding is one to one: the second claim gets the next volume, or waits."""
    claims = [make.claim(name, volume_class_name="") for name in ("a", "b", "c")]
    bound = _bind_all(world, *claims, make.volume("one"), make.volume("two"))
    assert [each.volume and each.volume.metadata.name for each in bound] == ["one", "two", None]


def test_a_volume_reserved_for_a_claim_waits_for_it(make: Any, world: Any) -> None:
    """A claimRef keeps other claims out, and brings its own claim in."""
    reserved = make.volume("reserved", claim_ref=ClaimRef("mine"))
    other, mine = _bind_all(
        world,
        make.claim("a", volume_class_name=""),
        make.claim("mine", volume_class_name=""),
        reserved,
    )
    assert other.volume is None
    assert mine.volume.metadata.name == "reserved"


def test_claims_are_bound_in_the_order_of_their_names(make: Any, world: Any) -> None:
    """Not in the order in which documents happen to be read."""
    claims = [make.claim(name, volume_class_name="") for name in ("b", "a")]
    for order in (claims, claims[::-1]):
        bound = {each.claim.key.name: each for each in _bind_all(world, *order, make.volume("v"))}
        assert (bound["a"].volume is not None, bound["b"].volume) == (True, None)


def _bind(world: Any, *resources: Any) -> Any:
    return _bind_all(world, *resources)[0]


def _bind_all(world: Any, *resources: Any) -> list[Any]:
    classes = classes_of(resources, world.provider.classes)
    consumers = Consumers.of(resources, [Host("host-1", "10.0.0.9", zone="here-a")])
    bindings = bind_all(resources, classes, NOTHING, consumers)
    return [bindings[key] for key in sorted(bindings, key=ResourceKey.__str__)]
