"""Layer two, update and mark: just what was asked for, and the labels when asked for them."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine.finding import fields
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.provider import CLAIM, RELEASED, STACK, Found, Marks

from .bench import Bench
from .layer import Layer


class Changing(Layer):
    """Every kind, one object with all that it needs."""

    def test_update_sets_the_given_fields_and_nothing_else(self, bench: Bench, kind: str) -> None:
        """The sample's change arrives, one field at a time; all other fields stay."""
        found = bench.make(kind)
        for name, value in self._changes(bench, kind).items():
            before = bench.look(found)
            assert before is not None
            found = bench.ready(bench.driver(kind).update(before, {name: value}))
            seen = bench.look(found)
            assert seen is not None
            wanted = {**self._wanted(bench, before), name: value}
            differing = fields.differences(wanted, found.fields, frozenset())
            differing |= fields.differences(wanted, seen.fields, frozenset())
            assert differing == {}, f"{kind}: update of {name} changed something else, or nothing"

    def test_update_to_what_is_already_so_is_success(self, bench: Bench, kind: str) -> None:
        """Each field set to its own value: no error, and nothing differs."""
        found = bench.make(kind)
        declared = bench.kinds[kind]
        before = self._wanted(bench, found)
        for name in sorted(before.keys() - declared.fixed - declared.birth):
            found = bench.ready(bench.driver(kind).update(found, {name: before[name]}))
        assert fields.differences(before, found.fields, frozenset()) == {}

    def test_updating_twice_is_like_updating_once(self, bench: Bench, kind: str) -> None:
        """The answer to the first attempt was lost; the second succeeds."""
        found = bench.make(kind)
        changes = self._changes(bench, kind)
        for _ in range(2 if changes else 0):
            found = bench.ready(bench.driver(kind).update(found, changes))
        assert fields.differences(changes, found.fields, frozenset()) == {}

    def test_update_leaves_labels_name_and_id_alone(self, bench: Bench, kind: str) -> None:
        """An update that drops the owner's labels makes an orphan."""
        found = bench.make(kind)
        for name, value in self._changes(bench, kind).items():
            bench.ready(bench.driver(kind).update(found, {name: value}))
        seen = bench.look(found)
        assert seen is not None
        assert (seen.id, seen.name, dict(seen.labels)) == (
            found.id,
            found.name,
            self._owner(bench, found),
        )

    def test_the_version_changes_with_the_object_and_only_then(
        self, bench: Bench, kind: str
    ) -> None:
        """A saved plan is stale when a version differs; kinds without versions tell ""."""
        found = bench.make(kind)
        again = bench.look(found)
        assert again is not None
        assert again.version == found.version, f"{kind}: two looks, two versions"
        changes = self._changes(bench, kind)
        if not found.version or not changes:
            return  # nothing to compare
        changed = bench.ready(bench.driver(kind).update(found, changes))
        assert changed.version != found.version

    def test_update_of_one_object_leaves_others_alone(self, bench: Bench, kind: str) -> None:
        """Everything else in the world is as it was."""
        found = bench.make(kind)
        needed = [each for each in bench.made.values() if each.id != found.id]
        before = [bench.look(each) for each in needed]
        for name, value in self._changes(bench, kind).items():
            bench.ready(bench.driver(kind).update(found, {name: value}))
        assert [bench.look(each) for each in needed] == before

    def test_precious_objects_can_be_marked(self, bench: Bench, kind: str) -> None:
        """To release, protect and adopt, the engine changes labels of precious objects."""
        if bench.kinds[kind].precious:
            assert isinstance(bench.driver(kind), Marks), f"the driver of {kind} needs `mark`"

    def test_mark_replaces_the_owners_labels(self, bench: Bench, kind: str) -> None:
        """The new labels are all there are, and every field stays."""
        found, driver = self._markable(bench, kind)
        labels = {**found.labels, CLAIM: "VolumeClaim/files"}
        labels.pop("role", None)
        for _ in range(2):
            driver.mark(found, labels)
        seen = bench.look(found)
        assert seen is not None
        assert dict(seen.labels) == labels
        assert seen.fields == found.fields

    def test_a_released_object_is_not_ours_any_more(self, bench: Bench, kind: str) -> None:
        """Marked as released from a stack, it is not found by the stack's label."""
        found, driver = self._markable(bench, kind)
        driver.mark(found, {RELEASED: found.labels[STACK]})
        ours = bench.see(kind, bench.batch(kind, found.place))
        assert found.id not in {each.id for each in ours}
        seen = bench.look(found)
        assert seen is not None
        assert dict(seen.labels) == {RELEASED: found.labels[STACK]}

    def test_an_object_can_be_disowned(self, bench: Bench, kind: str) -> None:
        """Marked with no labels at all, it is a stranger's, and still there."""
        found, driver = self._markable(bench, kind)
        driver.mark(found, {})
        seen = bench.look(found)
        assert seen is not None
        assert dict(seen.labels) == {}
        assert dict(bench.standing(found).labels) == {}

    def _changes(self, bench: Bench, kind: str) -> dict[str, Any]:
        """The in-place changes that some sample makes to a part of that kind."""
        _, named = bench.sample_of(kind)
        for sample in self.samples().values():
            for later in (sample.changed, sample.grown):
                for each in bench.desired(later).parts if later else ():
                    if each.key == named.key and each.name == named.name:
                        return self._difference(bench, named, each)
        return {}

    @staticmethod
    def _difference(bench: Bench, before: NamedPart, after: NamedPart) -> dict[str, Any]:
        old = fields.fill(before.part.want, bench.made.get)
        new = fields.fill(after.part.want, bench.made.get)
        stays = before.kind.fixed | before.kind.birth
        return {
            name: value
            for name, value in new.items()
            if name not in stays and value != old.get(name) and not fields.has_unknown(value)
        }

    @staticmethod
    def _wanted(bench: Bench, found: Found) -> dict[str, Any]:
        """Those of the found fields that parts of that kind want."""
        _, named = bench.sample_of(found.kind)
        names = named.part.want.keys() - named.kind.birth
        return {name: fields.plain(found.fields.get(name)) for name in names}

    @staticmethod
    def _owner(bench: Bench, found: Found) -> dict[str, str]:
        _, named = bench.sample_of(found.kind)
        return dict(named.labels)

    @staticmethod
    def _markable(bench: Bench, kind: str) -> tuple[Found, Any]:
        driver = bench.driver(kind)
        if not isinstance(driver, Marks) or bench.kinds[kind].identity:
            pytest.skip(f"labels of {kind} cannot change after its creation")
        return bench.make(kind), driver
