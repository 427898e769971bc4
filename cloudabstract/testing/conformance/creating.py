"""Layer two, create: made once however often it is asked for, with its labels, under its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cloudabstract.engine.finding import fields
from cloudabstract.errors import ErrorCode
from cloudabstract.provider import RESOURCE, Driver, Found, Health, Wanted

from .bench import Bench
from .layer import Layer

# Legal, and as unwieldy as they come: 63 characters of namespace, 253 of name, dots and dashes.
LONG_RESOURCE = (
    "LoadBalancer/" + "n" * 63 + "/" + ".".join(["a-" + "b" * 60 + "z"] * 3 + ["c" * 61])
)


class Creating(Layer):
    """Every kind, one object with all that it needs."""

    def test_create_makes_what_was_wanted(self, bench: Bench, kind: str) -> None:
        """Kind, place, every wanted field: what comes back is what was asked for."""
        wanted = bench.prepare(kind)
        found = bench.create(wanted)
        assert (found.kind, found.place) == (wanted.kind, wanted.place)
        assert found.id, "an object needs an id"
        birth = bench.kinds[kind].birth
        off = fields.differences(wanted.fields, found.fields, birth)
        assert off == {}, f"{kind} came back with other values than were sent"

    def test_the_name_is_the_one_that_was_given(self, bench: Bench, kind: str) -> None:
        """The engine finds objects again by name; kinds with `identity` have none."""
        wanted = bench.prepare(kind)
        expected = "" if bench.kinds[kind].identity else wanted.name
        assert bench.create(wanted).name == expected

    def test_a_name_as_long_as_the_limit_is_kept(self, bench: Bench, kind: str) -> None:
        """`name_limit` characters are stored and told whole."""
        declared = bench.kinds[kind]
        wanted = bench.prepare(kind)
        long = wanted.name + "x" * (declared.name_limit - len(wanted.name))
        found = bench.create(replace(wanted, name=long))
        assert found.name == ("" if declared.identity else long)

    def test_creating_twice_gives_the_same_object(self, bench: Bench, kind: str) -> None:
        """The same name and token: the same id, and one object in the world."""
        wanted = bench.prepare(kind)
        first = bench.driver(kind).create(wanted)
        second = bench.driver(kind).create(wanted)
        assert second.id == first.id
        self._stands_once(bench, wanted)

    def test_a_restart_gets_what_was_made_before(self, bench: Bench, kind: str) -> None:
        """The answer was lost with the process; create finds the object, in whatever state."""
        wanted = bench.prepare(kind)
        bench.harness.slow()
        first = bench.driver(kind).create(wanted)
        bench.restart()
        assert bench.driver(kind).create(wanted).id == first.id
        self._stands_once(bench, wanted)

    def test_creating_from_many_threads_makes_one_object(self, bench: Bench, kind: str) -> None:
        """A session is shared by threads, and so are names and tokens."""
        wanted = bench.prepare(kind)

        driver: Driver = bench.driver(kind)

        def attempt(_: int) -> Found | ErrorCode:
            return bench.attempt(lambda: driver.create(wanted))

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(attempt, range(4)))
        refusals = {each for each in answers if isinstance(each, ErrorCode)}
        made = {each.id for each in answers if isinstance(each, Found)}
        assert refusals <= {ErrorCode.CONFLICT, ErrorCode.NOT_YET, ErrorCode.THROTTLED}, refusals
        assert len(made) == 1, f"{kind}: four attempts made {len(made)} objects"
        self._stands_once(bench, wanted)

    def test_labels_are_set_in_the_create_call(self, bench: Bench, kind: str) -> None:
        """The world shows the owner's labels the moment the object exists."""
        wanted = bench.prepare(kind)
        found = bench.driver(kind).create(wanted)
        alive = bench.standing(found)
        if not bench.kinds[kind].identity:
            assert dict(alive.labels) == dict(wanted.labels)

    def test_nothing_is_without_an_owner_between_two_calls(self, bench: Bench, kind: str) -> None:
        """Where the world can be watched call by call: never an object without its labels."""
        wanted = bench.prepare(kind)
        identities = {each.name for each in bench.kinds.values() if each.identity}
        unowned: list[str] = []

        def look() -> None:
            alive = [each for each in bench.alive() if each.kind not in identities]
            unowned.extend(f"{each.kind} {each.name}" for each in alive if not each.labels)

        watched = bench.harness.watch(look)
        bench.driver(kind).create(wanted)
        assert unowned == [], "set labels in the create call" if watched else ""

    def test_labels_come_back_as_they_were_given(self, bench: Bench, kind: str) -> None:
        """Create and observe tell the same keys and values; a registration has its parent's."""
        wanted = bench.prepare(kind)
        found = bench.create(wanted)
        seen = bench.look(found)
        assert seen is not None
        assert dict(seen.labels) == dict(wanted.labels)
        if not bench.kinds[kind].identity:
            assert dict(found.labels) == dict(wanted.labels)

    def test_labels_may_speak_of_unwieldy_names(self, bench: Bench, kind: str) -> None:
        """A resource's name has up to 253 characters and dots; its key comes back unharmed."""
        wanted = bench.prepare(kind)
        if bench.kinds[kind].identity:
            return  # it has no labels of its own
        wanted = replace(wanted, labels={**wanted.labels, RESOURCE: LONG_RESOURCE})
        found = bench.create(wanted)
        assert found.labels.get(RESOURCE) == LONG_RESOURCE
        seen = bench.look(found)
        assert seen is not None
        assert seen.labels.get(RESOURCE) == LONG_RESOURCE

    def test_health_is_what_the_world_says(self, bench: Bench, kind: str) -> None:
        """READY only when it is: users made too early fail."""
        wanted = bench.prepare(kind)
        bench.harness.slow()
        told = bench.driver(kind).create(wanted)
        alive = bench.standing(told)
        if alive.health is not None:
            assert told.health is alive.health, f"{kind}: the world says {alive.health}"
        assert bench.ready(told).health is Health.READY

    def test_the_name_of_a_stranger_is_refused_as_taken(self, bench: Bench, kind: str) -> None:
        """Where names are unique: TAKEN, and the stranger's object stays as it is."""
        wanted = bench.prepare(kind)
        if bench.kinds[kind].identity:
            return  # it has no name to be taken
        stranger = bench.harness.plant(wanted)
        driver: Driver = bench.driver(kind)
        made = bench.attempt(lambda: driver.create(wanted))
        if isinstance(made, ErrorCode):
            assert made is ErrorCode.TAKEN
        else:
            assert made.id != stranger.id, f"{kind}: a stranger's object was taken for ours"
        assert dict(bench.standing(stranger).labels) == {}

    def test_a_token_that_is_used_up_is_told_as_spent(self, bench: Bench, kind: str) -> None:
        """After the object died its token makes a living one, or is SPENT; never a dead one."""
        wanted = bench.prepare(kind)
        first = bench.create(wanted)
        bench.driver(kind).delete(first)
        bench.gone(first)
        again = bench.attempt(lambda: bench.create(wanted))
        if isinstance(again, ErrorCode):
            assert again is ErrorCode.SPENT
        else:
            assert bench.standing(again).id == again.id

    def _stands_once(self, bench: Bench, wanted: Wanted) -> None:
        """One object of that name; of kinds without name, one more than what was needed."""
        alive = bench.alive(wanted.kind)
        if bench.kinds[wanted.kind].identity:
            assert len(alive) == 1, f"{wanted.kind}: {len(alive)} registrations"
            return
        same = [each for each in alive if each.name == wanted.name]
        assert len(same) == 1, f"{wanted.kind} {wanted.name} stands {len(same)} times"
