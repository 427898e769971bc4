"""Which found object is which wanted part: ours, taken by a stranger, released, lost, unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.finding.match import match
from cloudabstract.engine.finding.observe import Observed
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, Kind, Part, PartKey, Ref
from cloudabstract.store import Memory, Trace

OURS = {"stack": "shop", "resource": "LoadBalancer/web", "role": "front"}
RELEASED = {"released-from": "shop"}
WEB = ResourceKey("LoadBalancer", "web", "default")
DISK = Kind("toy.disk", precious=True)
POOL = Kind("toy.pool")
ENTRY = Kind("toy.entry", uses=("toy.pool",), identity=frozenset({"pool"}))


def test_ours_is_found_by_its_label() -> None:
    """The owner's label is enough; memory is not asked."""
    assert _match(_found()).found[_named().key] == _found()


def test_ours_is_found_by_its_id_when_the_labels_are_gone() -> None:
    """Somebody took the labels off: what memory knows by id is still ours."""
    bare = _found(labels={})
    assert _match(bare, _trace(id="1")).found[_named().key] == bare
    assert _match(bare, _trace(id="2")).taken[_named().key] == bare
    assert _match(bare, _trace(id="")).taken[_named().key] == bare


@pytest.mark.parametrize("labels", [{}, {"stack": "other"}, {"released-from": "other"}])
def test_a_strangers_object_is_taken(labels: dict[str, str]) -> None:
    """Whoever made it: it has our name, and is not ours, and no orphan either."""
    matched = _match(_found(labels=labels))
    assert set(matched.taken) == {_named().key}
    assert (matched.found, matched.orphans) == ({}, ())


def test_another_stacks_label_counts_more_than_memory() -> None:
    """Somebody else has adopted what was ours."""
    theirs = _found(labels={"stack": "other"})
    assert set(_match(theirs, _trace(id="1")).taken) == {_named().key}


def test_what_we_released_is_told_apart() -> None:
    """It was ours, and kept for its data."""
    assert set(_match(_found(labels=RELEASED)).released) == {_named().key}


def test_of_several_with_one_name_ours_counts() -> None:
    """Targets that do not keep names unique show a stranger's first, or last: no matter."""
    many = [_found("1", {}), _found("2", RELEASED), _found("3"), _found("4", {"stack": "other"})]
    for order in (many, many[::-1]):
        matched = _match(*order)
        assert matched.found[_named().key].id == "3"
        assert (matched.taken, matched.released, matched.orphans) == ({}, {}, ())
    assert _match(*many[:2]).released[_named().key].id == "2"


def test_a_second_object_of_ours_with_the_same_name_is_an_orphan() -> None:
    """One part is one object; the other one is too much."""
    matched = _match(_found("1"), _found("2"))
    assert (matched.found[_named().key].id, [each.id for each in matched.orphans]) == ("1", ["2"])


def test_an_external_object_is_found_by_its_id() -> None:
    """Whatever its name and labels, unless another stack owns it."""
    named = replace(_named(), part=replace(_named().part, external="1"))
    for labels in ({}, OURS, RELEASED):
        assert set(_match(_found(labels=labels), named=named).found) == {named.key}
    theirs = _found(labels={"stack": "other"})
    assert set(_match(theirs, named=named).taken) == {named.key}


def test_a_registration_is_found_by_what_it_says() -> None:
    """It has no name: its identifying fields, refs filled in, tell which it is."""
    pool = _named(POOL)
    entry = NamedPart(
        Part(PartKey(WEB, ENTRY.name, "r"), "here", {"pool": Ref(pool.key, "id")}), ENTRY, "e"
    )
    of_pool = [
        Found(ENTRY.name, f"e{index}", "", "here", {"pool": index}, OURS) for index in ("1", "2")
    ]
    matched = _match(_found(kind=POOL), *of_pool, named=(pool, entry))
    assert matched.found[entry.key].id == "e1"
    assert [each.id for each in matched.orphans] == ["e2"]
    assert entry.key not in _match(*of_pool, named=(pool, entry)).found


def test_data_that_existed_and_is_nowhere_is_lost() -> None:
    """Only what is known to have existed, only what holds data, only what could be read."""
    disk = _named(DISK)
    assert _match(_trace(DISK, id="1"), named=disk).lost == {disk.key}
    assert _match(_trace(DISK, id=""), named=disk).lost == frozenset()
    assert _match(_trace(POOL, id="1"), named=_named(POOL)).lost == frozenset()
    unread = _match(_trace(DISK, id="1"), named=disk, unread={("toy.disk", "here"): "no"})
    assert (unread.lost, unread.unread) == (frozenset(), {disk.key: "no"})


def test_what_was_read_counts_though_the_rest_could_not_be() -> None:
    """Half a listing is enough for what it shows."""
    unread = {("toy.pool", "here"): "a page failed"}
    assert set(_match(_found(), unread=unread).found) == {_named().key}


def test_what_belongs_to_a_kept_resource_is_found_and_no_orphan() -> None:
    """By its label, or by what memory says of it."""
    copy = ResourceKey("VolumeSnapshot", "s", "default")
    labelled = _found("9", {"stack": "shop", "resource": str(copy), "role": "snapshot"}, name="x")
    matched = match(
        "shop", Desired({}, (), kept=frozenset({copy})), Observed((labelled,)), Memory()
    )
    assert matched.found == {PartKey(copy, "toy.pool", "snapshot"): labelled}
    assert matched.orphans == ()


@given(ids=st.lists(st.integers(0, 5), max_size=8), data=st.data())
def test_every_object_lands_in_at_most_one_set(ids: list[int], data: st.DataObject) -> None:
    """However often it is told and whatever its labels."""
    labels = st.sampled_from(({}, OURS, RELEASED, {"stack": "other"}))
    observed = [_found(str(each), data.draw(labels)) for each in ids]
    known = {each.id: each for each in observed}
    matched = _match(*known.values())
    landed = [
        each.id
        for group in (
            matched.found.values(), matched.taken.values(), matched.released.values(),
            matched.orphans,
        )
        for each in group
    ]  # fmt: skip
    assert len(landed) == len(set(landed))
    ours = {each.id for each in known.values() if each.labels == OURS}
    assert ours <= set(landed)


def _named(kind: Kind = POOL) -> NamedPart:
    return NamedPart(Part(PartKey(WEB, kind.name, "front"), "here", {}), kind, "shop-web")


def _found(
    which: str = "1",
    labels: dict[str, str] | None = None,
    kind: Kind = POOL,
    name: str = "shop-web",
) -> Found:
    return Found(kind.name, which, name, "here", {}, OURS if labels is None else labels)


def _trace(kind: Kind = POOL, **more: Any) -> Trace:
    key = PartKey(WEB, kind.name, "front")
    return Trace(kind.name, "here", "shop-web", str(key), str(WEB), **more)


def _match(*known: Found | Trace, named: Any = None, unread: Any = None) -> Any:
    wanted = named if isinstance(named, tuple) else (named or _named(),)
    observed = Observed(tuple(each for each in known if isinstance(each, Found)), unread or {})
    memory = Memory(tuple(each for each in known if isinstance(each, Trace)))
    return match("shop", Desired({}, wanted), observed, memory)
