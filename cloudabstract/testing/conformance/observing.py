"""Layer two, observe: all of ours, in few calls, and nothing else; unlisted means absent."""

from __future__ import annotations

from dataclasses import replace

from cloudabstract.provider import RESOURCE, STACK, Found

from . import samples
from .bench import STACK_NAME, Bench
from .layer import Layer


class Observing(Layer):
    """What observe finds, by labels, by names and by ids."""

    def test_observe_finds_by_labels_alone(self, bench: Bench, kind: str) -> None:
        """A lost store knows no name and no id: the stack's label is enough."""
        found = self._made(bench, kind)
        seen = bench.see(kind, bench.batch(kind, found.place))
        assert found.id in {each.id for each in seen}

    def test_observe_finds_by_name_alone(self, bench: Bench, kind: str) -> None:
        """Whoever's it is: no label needs to fit."""
        found = self._made(bench, kind)
        other = {STACK: "another"}
        batch = bench.batch(kind, found.place, other, names=[found.name])
        if found.name:
            assert found.id in {each.id for each in bench.see(kind, batch)}

    def test_observe_finds_by_id_alone(self, bench: Bench, kind: str) -> None:
        """Whoever's it is: no label needs to fit."""
        found = self._made(bench, kind)
        batch = bench.batch(kind, found.place, {STACK: "another"}, ids=[found.id])
        assert found.id in {each.id for each in bench.see(kind, batch)}

    def test_observe_tells_the_same_as_create(self, bench: Bench, kind: str) -> None:
        """Name, place, fields: two ways to learn of one object, one answer."""
        found = self._made(bench, kind)
        seen = bench.look(found)
        assert seen is not None
        assert (seen.id, seen.name, seen.place) == (found.id, found.name, found.place)
        birth = bench.kinds[kind].birth
        known = {key: value for key, value in found.fields.items() if key not in birth}
        told = {key: seen.fields.get(key) for key in known}
        assert told == known

    def test_observe_asks_for_every_label(self, bench: Bench, kind: str) -> None:
        """An object that carries only some of the labels asked for is not told."""
        found = self._made(bench, kind)
        if bench.kinds[kind].identity:
            return  # it is told by its parent, not by labels
        labels = {STACK: STACK_NAME, RESOURCE: "LoadBalancer/of-nobody"}
        batch = bench.batch(kind, found.place, labels)
        assert found.id not in {each.id for each in bench.see(kind, batch)}

    def test_observe_leaves_out_what_is_not_asked_for(self, bench: Bench, kind: str) -> None:
        """Neither label, nor name, nor id fits: it is not told."""
        found = self._made(bench, kind)
        batch = replace(bench.batch(kind, found.place, {STACK: "another"}), used={})
        assert found.id not in {each.id for each in bench.see(kind, batch)}

    def test_observe_of_an_empty_world_finds_nothing(self, bench: Bench, kind: str) -> None:
        """Names and ids that do not exist are no error."""
        _, named = bench.sample_of(kind)
        batch = bench.batch(kind, named.place, names=["no-such-name-conformance"])
        assert bench.see(kind, batch) == ()

    def test_observe_keeps_to_its_place(self, bench: Bench, kind: str) -> None:
        """An object of one place is not told in another: it would be there twice."""
        found = self._made(bench, kind)
        for place in bench.facts(()).places:
            if place != found.place:
                batch = bench.batch(kind, place, names=[found.name])
                assert found.id not in {each.id for each in bench.see(kind, batch)}, place

    def test_observe_reads_every_page(self, bench: Bench, capability: str) -> None:
        """More objects of each kind than one page holds: each is told once."""
        for index in range(self.harness.page + 1):
            bench.make_all(samples.renamed(self.sample(capability).resources, f"-{index}"))
        spots = {(each.kind, each.place) for each in bench.made.values()}
        for kind, place in spots:
            made = [
                each for each in bench.made.values() if (each.kind, each.place) == (kind, place)
            ]
            told = [each.id for each in bench.see(kind, bench.batch(kind, place))]
            assert sorted(told) == sorted(each.id for each in made), f"{kind} in {place}"

    def test_a_strangers_object_is_told_as_not_ours(self, bench: Bench, kind: str) -> None:
        """Found by its name, it comes without owner's labels; our labels do not find it."""
        wanted = bench.prepare(kind)
        if bench.kinds[kind].identity:
            return  # whose it is depends on its parent
        stranger = bench.harness.plant(wanted)
        batch = bench.batch(kind, wanted.place, {STACK: "another"}, names=[wanted.name])
        (told,) = [each for each in bench.see(kind, batch) if each.id == stranger.id]
        assert dict(told.labels) == {}
        ours = bench.see(kind, bench.batch(kind, wanted.place))
        assert stranger.id not in {each.id for each in ours}

    def test_an_object_of_another_stack_is_told_as_theirs(self, bench: Bench, kind: str) -> None:
        """Its stack label is the other's, and our labels do not find it."""
        wanted = bench.prepare(kind)
        if bench.kinds[kind].identity:
            return  # whose it is depends on its parent
        theirs = bench.create(replace(wanted, labels={**wanted.labels, STACK: "another"}))
        told = bench.look(theirs)
        assert told is not None
        assert told.labels.get(STACK) == "another"
        ours = bench.see(kind, bench.batch(kind, wanted.place))
        assert theirs.id not in {each.id for each in ours}

    def test_the_session_counts_its_calls(self, bench: Bench, kind: str) -> None:
        """Every observe is at least one call."""
        _, named = bench.sample_of(kind)
        before = sum(bench.session.calls.values())
        bench.see(kind, bench.batch(kind, named.place, names=["anything"]))
        assert sum(bench.session.calls.values()) > before

    def test_whatever_is_raised_is_classified(self, bench: Bench) -> None:
        """What may have happened is UNKNOWN; a bug in the SDK is no exception."""
        for error in (TimeoutError("no answer"), ConnectionResetError("gone"), Exception("?")):
            failure = bench.session.classify(error)
            assert failure.code.value == "UNKNOWN", f"{error!r} became {failure.code}"
            assert failure.message

    def _made(self, bench: Bench, kind: str) -> Found:
        found = bench.make(kind)
        _, named = bench.sample_of(kind)
        bench.made[named.key] = found
        return found
