"""Memory on disk against a model made of dictionaries, through random turns and reopenings."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import hypothesis
from hypothesis import strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cloudabstract.clock import SystemClock
from cloudabstract.store import Intent, Store, Trace, TraceKey

words = strategies.sampled_from(["a", "b", "ü", "naïve key", "'; --", "\0", ""])
keys = strategies.tuples(strategies.sampled_from(["k1", "k2"]), words, words)
ids = strategies.sampled_from(["", "id-1", "id-2"])
maps = strategies.none() | strategies.dictionaries(words, words, max_size=4)


class MemoryModel(RuleBasedStateMachine):
    """One stack, written as the engine writes it; `traces` and `births` are what must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.traces: dict[TraceKey, Trace] = {}
        self.births: Counter[TraceKey] = Counter()
        self.bindings: dict[str, str] = {}
        self.open()

    def open(self) -> None:
        self.store = Store.open(Path(self.folder.name, "store.db"), SystemClock())
        self.lease = self.store.leases.acquire("shop", "ann", ttl=0)
        self.journal = self.store.journal("shop", self.lease.fence)

    @rule(key=keys, part=words, native=ids, precious=strategies.booleans())
    def learn(self, key: TraceKey, part: str, native: str, precious: bool) -> None:
        trace = Trace(*key, part, "r", native, precious=precious)
        self.store.settle("shop", self.lease.fence, learn=[trace])
        self.remember(trace)

    @rule(key=keys)
    def forget(self, key: TraceKey) -> None:
        self.store.settle("shop", self.lease.fence, forget=[key])
        gone = self.traces.pop(key, None)
        self.births[key] += bool(gone and gone.id)

    @rule(wanted=maps)
    def bind(self, wanted: dict[str, str] | None) -> None:
        self.store.settle("shop", self.lease.fence, bindings=wanted)
        self.bindings = self.bindings if wanted is None else wanted

    @rule(key=keys, native=ids, outcome=strategies.sampled_from(["done", "failed", "unknown"]))
    def create(self, key: TraceKey, native: str, outcome: str) -> None:
        number = self.journal.begin(Intent("create", *key, "p", "r"))
        self.journal.end(number, outcome, id=native)  # type: ignore[arg-type]
        self.remember(Trace(*key, "p", "r", native if outcome == "done" else ""))

    @rule(key=keys, outcome=strategies.sampled_from(["done", "failed", "unknown"]))
    def delete(self, key: TraceKey, outcome: str) -> None:
        number = self.journal.begin(Intent("delete", *key, "p", "r"))
        self.journal.end(number, outcome)  # type: ignore[arg-type]
        if outcome == "done":
            self.traces.pop(key, None)
            self.births[key] += 1

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.open()

    def remember(self, trace: Trace) -> None:
        known = self.traces.get(trace.key)
        self.traces[trace.key] = replace(trace, id=trace.id or (known.id if known else ""))

    @invariant()
    def store_and_model_agree(self) -> None:
        memory = self.store.memory("shop")
        expected = {replace(t, births=self.births[key]) for key, t in self.traces.items()}
        assert set(memory.traces) == expected
        assert dict(memory.lives) == {key: n for key, n in self.births.items() if n}
        assert memory.bindings == self.bindings

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


MemoryModel.TestCase.settings = hypothesis.settings(
    max_examples=25, stateful_step_count=20, deadline=None
)
TestMemoryModel = MemoryModel.TestCase
