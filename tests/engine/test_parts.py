"""Parts named and in order; and a provider that errs is blamed in words for its author."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.wanting.parts import name_all, owner_labels
from cloudabstract.errors import ProviderError
from cloudabstract.model import ResourceKey
from cloudabstract.provider import CLAIM, PROTECTED, RECLAIM, Kind, Part, PartKey, Ref
from cloudabstract.store import Memory

KINDS = (
    Kind("toy.a"),
    Kind("toy.b", uses=("toy.a",), fixed=frozenset({"fixed"})),
    Kind("toy.loop", uses=("toy.loop",)),
)
RESOURCE = ResourceKey("LoadBalancer", "web", "default")


@given(edges=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16), data=st.data())
def test_users_come_after_what_they_use(edges: set[tuple[int, int]], data: st.DataObject) -> None:
    """In whatever order a provider yields its parts, by ref or by `after`."""
    uses = {(max(edge), min(edge)) for edge in edges if edge[0] != edge[1]}
    parts = [_looping(index, uses, data.draw(st.booleans())) for index in range(8)]
    named = _named(data.draw(st.permutations(parts)))
    order = {each.key.role: index for index, each in enumerate(named)}
    assert len(named) == 8
    assert all(order[str(user)] > order[str(used)] for user, used in uses)


def test_the_order_is_that_of_the_provider_where_nothing_else_says() -> None:
    """So that two plans of one spec are equal to the byte, in every process."""
    parts = [_part("toy.a", str(index)) for index in range(9)]
    assert [each.key.role for each in _named(parts)] == [str(index) for index in range(9)]


@pytest.mark.parametrize(
    ("parts", "blame"),
    [
        (["toy.none"], "does not declare kind 'toy.none'"),
        (["twice"], "two parts with the key"),
        (["undeclared"], "does not declare that it uses 'toy.b'"),
        (["circle"], "in a circle"),
        (["dangling"], "not a part"),
    ],
)
def test_a_provider_is_blamed(parts: list[str], blame: str) -> None:
    """An undeclared kind or use, a key given twice, a circle, a name that depends on nothing."""
    a, b = _part("toy.a", "a"), _part("toy.b", "b")
    loop = _part("toy.loop", "l")
    known = {
        "toy.none": [_part("toy.none", "x")],
        "twice": [a, a],
        "undeclared": [b, replace(a, want={"x": [b.ref("id")]})],
        "circle": [replace(loop, want={"x": loop.ref("id")})],
        "dangling": [replace(b, want={"fixed": a.ref("id")})],
    }
    with pytest.raises(ProviderError, match=blame):
        _named(known[parts[0]])


def test_a_ref_that_is_not_part_of_the_name_may_lead_nowhere() -> None:
    """What it pointed at may be gone; the plan decides what that means."""
    (named,) = _named([_part("toy.b", "b", to=Ref(_key("toy.a", "gone"), "id"))])
    assert [to.role for _, to in named.points] == ["gone"]


def test_the_incarnation_comes_from_memory() -> None:
    """A name that was released with its data is not taken twice."""
    memory = Memory(salts={str(RESOURCE): 2})
    (plain,) = _named([_part("toy.a", "a")])
    (third,) = name_all("shop", [_part("toy.a", "a")], KINDS, memory)
    assert third.name != plain.name
    assert owner_labels("shop", third, None)["incarnation"] == "2"


def test_labels_say_what_must_be_known_without_a_store(make: Any) -> None:
    """Who owns it, what becomes of the data, whose it is, and whether it is protected."""
    named = replace(_named([_part("toy.a", "volume")])[0], kind=Kind("toy.a", precious=True))
    volume = make.volume(reclaim_policy="Delete", deletion_protection=True)
    labels = owner_labels("shop", named, volume)
    assert labels == {
        "stack": "shop",
        "resource": "LoadBalancer/web",
        "role": "volume",
        RECLAIM: "Delete",
        PROTECTED: "true",
    }
    assert CLAIM not in labels


def test_labels_say_that_an_object_may_not_be_deleted(make: Any) -> None:
    """Management policies without Delete outlive the spec that had them."""
    (named,) = _named([_part("toy.a", "front")])
    kept = make.balancer(management_policies=("Observe", "Create", "Update"))
    assert owner_labels("shop", named, kept)[RECLAIM] == "Retain"
    assert RECLAIM not in owner_labels("shop", named, make.balancer())


def _key(kind: str, role: str) -> PartKey:
    return PartKey(RESOURCE, kind, role)


def _part(kind: str, role: str, **want: Any) -> Part:
    return Part(_key(kind, role), "here", want)


def _looping(index: int, uses: set[tuple[int, int]], by_ref: bool) -> Part:
    used = [_key("toy.loop", str(low)) for high, low in sorted(uses) if high == index]
    want = {"to": [Ref(key, "id") for key in used]} if by_ref else {}
    return Part(_key("toy.loop", str(index)), "here", want, () if by_ref else tuple(used))


def _named(parts: Iterable[Part]) -> Any:
    return name_all("shop", parts, KINDS, Memory())
