"""`Stack`: the Python face of everything. The command line is a thin layer over it.

    stack = Stack("shop", target="prod")
    plan = stack.plan("shop.yaml")          # path, folder, "-", or a list of model objects
    report = stack.apply(plan)
    report["LoadBalancer/web"].addresses

A stack owns what it made on its target, and nothing else. Configuration is found as the command
line finds it, or passed in. Calling `apply` or `delete` agrees to destructive steps, as saying so
in code is saying it; the loss of data has to be agreed to by name all the same.

    opened.py     configuration, target, store, engine: opened when needed, closed at the end
    turns.py      plan, apply, delete, status, history
    day_two.py    watch, drift, rollback, wait; discover, adopt, release, garbage
"""

from __future__ import annotations

from .day_two import DayTwo

__all__ = ["Stack"]


class Stack(DayTwo):
    """The resources of one owner on one target."""
