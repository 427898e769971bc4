"""Field values: refs filled in, compared, and made canonical."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.finding.fields import (
    UNKNOWN,
    Delta,
    canonical,
    differences,
    fill,
    has_unknown,
    plain,
    shown,
)
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, PartKey, Ref

KEY = PartKey(ResourceKey("Volume", "a"), "toy.disk", "volume")
FOUND = Found("toy.disk", "disk-1", "shop-a", "here", {"link": "x/y", "zones": ("a", "b")}, {})
NOTHING: frozenset[str] = frozenset()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_ref_is_filled_with_the_field_it_points_at() -> None:
    """`id` and `name` always exist; others come from the found fields, in plain shapes."""
    assert fill(Ref(KEY, "id"), _known) == "disk-1"
    assert fill(Ref(KEY, "name"), _known) == "shop-a"
    assert fill({"to": [Ref(KEY, "link"), 1]}, _known) == {"to": ["x/y", 1]}
    assert fill(Ref(KEY, "zones"), _known) == ["a", "b"]


def test_what_is_not_there_yet_is_unknown() -> None:
    """A missing part, and a field that the target has not told."""
    assert fill(Ref(KEY, "id"), lambda key: None) is UNKNOWN
    assert fill(Ref(KEY, "nothing"), _known) is UNKNOWN
    assert has_unknown(fill({"deep": ({"x": Ref(KEY, "id")},)}, lambda key: None))


def test_unknown_differs_from_everything() -> None:
    """Whoever points at a new object is changed with it, and people read why."""
    (delta,) = differences({"to": UNKNOWN}, {"to": "old"}, NOTHING).values()
    assert delta == Delta("old", "(known after apply)")
    assert differences({"to": [UNKNOWN]}, {"to": ["old"]}, NOTHING)
    assert differences({"to": UNKNOWN}, {"to": UNKNOWN}, NOTHING)


@given(value=json_values)
def test_equal_values_do_not_differ(value: Any) -> None:
    """However deep they are, and whether sequences are lists or tuples."""
    assert differences({"x": value}, {"x": _tupled(value)}, NOTHING) == {}
    assert canonical(plain(_tupled(value))) == canonical(value)


@given(one=json_values, two=json_values)
def test_a_difference_is_told_from_both_sides(one: Any, two: Any) -> None:
    """As JSON values, before and after."""
    deltas = differences({"x": one}, {"x": two}, NOTHING)
    assert (deltas == {}) == (one == two)
    for delta in deltas.values():
        assert json.loads(json.dumps([delta.before, delta.after])) == [two, one]


def test_only_what_was_asked_for_is_compared() -> None:
    """Fields nobody wants, and those that matter at birth only, do not count."""
    assert differences({"a": 1}, {"a": 1, "b": 2}, NOTHING) == {}
    assert differences({"a": 1, "born": 1}, {"a": 1, "born": 2}, frozenset({"born"})) == {}


@given(value=json_values)
def test_canonical_text_knows_no_order_of_keys(value: dict[str, Any]) -> None:
    """One text for equal values."""
    assert canonical({"a": value, "b": 1}) == canonical({"b": 1, "a": value})


def test_unknown_is_shown_in_words() -> None:
    """A plan's JSON never holds the thing itself."""
    assert shown({"a": [UNKNOWN, 1]}) == {"a": ["(known after apply)", 1]}


def _known(key: PartKey) -> Found:
    assert key == KEY
    return FOUND


def _tupled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tupled(each) for each in value)
    if isinstance(value, dict):
        return {key: _tupled(each) for key, each in value.items()}
    return value
