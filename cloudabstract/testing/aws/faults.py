"""What can go wrong between a caller and AWS, on demand.

Each fault names an operation ("CreateVolume", or a pattern such as "Create*") and which of its
calls from now on is hit: the first, unless `nth` says otherwise. What happens to a call:

    stop_before    the caller dies before the call is sent          nothing happened
    throttle, deny refused                                          nothing happened
    fail           a server error or any other refusal              nothing happened
    fail_after     a server error                                   it happened
    lose_answer    the connection drops                             it happened
    stop_after     the caller dies before it hears the answer       it happened
"""

from __future__ import annotations

import fnmatch
import random
from dataclasses import dataclass, replace

from cloudabstract.testing.aws.refusal import Refused

THROTTLED = {  # per service: its code for "slower, please", and the HTTP status that goes with it
    "ec2": ("RequestLimitExceeded", 503),
    "elbv2": ("Throttling", 400),
    "efs": ("ThrottlingException", 429),
}
DENIED = {"ec2": "UnauthorizedOperation", "elbv2": "AccessDenied", "efs": "AccessDeniedException"}
IAM_PREFIX = {
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
}


class Stopped(BaseException):
    """The caller's process died here. Like KeyboardInterrupt, ordinary handlers do not see it."""


@dataclass
class Fault:
    """One thing that will go wrong, and how many calls it could have hit so far."""

    kind: str  # "stop_before", "throttle", "fail", "fail_after", "lose_answer", "stop_after"
    operation: str
    nth: int = 1
    times: int = 1
    refusal: Refused | None = None
    seen: int = 0

    def hits(self, operation: str) -> bool:
        """Whether this call is the one; every call of the operation counts."""
        if not fnmatch.fnmatchcase(operation, self.operation):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    """Tell it what shall go wrong; `clear()` mends everything."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._denied: list[str] = []
        self._throttled: list[tuple[str, float, random.Random]] = []

    def stop_before(self, operation: str, nth: int = 1) -> None:
        """The caller dies (`Stopped` is raised) before the call is sent. In process only."""
        self._faults.append(Fault("stop_before", operation, nth))

    def stop_after(self, operation: str, nth: int = 1) -> None:
        """The caller dies (`Stopped` is raised) when the effect has happened. In process only."""
        self._faults.append(Fault("stop_after", operation, nth))

    def lose_answer(self, operation: str, nth: int = 1) -> None:
        """The effect happens, and the connection closes without an answer."""
        self._faults.append(Fault("lose_answer", operation, nth))

    def fail_after(self, operation: str, nth: int = 1, status: int = 503) -> None:
        """The effect happens, and the answer is a server error."""
        refusal = Refused("InternalError", "An internal error has occurred", status)
        self._faults.append(Fault("fail_after", operation, nth, refusal=refusal))

    def fail(
        self, operation: str, code: str, status: int = 400, nth: int = 1, times: int = 1
    ) -> None:
        """Nothing happens, and the answer is the error `code`: also page `nth` of a list."""
        refusal = Refused(code, f"{code}, as the test asked for", status)
        self._faults.append(Fault("fail", operation, nth, times, refusal))

    def throttle(self, operation: str = "*", times: int = 1) -> None:
        """Refuse the next `times` calls with the service's own throttling code."""
        self._faults.append(Fault("throttle", operation, times=times))

    def throttle_share(self, share: float, seed: int, operation: str = "*") -> None:
        """Refuse `share` (0..1) of all calls with throttling, the same ones for the same seed."""
        self._throttled.append((operation, share, random.Random(seed)))

    def deny(self, action: str) -> None:
        """Refuse an IAM action from now on: "ec2:CreateVolume", "elasticloadbalancing:*"."""
        self._denied.append(action)

    def allow(self, action: str) -> None:
        """Take back `deny(action)`. Raises ValueError when it was not denied."""
        self._denied.remove(action)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()
        self._denied.clear()
        self._throttled.clear()

    def before(self, service: str, operation: str) -> Fault | None:
        """Raise what hits this call before its effect; else give what hits it afterwards."""
        hit = {fault.kind: fault for fault in self._faults if fault.hits(operation)}
        if "stop_before" in hit:
            raise Stopped(f"before {operation}")
        self._check_denied(service, operation)
        if "throttle" in hit or self._unlucky(operation):
            code, status = THROTTLED.get(service, ("Throttling", 400))
            raise Refused(code, "Request limit exceeded.", status)
        if "fail" in hit and hit["fail"].refusal is not None:
            raise replace(hit["fail"].refusal)
        return next((hit[kind] for kind in _AFTER if kind in hit), None)

    def _check_denied(self, service: str, operation: str) -> None:
        action = f"{IAM_PREFIX.get(service, service)}:{operation}"
        if any(fnmatch.fnmatchcase(action, pattern) for pattern in self._denied):
            code = DENIED.get(service, "AccessDeniedException")
            raise Refused(code, f"You are not authorized to perform: {action}", 403)

    def _unlucky(self, operation: str) -> bool:
        draws = [
            dice.random() < share
            for pattern, share, dice in self._throttled
            if fnmatch.fnmatchcase(operation, pattern)
        ]
        return any(draws)


_AFTER = ("stop_after", "lose_answer", "fail_after")
