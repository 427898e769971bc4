"""What a turn leaves in the store: memory, settled in one step, and a revision in history.

A turn that changes nothing leaves nothing: neither a revision, nor a row that is as it was.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cloudabstract.engine.planning.change import Plan
from cloudabstract.engine.walking.events import Report, Stage
from cloudabstract.model import Resource, ResourceKey, wire
from cloudabstract.store import Held, Memory, Store, TraceKey

from . import learn
from .status import remembered

_TIDY = 20  # revisions


@dataclass(frozen=True)
class Author:
    """Who takes turns, and how many of them are kept."""

    who: str
    keep: int = 200  # revisions


class Records:
    """Reads and writes the store for one stack."""

    def __init__(self, store: Store, stack: str, author: Author) -> None:
        self._store = store
        self._stack = stack
        self._author = author
        self._written: tuple[tuple[Resource, ...], str] = ((), "")  # the spec written last

    def memory(self) -> Memory:
        """All that is remembered. What a run that died was deleting is not known to exist."""
        memory = self._store.memory(self._stack)
        begun = self._store.open_intents(self._stack)
        doomed = {each.intent.key for each in begun if each.intent.verb == "delete"}
        if not doomed:
            return memory
        traces = (replace(it, id="") if it.key in doomed else it for it in memory.traces)
        return replace(memory, traces=tuple(traces))

    def applied(self) -> tuple[Resource, ...]:
        """The spec as it was last applied; empty when nothing ever was."""
        documents = json.loads(self._last_spec() or "[]")
        return tuple(wire.from_document(each) for each in documents)

    def prior(self, asked: Iterable[Resource]) -> Mapping[ResourceKey, Resource]:
        """The resources as they were last applied: `asked` themselves, if they are the same."""
        text = self._last_spec()
        resources = tuple(asked)
        if not text:
            return {}
        if text != self._spec_text(resources):
            resources = self.applied()
        return {each.key: each for each in resources}

    def begin(self, plan: Plan, held: Held, action: str) -> int:
        """A new revision, or 0 when neither the spec nor the world has changed since the last."""
        asked = tuple(plan.desired.asked.values()) if plan.spec is None else plan.spec
        spec = self._spec_text(asked)
        if plan.empty and self._last_spec() == spec:
            return 0
        again = self._same_attempt(plan, action, spec)
        if again:
            return again
        history = self._store.history(self._stack, held.fence)
        text = json.dumps(plan.as_json(), sort_keys=True)
        number = history.begin_revision(
            action, who=self._author.who, host=socket.gethostname(), spec=spec, plan=text
        )
        if number % _TIDY == 0:  # runs that die never come to `close`, which tidies up, too
            history.trim(self._author.keep)
        return number

    def _same_attempt(self, plan: Plan, action: str, spec: str) -> int:
        """The last revision, if it tried and failed to do just this; else 0.

        A watch that fails for days would else push all that people did out of history.
        """
        last = self._store.history(self._stack).last()
        if last is None or (last.action, last.spec) != (action, spec) or last.outcome == "done":
            return 0
        tried = json.loads(last.plan or "{}").get("changes")
        now = json.loads(json.dumps([each.as_json() for each in plan.changes]))
        return last.number if action == "watch" and tried == now else 0

    def settle(self, plan: Plan, memory: Memory, held: Held) -> Memory:
        """Remember what the plan has taught; returns what is remembered then."""
        self._close_old_intents(held)
        lesson = learn.lesson(plan, memory, learn.read_seen(memory))
        self._store.settle(
            self._stack,
            held.fence,
            forget=lesson.forget,
            learn=lesson.learn,
            bindings=lesson.bindings,
            salts=lesson.salts,
            protected=lesson.protected,
            notes=lesson.notes,
        )
        return self.memory()

    def finish(self, done: Report, memory: Memory, held: Held) -> None:
        """Record how the turn ended. Raises StoreError, LeaseError."""
        self._store.journal(self._stack, held.fence).flush()
        notes = learn.afterwards(memory, remembered(done.statuses), done.outcomes)
        gone = tuple(_disowned(done))
        if notes != memory.notes or gone:
            self._store.settle(self._stack, held.fence, forget=gone, notes=notes)
        self.close(done, held)

    def close(self, done: Report, held: Held) -> None:
        """Record the outcome of a turn in history, and nothing else that it may have taught."""
        self._store.journal(self._stack, held.fence).flush()
        if not done.revision:
            return
        history = self._store.history(self._stack, held.fence)
        outcome = "done" if done.ok else "failed" if done.exit_code == 1 else "partial"
        summary = json.dumps(done.plan.summary, sort_keys=True)
        text = json.dumps([each.as_json() for each in done.outcomes], sort_keys=True)
        history.finish_revision(done.revision, outcome, summary, text)
        history.trim(self._author.keep)

    def _close_old_intents(self, held: Held) -> None:
        """Calls of a run that died: what they did has just been observed."""
        journal = self._store.journal(self._stack, held.fence)
        for each in journal.open_intents():
            journal.end(each.number, "unknown", error="the run that made this call was cut short")

    def _spec_text(self, resources: tuple[Resource, ...]) -> str:
        """`spec_text`, once for the same resources."""
        known, text = self._written
        if not text or list(map(id, known)) != list(map(id, resources)):
            text = spec_text(resources)
            self._written = (resources, text)
        return text

    def _last_spec(self) -> str:
        last = self._store.history(self._stack).last()
        return last.spec if last is not None else ""


def _disowned(done: Report) -> Iterator[TraceKey]:
    """Objects that were let go of for good: nobody is to know their ids any more."""
    for each in done.outcomes:
        change = each.change
        if each.stage is Stage.DONE and change.disown:
            yield change.part.kind, change.place, change.name


def spec_text(resources: Iterable[Resource]) -> str:
    """A spec as it is kept in history: every default written out, in the order of keys."""
    documents = [
        wire.to_document(each, defaults=True) for each in sorted(resources, key=lambda r: r.key)
    ]
    return json.dumps(documents, sort_keys=True)
