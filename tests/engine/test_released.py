"""What a claim leaves behind: Released volumes, incarnations, and volumes as large as they were."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import ClaimRef
from cloudabstract.provider import CLAIM, INCARNATION, RELEASED

lost = pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])


@lost
def test_a_volume_whose_claim_is_gone_is_released(make: Any, world: Any, lost: bool) -> None:
    """It is not Available: another claim does not get another's data."""
    archive = make.volume("archive")
    world.apply([make.claim("a", volume_class_name=""), archive])
    assert world.apply([archive])["Volume/archive"].phase == "Released"
    if lost:
        world.forget()
    report = world.apply([archive, make.claim("b", volume_class_name="")])
    assert report["VolumeClaim/b"].phase == "Pending"
    assert report["Volume/archive"].phase == "Released"
    assert world.cloud.one("memory.disk").owner[CLAIM] == "VolumeClaim/a"


@lost
def test_the_same_claim_gets_its_released_volume_back(make: Any, world: Any, lost: bool) -> None:
    """Nobody else's claim is meant by the reservation."""
    archive, claim = make.volume("archive"), make.claim("a", volume_class_name="")
    world.apply([claim, archive])
    world.apply([archive])
    if lost:
        world.forget()
    assert world.apply([claim, archive])["VolumeClaim/a"].volume_name == "archive"


def test_a_claim_ref_makes_a_released_volume_anothers(make: Any, world: Any) -> None:
    """What clears a reservation is a new one, by hand."""
    world.apply([make.claim("a", volume_class_name=""), make.volume("archive")])
    world.apply([make.volume("archive")])
    given = make.volume("archive", claim_ref=ClaimRef("b"))
    report = world.apply([make.claim("b", volume_class_name=""), given])
    assert (report["VolumeClaim/b"].volume_name, report["Volume/archive"].phase) == (
        "archive",
        "Bound",
    )


@lost
def test_a_volume_stays_as_large_as_its_claim_made_it(make: Any, world: Any, lost: bool) -> None:
    """Taking the claim away is not asking for a smaller volume."""
    expandable = make.storage_class("big")
    archive = make.volume("archive", volume_class_name="big")
    world.apply([make.claim(volume_class_name="big"), archive, expandable])
    world.apply([make.claim(size=3 * make.GIB, volume_class_name="big"), archive, expandable])
    assert world.cloud.one("memory.disk").fields["size"] == 3 * make.GIB
    if lost:
        world.forget()
    report = world.apply([archive, expandable])
    assert (report.ok, report["Volume/archive"].capacity) == (True, 3 * make.GIB)
    world.check_settled([archive, expandable])


@lost
def test_a_retained_volume_of_a_claim_is_never_given_to_its_namesake(
    make: Any, world: Any, lost: bool
) -> None:
    """A claim of the same name later gets a volume of its own, of the next incarnation."""
    keeps = make.storage_class("keeps", reclaim_policy="Retain")
    claim = make.claim(volume_class_name="keeps")
    for turn in range(3):
        world.apply([keeps, claim])
        world.check_settled([keeps, claim])
        live = [each for each in world.cloud.objects() if RELEASED not in each.owner]
        assert [each.owner.get(INCARNATION, "0") for each in live] == [str(turn)]
        if lost:
            world.forget()
        assert world.apply([keeps]).ok
    assert len(world.ids) == 3
    assert all(each.owner[RELEASED] == "shop" for each in world.cloud.objects())


def test_a_hand_made_volume_is_taken_back(make: Any, world: Any) -> None:
    """Named again, a volume that was released is adopted, with what it has on it."""
    archive = make.volume("archive")
    world.apply([archive])
    disk = world.cloud.one("memory.disk")
    world.apply([])
    assert world.cloud.one("memory.disk").owner[RELEASED] == "shop"
    (change,) = world.plan([archive]).changes
    assert change.action.value == "adopt"
    world.apply([archive])
    assert world.cloud.one("memory.disk").id == disk.id
    world.check_settled([archive])


def test_what_uses_a_volume_that_is_taken_back_is_made_with_it(make: Any, world: Any) -> None:
    """A snapshot of an adopted volume does not wait for the next turn."""
    archive = make.volume("archive")
    world.apply([archive])
    world.apply([])
    spec = [archive, make.claim(volume_class_name=""), make.attachment()]
    assert world.apply(spec).ok
    world.check_settled(spec)


def test_a_released_volume_says_nothing_about_a_restore(make: Any, world: Any) -> None:
    """A claim whose volume was released before is new: its missing source is an error again."""
    keeps = make.storage_class("keeps", reclaim_policy="Retain")
    world.apply([keeps, make.claim(volume_class_name="keeps")])
    world.apply([keeps])
    world.apply([keeps])
    restored = make.claim(volume_class_name="keeps", data_source=make.source("gone"))
    assert [each.code for each in world.plan([keeps, restored]).rejections] == ["CL004"]
