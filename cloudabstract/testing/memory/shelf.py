"""A memory cloud in a JSON file, for tests whose commands run in several processes.

The file is replaced as a whole: a reader sees the old cloud or the new one, never half of each. A
lock file beside it makes one call at a time of several processes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .state import State, state_of


class Shelf:
    """Loads and saves the state of one cloud."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all other processes out meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def load(self) -> State:
        """What the file says; an empty cloud when there is none."""
        try:
            return state_of(json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return State()

    def save(self, state: State) -> None:
        """Replace the file. Its parent folder must exist."""
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(state.plain(), file, sort_keys=True, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
