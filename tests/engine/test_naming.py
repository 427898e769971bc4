"""Native names: readable, legal on every target, and new exactly when something cannot change."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.wanting.naming import claim_volume_name, native_name, token
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Kind, Part, PartKey, Ref

KIND = Kind("toy.thing", fixed=frozenset({"fixed", "to"}))
KEY = PartKey(ResourceKey("LoadBalancer", "web", "default"), "toy.thing", "front")
PART = Part(KEY, "here", {"fixed": 1, "loose": 1, "to": ""})
OTHER = PartKey(KEY.resource, "toy.parent", "parent")
LEGAL = re.compile(r"[a-z][-a-z0-9]*[a-z0-9]")

names = st.from_regex(r"[a-z0-9]([-.a-z0-9]{0,60}[a-z0-9])?", fullmatch=True)


@given(stack=st.text(max_size=40), name=names, role=st.text(max_size=60), limit=st.integers(20, 80))
def test_every_name_is_legal_everywhere(stack: str, name: str, role: str, limit: int) -> None:
    """Lower case letters, digits and '-', a letter first, within the kind's limit, from 20 up."""
    part = replace(PART, key=PartKey(ResourceKey("Volume", name), "toy.thing", role))
    made = native_name(stack, part, replace(KIND, name_limit=limit), {}, 0)
    assert LEGAL.fullmatch(made)
    assert len(made) <= limit


def test_a_name_can_be_read() -> None:
    """Stack, resource and role stand in front of the hash."""
    assert re.fullmatch(r"shop-web-front-[a-z2-7]{10}", _name())


def test_a_name_is_the_same_in_every_process() -> None:
    """Nothing of this machine or this run goes into it."""
    code = (
        "from cloudabstract.engine.wanting.naming import claim_volume_name as name, token;"
        "print(name('default', 'data'), token('shop', 'toy.thing', 'x', 0)[:8])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True,
            check=True, text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    here = f"{claim_volume_name('default', 'data')} {token('shop', 'toy.thing', 'x', 0)[:8]}"
    assert seen == {here}


@pytest.mark.parametrize(
    "changes",
    [
        {"want": {**PART.want, "fixed": 2}},
        {"want": {**PART.want, "fixed": [1]}},
        {"place": "there"},
        {"key": replace(KEY, role="back")},
        {"key": replace(KEY, resource=ResourceKey("LoadBalancer", "web", "prod"))},
        {"key": replace(KEY, resource=ResourceKey("Volume", "web"))},
        {"want": {**PART.want, "to": Ref(OTHER, "id")}},
    ],
)
def test_what_cannot_change_in_place_changes_the_name(changes: dict[str, Any]) -> None:
    """So the new object stands beside the old one, and replacement plans itself."""
    assert native_name("shop", replace(PART, **changes), KIND, {OTHER: "p1"}, 0) != _name()


@pytest.mark.parametrize(
    "changes",
    [
        {"want": {**PART.want, "loose": 2}},
        {"want": {**PART.want, "more": "x"}},
        {"want": dict(reversed(PART.want.items()))},
        {"notes": {"fixed": "rounded"}},
        {"after": (OTHER,)},
    ],
)
def test_what_can_change_in_place_does_not_change_the_name(changes: dict[str, Any]) -> None:
    """Only the fixed fields count, in whatever order they come."""
    assert native_name("shop", replace(PART, **changes), KIND, {}, 0) == _name()


def test_stack_and_incarnation_change_the_name() -> None:
    """Each of them is somebody else's object."""
    made = {native_name("shop", PART, KIND, {}, incarnation) for incarnation in range(3)}
    made |= {native_name("shop2", PART, KIND, {}, 0)}
    assert len(made) == 4


def test_a_new_parent_makes_new_children() -> None:
    """A ref in a fixed field counts by the name of what it points at, however deep it hides."""
    for value in (Ref(OTHER, "id"), {"deep": [Ref(OTHER, "id")]}):
        part = replace(PART, want={"to": value})
        one = native_name("shop", part, KIND, {OTHER: "p1"}, 0)
        assert one == native_name("shop", part, KIND, {OTHER: "p1"}, 0)
        assert one != native_name("shop", part, KIND, {OTHER: "p2"}, 0)


def test_words_that_run_together_are_told_apart() -> None:
    """a-b/c and a/b-c read alike, and are not."""
    one = replace(PART, key=PartKey(ResourceKey("LoadBalancer", "b-c", "a"), "toy.thing", "r"))
    two = replace(PART, key=PartKey(ResourceKey("LoadBalancer", "c", "a-b"), "toy.thing", "r"))
    assert native_name("s", one, KIND, {}, 0) != native_name("s", two, KIND, {}, 0)
    assert native_name("a-b", two, KIND, {}, 0) != native_name("a", one, KIND, {}, 0)
    assert claim_volume_name("a-b", "c") != claim_volume_name("a", "b-c")


@given(one=st.tuples(names, names), two=st.tuples(names, names))
def test_each_claim_has_a_volume_name_of_its_own(
    one: tuple[str, str], two: tuple[str, str]
) -> None:
    """And it is a legal name of a Volume."""
    made = claim_volume_name(*one)
    assert (made == claim_volume_name(*two)) == (one == two)
    assert re.fullmatch(r"[a-z0-9]([-.a-z0-9]*[a-z0-9])?", made)
    assert len(made) <= 253


def test_a_token_lives_as_long_as_its_object() -> None:
    """64 hex digits; another stack, kind, name or life has another."""
    made = [token(*each) for each in (("s", "k", "n", 0), ("t", "k", "n", 0), ("s", "l", "n", 0))]
    made += [token("s", "k", "m", 0), token("s", "k", "n", 1), token("s\0k", "", "n", 0)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in made)


def _name() -> str:
    return native_name("shop", PART, KIND, {}, 0)
