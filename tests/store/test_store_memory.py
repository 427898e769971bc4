"""What is remembered comes back as it was given, and a life once counted stays counted."""

from __future__ import annotations

import dataclasses

import pytest

from cloudabstract.errors import StoreError
from cloudabstract.store import Memory, Store, Trace

DISK = Trace("aws.volume", "eu-1", "data", "part/data", "Volume/data", "vol-1", precious=True)
GROUP = Trace("aws.target_group", "eu-1", "web", "part/web", "LoadBalancer/web")
OTHER = Trace("aws.target_group", "us-1", "web", "part/old", "LoadBalancer/web", "tg-9")


def test_an_unknown_stack_is_an_empty_cold_memory(store) -> None:
    """Nothing is remembered of a stack nobody wrote to, and the engine is told to look around."""
    assert store.memory("never") == Memory(cold=True)
    assert store.stacks() == ()


def test_everything_settled_comes_back_in_another_process_life(path, clock) -> None:
    """All fields round-trip through the file."""
    with Store.open(path, clock) as store, store.lease("shop", "ann", beat=0) as held:
        store.settle(
            "shop",
            held.fence,
            learn=[DISK, GROUP],
            bindings={"VolumeClaim/default/data": "pv-1"},
            salts={"Volume/data": 3},
            protected=["Volume/data"],
            notes={"pace": '{"ec2": 5}'},
        )
    with Store.open(path, clock) as store:
        memory = store.memory("shop")
    assert set(memory.traces) == {DISK, GROUP}
    assert memory.bindings == {"VolumeClaim/default/data": "pv-1"}
    assert memory.salts == {"Volume/data": 3}
    assert memory.protected == {"Volume/data"}
    assert memory.notes == {"pace": '{"ec2": 5}'}
    assert not memory.cold


def test_none_keeps_a_mapping_and_a_value_replaces_it(store, held) -> None:
    """A turn that has nothing to say of the bindings leaves them; one that has, decides them."""
    store.settle("shop", held.fence, bindings={"a": "1", "b": "2"}, salts={"x": 1})
    store.settle("shop", held.fence, protected={"y"})
    assert store.memory("shop").bindings == {"a": "1", "b": "2"}
    store.settle("shop", held.fence, bindings={"b": "3"}, salts={})
    memory = store.memory("shop")
    assert (memory.bindings, memory.salts, memory.protected) == ({"b": "3"}, {}, {"y"})


def test_a_settlement_that_fails_halfway_changes_nothing(store, held) -> None:
    """What was written before the value SQLite cannot store is undone; the next write is fine."""
    with pytest.raises(StoreError):
        store.settle("shop", held.fence, learn=[DISK], notes={"n": object()})  # type: ignore[dict-item]
    assert store.memory("shop") == Memory(cold=True)
    store.settle("shop", held.fence, learn=[GROUP])
    assert store.memory("shop").traces == (GROUP,)


def test_stacks_do_not_see_each_other(store, held) -> None:
    """The same object name in another stack is another trace, with lives of its own."""
    with store.lease("other", "bob", beat=0) as other:
        store.settle("shop", held.fence, learn=[DISK], notes={"n": "1"})
        store.settle("other", other.fence, learn=[dataclasses.replace(DISK, id="vol-2")])
        store.settle("other", other.fence, forget=[DISK.key])
    assert store.memory("shop").traces == (DISK,)
    assert store.memory("other").traces == ()
    assert store.memory("other").notes == {}
    assert store.stacks() == ("other", "shop")


def test_lookups_find_by_place_name_part_and_key(store, held) -> None:
    """Each question the engine asks has its answer, and an empty one for the unknown."""
    store.settle("shop", held.fence, learn=[DISK, GROUP, OTHER])
    memory = store.memory("shop")
    assert memory.find(*DISK.key) == DISK
    assert memory.find("aws.volume", "us-1", "data") is None
    assert memory.at("aws.target_group", "us-1") == (OTHER,)
    assert memory.at("aws.volume", "us-1") == ()
    assert set(memory.named("web")) == {GROUP, OTHER}
    assert memory.of_part("part/data") == (DISK,)
    assert memory.of_part("part/none") == ()
    assert memory.places == {(t.kind, t.place) for t in (DISK, GROUP, OTHER)}


def test_memory_cannot_be_changed_by_its_reader(store, held) -> None:
    """A memory is a value: neither fields nor mappings can be written to."""
    store.settle("shop", held.fence, learn=[DISK], salts={"x": 1})
    memory = store.memory("shop")
    with pytest.raises(TypeError):
        memory.salts["x"] = 2  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        memory.cold = True  # type: ignore[misc]
    assert memory == store.memory("shop")


def test_an_object_observed_gone_has_completed_a_life(store, held) -> None:
    """The count outlives the trace and shows again in the trace of the next life."""
    store.settle("shop", held.fence, learn=[DISK])
    store.settle("shop", held.fence, forget=[DISK.key])
    memory = store.memory("shop")
    assert memory.traces == ()
    assert memory.births(*DISK.key) == 1
    store.settle("shop", held.fence, learn=[DISK])
    assert store.memory("shop").traces == (dataclasses.replace(DISK, births=1),)


def test_an_object_never_known_to_exist_is_forgotten_without_counting(store, held) -> None:
    """Its create may still arrive: the next attempt must use the same token, so the same count."""
    store.settle("shop", held.fence, learn=[GROUP])
    store.settle("shop", held.fence, forget=[GROUP.key, ("no", "such", "trace")])
    memory = store.memory("shop")
    assert (memory.traces, memory.births(*GROUP.key)) == ((), 0)


def test_learning_raises_a_birth_count_and_never_lowers_it(store, held) -> None:
    """The engine may skip a spent token for good; stale knowledge does not bring it back."""
    store.settle("shop", held.fence, learn=[dataclasses.replace(DISK, births=4)])
    store.settle("shop", held.fence, learn=[dataclasses.replace(DISK, births=2)])
    assert store.memory("shop").births(*DISK.key) == 4


def test_learning_without_an_id_keeps_the_id(store, held) -> None:
    """What is known of an object is not unlearnt by a trace that knows less."""
    store.settle("shop", held.fence, learn=[DISK])
    store.settle("shop", held.fence, learn=[dataclasses.replace(DISK, id="", part="part/new")])
    assert store.memory("shop").traces == (dataclasses.replace(DISK, part="part/new"),)


def test_forgetting_comes_before_learning(store, held) -> None:
    """An object gone and made anew by somebody else within one turn is in its second life."""
    store.settle("shop", held.fence, learn=[DISK])
    again = dataclasses.replace(DISK, id="vol-2")
    store.settle("shop", held.fence, forget=[DISK.key], learn=[again])
    assert store.memory("shop").traces == (dataclasses.replace(again, births=1),)


def test_a_stack_stays_cold_until_a_turn_is_settled(store, held, intent) -> None:
    """A first turn cut short leaves traces, but no right to believe that they are all."""
    store.journal("shop", held.fence).begin(intent())
    memory = store.memory("shop")
    assert memory.cold
    assert [trace.name for trace in memory.traces] == ["data"]
    assert store.stacks() == ("shop",)
    store.settle("shop", held.fence)
    assert not store.memory("shop").cold


def test_a_forgotten_stack_is_cold_and_its_lives_stay_counted(store, held, intent) -> None:
    """Everything goes but the counts: tokens of the old life are spent for a namesake too."""
    store.settle("shop", held.fence, learn=[DISK], bindings={"a": "1"})
    store.settle("shop", held.fence, forget=[DISK.key])
    store.journal("shop", held.fence).begin(intent())
    number = store.history("shop", held.fence).begin_revision("apply", who="a", host="h", spec="{}")
    store.forget_stack("shop", held.fence)
    assert store.memory("shop") == Memory(lives={DISK.key: 1}, cold=True)
    assert store.stacks() == ()
    assert store.open_intents("shop") == ()
    assert number == 1
    assert store.history("shop").list() == ()
    assert store.holder("shop") == held.lease
