"""The choke point: every mutating call goes through here, and none without its intent on disk.

    pace -> begin (durable) -> the driver's verb -> end -> outcome

The engine's own names for what may come of it: an object, or a Failure. Nothing is retried here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from cloudabstract.engine.wanting import naming
from cloudabstract.errors import CloudAbstractError, ErrorCode, Failure
from cloudabstract.provider import Found, Session, Verb
from cloudabstract.store import Intent, Journal, Memory

from .halt import Halt
from .pacing import Pacer

log = logging.getLogger("cloudabstract.engine")


@dataclass(frozen=True)
class Subject:
    """The object a call is about, as the journal knows it."""

    kind: str
    place: str
    name: str
    part: str
    resource: str
    precious: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of a call: an object (None after a delete) or a failure; or it was not made."""

    found: Found | None = None
    failure: Failure | None = None
    halted: bool = False  # the run was stopped before the call could begin


class Calls:
    """Makes calls for one turn of one stack."""

    def __init__(
        self, stack: str, session: Session, journal: Journal, memory: Memory, pacer: Pacer
    ) -> None:
        self._stack = stack
        self._session = session
        self._journal = journal
        self._memory = memory
        self._pacer = pacer
        self._spent: dict[tuple[str, str, str], int] = {}  # SPENT tokens met in this run
        self.halt = Halt()

    def token(self, subject: Subject) -> str:
        """The idempotency token for making `subject` now.

        A lost store has forgotten how many lives a name has had: each SPENT token doubles the
        stride, always in the same way, so that a run after a crash comes to the same token.
        """
        key = (subject.kind, subject.place, subject.name)
        births = self._memory.births(*key) + 2 ** self._spent.get(key, 0) - 1
        return naming.token(self._stack, subject.kind, subject.name, births)

    def make(self, verb: Verb, subject: Subject, call: Callable[[str], Found | None]) -> Answer:
        """Make one call; `call` gets the token.

        Raises StoreError or LeaseError, before the call is made, when the intent cannot be written.
        """
        self._pacer.take(subject.kind, verb, self.halt.asked)
        if self.halt:
            return Answer(halted=True)
        token = self.token(subject) if verb == "create" else ""
        number = self._begin(verb, subject, token)
        try:
            found = call(token)
        except CloudAbstractError:
            self._journal.end(number, "failed", error="refused by cloudabstract")
            raise
        except Exception as error:  # noqa: BLE001  SDKs raise anything; the session classifies
            return self._failed(number, verb, subject, error)
        self._journal.end(number, "done", id=found.id if found is not None else "")
        return Answer(found)

    def gone(self, subject: Subject) -> Answer:
        """A delete whose answer was lost has had its effect: the books say so, without a call.

        Raises StoreError or LeaseError when that cannot be written.
        """
        self._journal.end(self._begin("delete", subject, ""), "done")
        return Answer()

    def _begin(self, verb: Verb, subject: Subject, token: str) -> int:
        """Write the intent; the number under which it ends. What cannot be written stops all."""
        where = (subject.kind, subject.place, subject.name, subject.part, subject.resource)
        try:
            return self._journal.begin(Intent(verb, *where, token, subject.precious))
        except CloudAbstractError:
            self.halt.failed.set()
            raise

    def _failed(self, number: int, verb: Verb, subject: Subject, error: Exception) -> Answer:
        failure = self._session.classify(error)
        log.debug("%s %s: %s", verb, subject.name, failure, exc_info=error)
        gone = verb == "delete" and failure.code is ErrorCode.NOT_FOUND
        if gone:
            self._journal.end(number, "done")
            return Answer()
        unknown = failure.code is ErrorCode.UNKNOWN
        self._journal.end(number, "unknown" if unknown else "failed", error=str(failure))
        if failure.code is ErrorCode.THROTTLED:
            self._pacer.throttled(subject.kind, verb)
        if failure.code is ErrorCode.SPENT:
            key = (subject.kind, subject.place, subject.name)
            self._spent[key] = self._spent.get(key, 0) + 1
        return Answer(failure=failure)
