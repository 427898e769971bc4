"""Objects held against the parts that they shall be."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, Kind, Part, PartKey, Ref
from cloudabstract_aws import fitting
from cloudabstract_aws.fitting import Unlike

OWNER = ResourceKey("Volume", "v")
THING, USER = PartKey(OWNER, "thing", "a"), PartKey(OWNER, "user", "b")
KINDS = {
    "thing": Kind("thing", fixed=frozenset({"encrypted", "vpc"}), birth=frozenset({"zone"})),
    "user": Kind("user", uses=("thing",)),
}


def found(kind: str, **fields: Any) -> Found:
    """An object that somebody made."""
    return Found(kind, f"{kind}-1", "theirs", "here", fields, {})


def fit(want: dict[str, Any], **fields: Any) -> fitting.Fit:
    """How a thing with these fields fits."""
    there = {("thing", "a"): found("thing", **fields)}
    return fitting.fit([Part(THING, "here", want)], there, KINDS)


def test_what_is_as_wanted_is_not_told() -> None:
    """Fields that only matter at birth do not count, nor those that nobody asked for."""
    told = fit({"size": 1, "zone": "a"}, size=1, zone="b", colour="red")
    assert (told.ignored, told.unsaid) == ((), ())
    assert set(told.parts) == {("thing", "a")}


def test_what_can_change_is_left_as_it_is_and_told() -> None:
    """By kind and field, with the value that it has."""
    told = fit({"size": 2, "words": {"a": 1, "b": 2}}, size=1, words={"a": 1, "b": 3})
    assert told.ignored == ("thing/size", "thing/words")
    assert told.unsaid == (
        "thing theirs: size stays as it is, 1",
        "thing theirs: words stays as it is, b 3",
    )


@pytest.mark.parametrize(("wanted", "before"), [(True, False), (False, True)])
def test_what_cannot_change_is_another_thing(wanted: bool, before: bool) -> None:
    """No is an answer."""
    with pytest.raises(Unlike, match="encrypted"):
        fit({"encrypted": wanted}, encrypted=before)


def test_what_nobody_tells_is_no_difference_that_counts() -> None:
    """Emulators leave fields out."""
    told = fit({"vpc": "vpc-1"}, vpc="")
    assert told.ignored == ("thing/vpc",)
    assert told.unsaid == ("thing theirs: vpc is not told, and stays so",)


def test_parts_that_are_missing_are_announced() -> None:
    """And what points at them differs."""
    user = Part(USER, "here", {"of": Ref(THING, "id")})
    there = {("user", "b"): found("user", of="thing-1")}
    told = fitting.fit([Part(THING, "here", {}), user], there, KINDS)
    assert told.unsaid[0] == "the next apply makes thing a"
    assert told.ignored == ("user/of",)
    whole = {**there, ("thing", "a"): found("thing")}
    assert fitting.fit([Part(THING, "here", {}), user], whole, KINDS).ignored == ()


def test_tags_of_the_target_are_announced_and_not_ignored() -> None:
    """They are for everything that is ours."""
    told = fit({"tags": {"team": "shop"}}, tags={})
    assert told.ignored == ()
    assert told.unsaid == ("the next apply adds the target's tags: team",)
