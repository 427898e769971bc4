"""A small emulator of Compute Engine, for tests of whatever talks to it.

It knows the part of the API that load balancers and disks need, and takes Google's own discovery
document as its word on paths, parameters, types and patterns. What it does and how sure that is
stands in docs/gce-emulator.md, one row a behaviour. `python -m cloudabstract.testing.gce` serves
one over HTTP.
"""

from __future__ import annotations

from cloudabstract.testing.gce.calls import CallLog, LoggedCall
from cloudabstract.testing.gce.cloud import Options
from cloudabstract.testing.gce.dispatch import Answer
from cloudabstract.testing.gce.emulator import Emulator
from cloudabstract.testing.gce.errors import AnswerLost, ApiError
from cloudabstract.testing.gce.faults import Faults
from cloudabstract.testing.gce.world import Resource, World

__all__ = [
    "Answer",
    "AnswerLost",
    "ApiError",
    "CallLog",
    "Emulator",
    "Faults",
    "LoggedCall",
    "Options",
    "Resource",
    "World",
]
