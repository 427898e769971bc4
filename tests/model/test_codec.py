"""Every frozen value survives JSON: what comes back is equal and of the same type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.model import ResourceKey, Status, codec
from cloudabstract.model.codec import from_json, to_json


class Colour(Enum):
    """Anything with a value."""

    RED = "red"
    BLUE = "blue"


@codec.carry
@dataclass(frozen=True)
class Pointer:
    """A class that may stand inside of loose values."""

    to: ResourceKey
    field: str


@dataclass(frozen=True)
class Leaf:
    """One member of a union."""

    value: int = 0


@dataclass(frozen=True)
class Branch:
    """A type that contains itself."""

    left: Branch | Leaf | None = None
    children: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Everything:
    """One field for each thing that a hint can say."""

    key: ResourceKey
    colour: Colour
    number: int
    ratio: float
    word: Literal["a", "b"]
    maybe: str | None = None
    either: int | str | bool = 0
    pair: tuple[int, Colour] = (0, Colour.RED)
    many: tuple[Leaf, ...] = ()
    names: frozenset[str] = frozenset()
    by_key: Mapping[ResourceKey, tuple[int, ...]] = field(default_factory=dict)
    by_colour: dict[Colour, str] = field(default_factory=dict)
    by_number: Mapping[int, str] = field(default_factory=dict)
    target: ResourceKey | Leaf | str = ""
    tree: Branch = Branch()
    loose: Mapping[str, Any] = field(default_factory=dict)


KEYS = st.builds(
    ResourceKey,
    st.sampled_from(["Volume", "LoadBalancer"]),
    st.just("x"),
    st.sampled_from(["", "n"]),
)
LEAVES = st.builds(Leaf, st.integers())
TREES = st.recursive(
    st.builds(Branch),
    lambda inner: st.builds(Branch, st.none() | LEAVES | inner, st.lists(inner).map(tuple)),
    max_leaves=4,
)
POINTERS = st.builds(Pointer, KEYS, st.text(max_size=3))
LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | POINTERS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "$type", "value", "to"]), inner, max_size=3)
    ),
    max_leaves=6,
)
VALUES = st.builds(
    Everything,
    key=KEYS,
    colour=st.sampled_from(Colour),
    number=st.integers(),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
    word=st.sampled_from(["a", "b"]),
    maybe=st.none() | st.text(),
    either=st.integers() | st.text() | st.booleans(),
    pair=st.tuples(st.integers(), st.sampled_from(Colour)),
    many=st.lists(LEAVES, max_size=3).map(tuple),
    names=st.frozensets(st.text(max_size=3), max_size=3),
    by_key=st.dictionaries(KEYS, st.lists(st.integers(), max_size=2).map(tuple), max_size=2),
    by_colour=st.dictionaries(st.sampled_from(Colour), st.text(max_size=3)),
    by_number=st.dictionaries(st.integers(), st.text(max_size=3), max_size=2),
    target=KEYS | LEAVES | st.text(),
    tree=TREES,
    loose=st.dictionaries(st.text(max_size=3), LOOSE, max_size=3),
)


@given(value=VALUES)
def test_a_value_survives_json(value: Everything) -> None:
    """Through text and back, whatever it holds; and what is equal is written equally."""
    written = json.dumps(to_json(value), sort_keys=True)
    again = from_json(Everything, json.loads(written))
    assert again == value
    assert repr(again.either) == repr(value.either)
    assert json.dumps(to_json(again), sort_keys=True) == written


def test_hints_other_than_classes_work() -> None:
    """A list of values needs to be told what it is a list of."""
    hint: Any = tuple[Leaf, ...]
    assert to_json((Leaf(1), Leaf(2)), hint) == [{"value": 1}, {"value": 2}]
    assert from_json(hint, [{"value": 1}]) == (Leaf(1),)


def test_fields_that_are_not_there_have_their_defaults() -> None:
    """A value that an earlier release wrote can be read after a field was added."""
    assert from_json(Status, {"phase": "Bound", "conditions": []}) == Status(phase="Bound")


@pytest.mark.parametrize(
    "raw", [None, 3, [], {"key": "Volume"}, {"colour": "green"}, {"number": 1}, {"key": 5}]
)
def test_what_was_not_written_here_is_refused(raw: Any) -> None:
    """One kind of error, which names the type."""
    with pytest.raises(ValueError, match="this is not a Everything"):
        from_json(Everything, raw)


def test_types_that_json_cannot_carry_are_refused() -> None:
    """By name, when the type is compiled, not when a value happens to hold one."""

    @dataclass(frozen=True)
    class Odd:
        when: complex

    with pytest.raises(TypeError, match="complex is not a type that JSON can carry"):
        to_json(Odd(1j))


def test_strangers_in_loose_values_are_refused() -> None:
    """A class that was not made known would not come back."""
    value = Everything(ResourceKey("V", "x"), Colour.RED, 1, 1.0, "a", loose={"a": Leaf(1)})
    with pytest.raises(TypeError, match="Leaf is neither JSON nor made known"):
        to_json(value)
