"""When to stop: a person asked for it, the lease is not ours any more, or the store fails."""

from __future__ import annotations

import threading


class Halt:
    """True once no further call may begin. Safe between threads, and from a signal handler."""

    def __init__(self, lost: threading.Event | None = None) -> None:
        self.asked = threading.Event()  # wakes whoever sleeps
        self.failed = threading.Event()  # an intent could not be written
        self._lost = lost or threading.Event()

    def __bool__(self) -> bool:
        return self.asked.is_set() or self.failed.is_set() or self._lost.is_set()

    @property
    def lost(self) -> bool:
        """Whether the lease is lost."""
        return self._lost.is_set()
