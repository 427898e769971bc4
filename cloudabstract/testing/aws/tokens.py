"""Client tokens of EC2: the same token and request give the same object, once and for all.

A token used with another request is refused, and so is one whose object is gone: it is spent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.aws.refusal import Refused, invalid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_LONGEST = 64
_MISMATCH = "IdempotentParameterMismatch"


@dataclass(frozen=True)
class _Use:
    request: str
    payload: Any


class Tokens:
    """The tokens used so far, by account, region, operation and token."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str, str, str], _Use] = {}

    def rules(self) -> Mapping[str, Rule]:
        """The rules on the calls whose token this layer honours."""
        return {"ec2.CreateVolume": self._once, "ec2.CopyVolumes": self._once}

    def _once(self, call: Call, proceed: Proceed) -> Any:
        token = call.sent.get("ClientToken")
        if not token:
            return proceed()
        if len(token) > _LONGEST:
            raise invalid(f"Client token must be less than or equal to {_LONGEST} characters")
        place = (call.account, call.region, call.operation, token)
        use = self._used.get(place)
        if use is None:
            use = self._used[place] = _Use(_request(call), proceed())
        elif use.request != _request(call):
            raise Refused(_MISMATCH, "The client token was used with other parameters")
        elif not _alive(call, use.payload):
            raise Refused(_MISMATCH, "The resource of this client token is deleted; use another")
        return use.payload


def _request(call: Call) -> str:
    same = {name: value for name, value in call.sent.items() if name != "ClientToken"}
    return json.dumps(same, sort_keys=True, default=str)


def _alive(call: Call, payload: Any) -> bool:
    volumes = payload["Volumes"] if isinstance(payload, dict) else [payload]
    found = [call.backend.volumes.get(volume.id) for volume in volumes]
    return all(volume is not None and volume.status != "deleting" for volume in found)
