"""The choke point: no call without its intent on disk, none after the lease is lost, one token."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from cloudabstract.engine import Limits, Settings
from cloudabstract.engine.wanting.naming import token
from cloudabstract.errors import ErrorCode, LeaseError, StoreError
from cloudabstract.store import Store
from cloudabstract.testing.calls import Call, Fault, Injected
from cloudabstract.testing.faults import LoseAnswer, Meddle, StopAfter


class Proxy:
    """A store of which a test replaces something."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Reading(Fault):
    """Reads the open intents through a connection of its own, the moment each verb runs."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.open: list[tuple[Call, list[tuple[str, str]]]] = []

    def before(self, call: Call) -> None:
        if call.writes:
            question = "SELECT verb, name FROM intents WHERE ended IS NULL"
            with closing(sqlite3.connect(self._store)) as other:
                self.open.append((call, other.execute(question).fetchall()))


class Tokens(Fault):
    """Writes down the token of every create."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def before(self, call: Call) -> None:
        if call.verb == "create":
            self.sent.append(call.token)


def test_every_intent_is_on_disk_when_its_call_is_made(make: Any, world: Any) -> None:
    """Another process can read it at that moment, for every verb."""
    reading = Reading(world.store)
    first = [make.balancer(), make.volume(), make.claim(), make.attachment()]
    world.apply(first, reading)
    second = [make.balancer("web", 5, 6, routability="Internal")]
    world.apply(second, reading)
    assert {call.verb for call, _ in reading.open} == {"create", "update", "delete", "mark"}
    for call, intents in reading.open:
        if call.kind != "memory.members":  # it has no name of its own to compare
            assert (call.verb, call.name) in intents


def test_every_intent_is_closed_when_the_turn_is_over(make: Any, world: Any) -> None:
    """Also those of a run that died in the middle, by the next turn."""
    with Store.open(world.store, world.clock) as store:
        assert store.open_intents("shop") == ()
    assert world.crash([make.balancer()], StopAfter(2))
    with Store.open(world.store, world.clock) as store:
        assert store.open_intents("shop")
    world.apply([make.balancer()])
    with Store.open(world.store, world.clock) as store:
        assert store.open_intents("shop") == ()


def test_a_lost_fence_stops_everything(make: Any, world: Any) -> None:
    """Another took the lease in the middle: no further call is made, and the error says so."""
    world.settings = Settings(Limits(workers=1), ttl=0.0, beat=0.0)

    def steal() -> None:
        with Store.open(world.store, world.clock) as thief:
            thief.leases.acquire("shop", "thief")

    with pytest.raises(LeaseError) as lost:
        world.apply([make.balancer(), make.volume()], Meddle(1, steal))
    assert lost.value.exit_code == 4
    assert len(world.record.writes) == 1  # its intent was on disk before
    with Store.open(world.store, world.clock) as store:
        assert len(store.open_intents("shop")) == 1
    world.clock.advance(60.0)
    assert world.apply([make.balancer(), make.volume()]).ok
    world.check_settled([make.balancer(), make.volume()])


def test_a_lease_that_cannot_be_kept_stops_the_walk(make: Any, world: Any) -> None:
    """The heartbeat finds that it is another's: what has not begun is not begun."""

    class Losing(Proxy):
        def lease(self, *args: Any) -> Any:
            held = self._store.lease(*args)
            held.lost.set()
            return held

    world.wrap = Losing
    with pytest.raises(LeaseError, match="lost in the middle") as error:
        world.apply([make.balancer()])
    assert error.value.exit_code == 4
    assert world.record.writes == []


def test_without_its_intent_no_call_is_made(make: Any, world: Any) -> None:
    """The store cannot be written: the cloud is not touched, and nothing more is tried."""
    begun = []

    class Full(Proxy):
        def journal(self, *args: Any) -> Any:
            journal = self._store.journal(*args)

            def begin(intent: Any) -> int:
                begun.append(intent)
                raise StoreError("disk full")

            journal.begin = begin
            return journal

    world.wrap = Full
    with pytest.raises(StoreError):
        world.apply([make.volume(f"v{number}") for number in range(60)])
    assert world.ids == set()
    assert world.record.writes == []
    assert len(begun) <= 16  # as many as there are workers


def test_the_token_is_the_same_on_every_attempt(make: Any, world: Any) -> None:
    """In one run, in the run after a crash, and in a run that has lost the store."""
    tokens = Tokens()
    assert world.crash([make.volume()], tokens, StopAfter(1))
    world.cloud.remove(world.cloud.one("memory.disk"))  # it never was: the call had no effect
    world.cloud._state.tokens.clear()
    world.apply([make.volume()], tokens, LoseAnswer())
    name = world.cloud.one("memory.disk").name
    assert set(tokens.sent) == {token("shop", "memory.disk", name, 0)}
    assert len(tokens.sent) == 2


def test_the_next_life_of_a_name_has_another_token(make: Any, world: Any) -> None:
    """Deleted by us or by a third party: the old token would find what is gone."""
    tokens = Tokens()
    world.apply([make.balancer()], tokens)
    first = len(tokens.sent)
    for thing in world.cloud.objects("memory.listener"):
        world.cloud.remove(thing)
    world.apply([make.balancer()], tokens)
    assert len(tokens.sent) == first + 1
    world.apply([], tokens)
    world.apply([make.balancer()], tokens)
    assert len(set(tokens.sent)) == len(tokens.sent) == 2 * first + 1


def test_spent_tokens_are_passed_over_whatever_the_store_has_forgotten(
    make: Any, world: Any
) -> None:
    """Ten lives, then a lost store: the tokens of all of them are spent, and it is made anyway."""
    for _ in range(10):
        world.apply([make.balancer()])
        world.apply([])
    world.forget()
    tokens = Tokens()
    assert world.apply([make.balancer()], tokens).ok
    listener = world.cloud.one("memory.listener").token
    assert tokens.sent.count(listener) == 1
    lives = [token("shop", "memory.listener", world.cloud.one("memory.listener").name, n)
             for n in (0, 1, 3, 7, 15)]  # fmt: skip
    assert [each for each in tokens.sent if each in lives] == lives


def test_a_driver_that_breaks_its_contract_is_no_outcome(make: Any, world: Any) -> None:
    """An error of our own kind is not for the session to classify; its intent is closed."""

    class Broken(Fault):
        def before(self, call: Call) -> None:
            if call.writes:
                raise StoreError("a driver that knows too much")

    with pytest.raises(StoreError, match="knows too much"):
        world.apply([make.volume()], Broken())
    with Store.open(world.store, world.clock) as store:
        assert store.open_intents("shop") == ()


def test_deleting_what_is_gone_is_done(make: Any, world: Any) -> None:
    """NOT_FOUND answers a delete as well as success does."""

    class Gone(Fault):
        def before(self, call: Call) -> None:
            if call.verb == "delete":
                raise Injected(ErrorCode.NOT_FOUND, "no such thing")

    world.apply([make.balancer()])
    assert world.apply([], Gone()).ok
