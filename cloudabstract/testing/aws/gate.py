"""The gate every call passes: faults, then the rules around moto, then the log, then more faults.

Rules are like layers of an onion: the first one registered sees the call first and the answer
last. A rule may refuse (raise `Refused`), answer by itself, or call on and amend the answer.
"""

from __future__ import annotations

import fnmatch
import functools
import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ConnectionClosedError
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores

from cloudabstract.testing.aws import calls, wire
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.faults import Fault, Faults, Stopped
from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_moto = BaseResponse.call_action


class Gate:
    """Stands in for moto's `call_action`."""

    def __init__(self, clock: SimulatedClock, lock: threading.RLock, seconds_per_read: float):
        self.calls = calls.CallLog()
        self.faults = Faults()
        self.rules: Sequence[Mapping[str, Rule]] = ()
        self._clock = clock
        self._lock = lock
        self._seconds_per_read = seconds_per_read
        self._matching = functools.cache(self._find)

    def answer(self, response: Any) -> Any:
        """What goes back to the caller: status, headers, body. One call at a time."""
        with self._lock:
            call = wire.read(response)
            if call is None:
                return _moto(response)
            fault: Fault | None = None
            try:
                fault = self.faults.before(call.service, call.operation)
                answer = self._govern(call)
            except Refused as refused:
                answer = wire.refusal(call, refused)
            self._record(call, wire.error_code(answer), fault)
            if calls.is_read(call.operation):
                self._clock.advance(self._seconds_per_read)
            return self._spoil(call, fault, answer) if fault else answer

    def _govern(self, call: Call) -> Any:
        """Let moto do its own dispatch, with our rules around the method it will look up."""
        if call.service == "ec2" and call.params.get("DryRun"):
            raise Refused(
                "DryRunOperation", "Request would have succeeded, but DryRun is set.", 412
            )
        rules = self._matching(call.key)
        if rules:
            name = camelcase_to_underscores(call.operation)
            native = getattr(call.response, name, None)
            chain = _chain(rules, call, lambda: wire.unwrap(native()) if native else None)
            setattr(call.response, name, lambda: wire.wrap(call, chain()))
        return _moto(call.response)

    def _find(self, key: str) -> tuple[Rule, ...]:
        return tuple(
            rule
            for registered in self.rules
            for pattern, rule in registered.items()
            if fnmatch.fnmatchcase(key, pattern)
        )

    def _record(self, call: Call, error: str, fault: Fault | None) -> None:
        shape = call.model.input_shape
        hidden = (
            [n for n, s in shape.members.items() if s.metadata.get("sensitive")] if shape else []
        )
        self.calls.add(
            calls.RecordedCall(
                service=call.service,
                operation=call.operation,
                params=calls.redacted(call.sent, hidden),
                region=call.region,
                at=self._clock.now(),
                error=error,
                lost=fault is not None,
            )
        )

    @staticmethod
    def _spoil(call: Call, fault: Fault, answer: Any) -> Any:
        """The effect has happened; now see to it that the caller does not learn of it."""
        if fault.kind == "stop_after":
            raise Stopped(f"after {call.operation}")
        if fault.refusal is not None:
            return wire.refusal(call, fault.refusal)
        connection = call.response.normalized_request.environ.get("werkzeug.socket")
        if connection is None:  # in process: what botocore sees when a connection drops
            raise ConnectionClosedError(endpoint_url=call.response.uri)
        connection.shutdown(socket.SHUT_RDWR)
        return answer


def _chain(rules: Sequence[Rule], call: Call, innermost: Proceed) -> Proceed:
    chain = innermost
    for rule in reversed(rules):
        chain = functools.partial(rule, call, chain)
    return chain
