"""What is replaced while a strict AWS runs: moto's point of entry, and botocore's sleeping."""

from __future__ import annotations

import types
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.gate import Gate


def moto(gate: Gate) -> list[AbstractContextManager[Any]]:
    """Every call passes the gate, and calls that moto lacks have a method for it to find."""
    from moto.core.responses import BaseResponse
    from moto.ec2.responses import EC2Response
    from moto.efs.responses import EFSResponse

    def call_action(response: Any) -> Any:  # a function, for moto calls it as a method
        return gate.answer(response)

    return [
        patch.object(BaseResponse, "call_action", call_action),
        patch.object(EC2Response, "copy_volumes", _lacking, create=True),
        patch.object(EFSResponse, "update_file_system", _lacking, create=True),
    ]


def botocore(clock: SimulatedClock) -> list[AbstractContextManager[Any]]:
    """Waiters and retries sleep in simulated time, which is to say not at all."""
    import time

    import botocore.endpoint
    import botocore.waiter

    simulated = types.SimpleNamespace(**vars(time) | {"sleep": clock.sleep})
    return [
        patch.object(botocore.waiter, "time", simulated),
        patch.object(botocore.endpoint, "time", simulated),
    ]


def _lacking(response: Any) -> None:
    """Something for moto's dispatch to find; the rule on the call answers in its place."""
