"""The engine: compares what is wanted with what is found, and closes the gap.

One direction, mostly pure, one module a stage:

    resolve    Spec + Facts + Memory -> Desired   binding, claims, decided, following, parts, naming
    observe    Desired + Memory -> Observed       batches; leaving
    match      Desired + Observed -> Matched      owning
    planner    Matched -> Plan                    outlook, permits, reasons, endings, guards
    walk       Plan -> Report                     steps, backwards, frontier, perform, calls, retry
    status     Desired + Found -> Status          portable words for what is there now
    learn      Plan -> Memory                     what a turn has taught; record keeps it

`engine` composes them for one stack; `turn` is everything up to the plan. Providers are called only
through the seam in cloudabstract.provider, and every mutating call goes through `calls`.
"""

from __future__ import annotations

from .change import Action, Change, Options, Plan
from .consent import Consent
from .engine import Engine
from .events import Event, Outcome, Report, Stage
from .fields import Delta
from .settings import Settings
from .walk import Limits

__all__ = [
    "Action",
    "Change",
    "Consent",
    "Delta",
    "Engine",
    "Event",
    "Limits",
    "Options",
    "Outcome",
    "Plan",
    "Report",
    "Settings",
    "Stage",
]
