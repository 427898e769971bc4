"""Ctrl-C and SIGTERM while something runs: finish the call in flight, record it, begin no more.

Until the first write can happen (`arm`), a signal simply ends the program. From then on the first
one asks the engine to stop, and a second one exits at once, which leaves the lease to expire.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from . import codes

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_NOTE = b"\nstopping: the calls in flight are finished and recorded; once more exits at once\n"


class Terminated(KeyboardInterrupt):
    """SIGTERM, where SIGINT would be a KeyboardInterrupt."""


class Stopping:
    """Context manager: turns signals into `stop()`. Outside of the main thread it does nothing."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._armed = False
        self._before: dict[int, Any] = {}
        self.received = 0  # the number of the first signal

    def arm(self) -> None:
        """From now on something may be written: stop in order."""
        self._armed = True

    def exit_code(self, code: int) -> int:
        """The exit code of a run that ended with `code`: 143 where a SIGTERM interrupted it."""
        terminated = code == codes.INTERRUPTED and self.received == signal.SIGTERM
        return codes.TERMINATED if terminated else code

    def __enter__(self) -> Stopping:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._receive) for each in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each, before in self._before.items():
            signal.signal(each, before)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if not self._armed:
            raise Terminated if number == signal.SIGTERM else KeyboardInterrupt
        if self.received:
            os._exit(128 + number)
        self.received = number
        self._stop()
        try:
            os.write(2, _NOTE)
        except OSError:
            return
