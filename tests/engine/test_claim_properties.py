"""The binding algorithm against a second, naive statement of it, on whatever volumes there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cloudabstract.engine.wanting.claims import Ask, Candidate, Match, find
from cloudabstract.model import Selector, Topology, Volume

ME, OTHER = ("default", "data"), ("default", "other")
MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany")

modes = st.lists(st.sampled_from(MODES), min_size=1, unique=True).map(tuple)
volumes = st.fixed_dictionaries(
    {
        "size": st.integers(1, 4),
        "access_modes": modes,
        "volume_mode": st.sampled_from(("Filesystem", "Block")),
        "volume_class_name": st.sampled_from(("", "fast")),
        "topology": st.sampled_from(((), ("a",), ("b",), ("a", "b"))).map(
            lambda zones: Topology(zones=zones)
        ),
        "labels": st.sampled_from(({}, {"tier": "gold"})),
        "holder": st.sampled_from((None, None, None, ME, OTHER)),
        "phase": st.sampled_from(("Available", "Available", "Bound", "Released")),
        "deleting": st.sampled_from((False, False, False, True)),
    }
)
asks = st.fixed_dictionaries(
    {
        "size": st.integers(1, 4),
        "access_modes": modes,
        "volume_mode": st.sampled_from(("Filesystem", "Block")),
        "class_name": st.sampled_from(("", "fast")),
        "selector": st.sampled_from((None, None, Selector(match_labels={"tier": "gold"}))),
        "volume_name": st.sampled_from((None, None, None, "v0", "v9")),
        "waits": st.booleans(),
        "zone": st.sampled_from((None, "", "a", "b")),
    }
)


@settings(max_examples=400, deadline=None)
@given(asked=asks, found=st.lists(volumes, max_size=5))
def test_the_same_volume_as_by_the_book(
    make: Any, asked: dict[str, Any], found: list[dict[str, Any]]
) -> None:
    """Two ways to read semantics 3.3 come to the same volume, for every claim and all volumes."""
    ask, candidates = _build(make, asked, found)
    match = find(ask, candidates)
    assert match.volume == _by_the_book(ask, candidates)
    _check_verdicts(ask, match, candidates)


@settings(max_examples=100, deadline=None)
@given(asked=asks, found=st.lists(volumes, min_size=1, max_size=4), data=st.data())
def test_a_volume_that_does_not_fit_changes_nothing(
    make: Any, asked: dict[str, Any], found: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Taking away a volume that was passed over leaves the match as it was."""
    ask, candidates = _build(make, asked, found)
    match = find(ask, candidates)
    passed = [each for each in match.verdicts if each.failed and each.failed != "topology"]
    if not passed:
        return
    gone = data.draw(st.sampled_from(passed)).volume
    assert find(ask, [each for each in candidates if each.name != gone]).volume == match.volume


def _check_verdicts(ask: Ask, match: Match, candidates: list[Candidate]) -> None:
    """What was taken did not fail, and what was passed over has a reason."""
    told = {each.volume: each for each in match.verdicts}
    if match.volume is not None:
        assert told[match.volume.metadata.name].failed == ""
    elif ask.claim.spec.volume_name is None:
        assert all(each.text for each in match.verdicts)
    assert len(match.verdicts) <= max(len(candidates), 1)


def _build(make: Any, asked: dict[str, Any], found: list[dict[str, Any]]) -> tuple[Ask, Any]:
    asked = dict(asked)
    name, waits, zone = asked.pop("class_name"), asked.pop("waits"), asked.pop("zone")
    ask = Ask(make.claim(**asked), name, waits, zone is not None, zone or "")
    candidates = []
    for index, each in enumerate(found):
        own = {key: each[key] for key in ("holder", "phase", "deleting")}
        rest = {key: value for key, value in each.items() if key not in own}
        candidates.append(Candidate(make.volume(f"v{index}", **rest), **own))
    return ask, candidates


@dataclass
class _Book:
    """The pseudo code, one line after another."""

    ask: Ask

    def affinity(self, volume: Volume) -> bool:
        zones = volume.spec.topology.zones
        known = self.ask.consumer and self.ask.zone
        return not known or not zones or self.ask.zone in zones

    def unsuited(self, each: Candidate) -> bool:
        claim, spec = self.ask.claim.spec, each.volume.spec
        foreign = each.holder is not None and each.holder != self.ask.who
        small = spec.capacity.storage < claim.resources.requests.storage
        return foreign or small or spec.volume_mode != claim.volume_mode or each.deleting

    def modes(self, volume: Volume) -> bool:
        return set(self.ask.claim.spec.access_modes) <= set(volume.spec.access_modes)

    def selected(self, volume: Volume) -> bool:
        selector = self.ask.claim.spec.selector
        return selector is None or volume.metadata.labels.get("tier") == "gold"

    def suits(self, each: Candidate) -> bool:
        if self.ask.waits and not self.ask.consumer:
            return False
        return (
            each.phase == "Available"
            and self.selected(each.volume)
            and each.volume.spec.volume_class_name == self.ask.class_name
            and self.affinity(each.volume)
            and self.modes(each.volume)
        )


def _by_the_book(ask: Ask, candidates: list[Candidate]) -> Volume | None:
    book = _Book(ask)
    named = ask.claim.spec.volume_name
    if named is not None:
        for each in candidates:
            free = each.holder == ask.who or each.phase == "Available"
            same = each.volume.spec.volume_class_name == ask.class_name
            if each.name == named and not book.unsuited(each) and free and same:
                return each.volume if book.modes(each.volume) else None
        return None
    smallest = None
    for each in candidates:
        if book.unsuited(each):
            continue
        if each.holder == ask.who:
            return each.volume if book.affinity(each.volume) else None
        size = each.volume.spec.capacity.storage
        if book.suits(each) and (smallest is None or size < smallest.spec.capacity.storage):
            smallest = each.volume
    return smallest
