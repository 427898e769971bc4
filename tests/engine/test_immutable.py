"""What may not change is refused with its code and field; what only looks like a change is not."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import (
    Encryption,
    Metadata,
    Performance,
    PerformanceChange,
    VolumeAttributesClass,
    VolumeAttributesClassSpec,
)


@pytest.mark.parametrize(
    ("before", "after", "code", "field"),
    [
        (
            "balancer",
            {"load_balancer_class": "l7"},
            "LB002",
            "spec.loadBalancerClass",
        ),
        ("balancer", {"ip_families": ("IPv6",)}, "LB002", "spec.ipFamilies"),
        ("volume", {"access_modes": ("ReadOnlyMany",)}, "VO015", "spec.accessModes"),
        ("volume", {"volume_mode": "Block"}, "VO015", "spec.volumeMode"),
        ("claim", {"volume_class_name": "fast"}, "VO015", "spec.volumeClassName"),
        ("claim", {"volume_name": "other"}, "VO015", "spec.volumeName"),
        ("claim", {"access_modes": ("ReadOnlyMany",)}, "VO015", "spec.accessModes"),
    ],
)
def test_an_immutable_field_cannot_change(
    make: Any, world: Any, before: str, after: dict[str, Any], code: str, field: str
) -> None:
    """LB002 for balancers, VO015 for storage, on the field that changed."""
    build = getattr(make, before)
    world.apply([build()])
    told = [(each.code, each.field) for each in world.plan([build(**after)]).rejections]
    assert (code, field) in told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"volume_class_name": "standard"}),  # the class that it got
        ({"volume_class_name": "standard"}, {}),
        ({}, {"volume_name": "data-2ig3aj"}),  # the volume that it got
        ({"size": 2**30}, {"size": 2**31}),
    ],
)
def test_naming_what_a_claim_got_is_no_change(
    make: Any, world: Any, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """It says what was so already."""
    world.apply([make.claim(**before)])
    assert world.plan([make.claim(**after)]).rejections == ()


def test_the_first_family_is_fixed_and_a_second_may_come(make: Any, world: Any) -> None:
    """Naming the default first family is no change either."""
    world.apply([make.balancer()])
    both = make.balancer(ip_families=("IPv4", "IPv6"), ip_family_policy="PreferDualStack")
    assert world.plan([both]).rejections == ()


def test_a_class_in_use_cannot_change(make: Any, world: Any) -> None:
    """Volumes stand by it; unused it may become what it likes."""
    slow, fast = (
        make.storage_class("mine", performance=Performance(tier)) for tier in ("cold", "fast")
    )
    world.apply([slow])
    assert world.plan([fast]).rejections == ()
    world.apply([slow, make.claim(volume_class_name="mine")])
    told = {
        (each.code, each.resource, each.field)
        for each in world.plan([fast, make.claim(volume_class_name="mine")]).rejections
    }
    assert ("VO015", "VolumeClass/mine", "spec.performance") in told


def test_an_attributes_class_in_use_cannot_change(make: Any, world: Any) -> None:
    """A claim switches between classes; the classes stay what they are."""

    def faster(iops: int) -> VolumeAttributesClass:
        spec = VolumeAttributesClassSpec(PerformanceChange(iops=iops))
        return VolumeAttributesClass(Metadata("faster", ""), spec)

    claim = make.claim(volume_class_name="fast", volume_attributes_class_name="faster")
    world.apply([claim, faster(3000)])
    told = {(each.code, each.resource) for each in world.plan([claim, faster(4000)]).rejections}
    assert told == {("VO015", "VolumeAttributesClass/faster")}


def test_what_does_not_exist_may_still_change(make: Any, world: Any) -> None:
    """A claim that is Pending, a balancer that could not be made."""
    world.apply([make.claim(volume_class_name="none")])
    assert world.plan([make.claim(volume_class_name="fast")]).rejections == ()
    world.cloud.rules.denied = frozenset({"create"})
    world.apply([make.balancer()])
    assert world.plan([make.balancer(load_balancer_class="l7")]).rejections == ()


def test_a_deeper_field_is_named_by_its_path(make: Any, world: Any) -> None:
    """Where exactly the change is."""
    world.apply([make.volume(encryption=Encryption(True))])
    told = [each.field for each in world.plan([make.volume(encryption=Encryption())]).rejections]
    assert "spec.encryption.enabled" in told
