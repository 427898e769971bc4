"""Layer two, delete: gone with everything of its own, nothing else, however often it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import STACK, Found, Wanted, refs

from .bench import Bench
from .layer import Layer


class Ending(Layer):
    """Every kind, one object with all that it needs."""

    def test_delete_makes_it_absent(self, bench: Bench, kind: str) -> None:
        """After a while neither observe nor the world has it."""
        found = bench.make(kind)
        bench.driver(kind).delete(found)
        bench.gone(found)
        assert found.id not in {each.id for each in bench.alive(kind)}

    def test_deleting_what_is_gone_is_success(self, bench: Bench, kind: str) -> None:
        """At once, and long after: absence is what was wanted."""
        found = bench.make(kind)
        bench.driver(kind).delete(found)
        bench.driver(kind).delete(found)
        bench.gone(found)
        bench.driver(kind).delete(found)
        assert found.id not in {each.id for each in bench.alive(kind)}

    def test_delete_leaves_everything_else(self, bench: Bench, kind: str) -> None:
        """What it used, and another stack's object of the same kind, stand as before."""
        wanted = bench.prepare(kind)
        needed = {each.id for each in bench.made.values()}
        theirs = {each.id for each in self._of_another_stack(bench, wanted)}
        found = bench.create(wanted)
        bench.driver(kind).delete(found)
        bench.gone(found)
        assert needed | theirs <= {each.id for each in bench.alive()}

    def test_a_refusal_because_of_use_is_a_conflict(self, bench: Bench, kind: str) -> None:
        """Deleting what others use may work, or be refused: then it is to be tried again later."""
        found = bench.make(kind)
        for needed in list(bench.made.values()):
            driver = bench.driver(needed.kind)
            answer = bench.attempt(partial(driver.delete, needed))
            if isinstance(answer, ErrorCode):
                assert answer is ErrorCode.CONFLICT, f"deleting {needed.kind} in use: {answer}"
                assert needed.id in {each.id for each in bench.alive(needed.kind)}
        assert found.id

    def test_after_a_whole_sample_is_deleted_nothing_is_left(
        self, bench: Bench, capability: str
    ) -> None:
        """Users first, each deleted and gone: no by-product of a create call stays behind."""
        before = {each.id for each in bench.alive()}
        bench.make_all(self.sample(capability).resources)
        for found in reversed(list(bench.made.values())):
            bench.driver(found.kind).delete(found)
            bench.gone(found)
        assert {each.id for each in bench.alive()} == before

    @staticmethod
    def _of_another_stack(bench: Bench, wanted: Wanted) -> Iterable[Found]:
        """An object like `wanted` that is another's, for kinds that stand alone."""
        _, named = bench.sample_of(wanted.kind)
        if any(refs(dict(named.part.want))):
            return
        name = f"{wanted.name[: named.kind.name_limit - 2]}-2"
        labels = {**wanted.labels, STACK: "another"}
        yield bench.create(replace(wanted, name=name, labels=labels, token="7" * 64))
