"""Which calls this identity may make, found out without making them: EC2's `DryRun`.

EC2 answers DryRunOperation where a call would be let through, and UnauthorizedOperation where it
would not. Elastic Load Balancing and EFS have nothing of the kind: there, looking is all that can
be tried. Emulators know no permissions, and some make the object in spite of `DryRun`: where the
endpoint is not Amazon's (`Clients.genuine`) nothing must be tried at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Finding

from . import errors

_ALLOWED = "DryRunOperation"
Call = Callable[..., Any]


def dry(calls: Mapping[str, Call]) -> Iterator[Finding]:
    """A finding for each action; each of `calls` is to be called with `DryRun=True` only."""
    for action, call in calls.items():
        yield _finding(action, lambda call=call: call(DryRun=True))


def looked(calls: Mapping[str, Call]) -> Iterator[Finding]:
    """A finding for each action that only looks, by trying it."""
    for action, call in calls.items():
        yield _finding(action, call)


def _finding(action: str, call: Call) -> Finding:
    name = f"permission {action}"
    try:
        call()
    except Exception as error:  # noqa: BLE001 - a doctor reports, whatever it is
        if errors.code(error) == _ALLOWED:
            return Finding(name, True, "granted")
        failure = errors.classify(error)
        if failure.code is ErrorCode.DENIED:
            remedy = f"grant {action} to this identity (docs: AWS permissions)"
            return Finding(name, False, str(failure), remedy)
        return Finding(name, True, f"not refused ({failure.native or failure.code.value})")
    return Finding(name, True, "granted")
