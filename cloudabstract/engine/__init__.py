"""The engine: compares what is wanted with what is found, and closes the gap.

One direction, mostly pure; a package a stage, each knowing only those before it:

    wanting     Spec + Facts + Memory -> Desired
    finding     Desired + Memory -> Observed, and which object is which part
    planning    -> Plan, a value with a reason for each change
    walking     Plan -> Report: the only stage that changes the target
    keeping     day two: watching, drift, garbage, adoption

`engine` composes them for one stack; `turn` is everything up to the plan, `status` puts what is
there into portable words, `learn` and `record` keep what a turn has taught. Providers are called
only through the seam in cloudabstract.provider; every mutating call goes through walking.calls.
"""

from __future__ import annotations

from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.planning.change import Action, Change, Options, Plan
from cloudabstract.engine.planning.consent import Consent
from cloudabstract.engine.walking.events import Event, Outcome, Report, Stage
from cloudabstract.engine.walking.walk import Limits

from .engine import Engine
from .settings import Settings

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
