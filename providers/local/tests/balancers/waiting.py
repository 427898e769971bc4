"""Waiting for what the world does in its own time."""

from __future__ import annotations

from collections.abc import Callable

from cloudabstract.clock import SystemClock

_PATIENCE, _STEP = 30.0, 0.05  # seconds


def until(holds: Callable[[], bool], what: str) -> None:
    """Return once `holds`; fail with `what` if that does not happen."""
    clock = SystemClock()
    deadline = clock.now() + _PATIENCE
    while not holds():
        assert clock.now() < deadline, what
        clock.sleep(_STEP)
