"""The memory clouds of this process, by name, so that two targets can speak of the same one."""

from __future__ import annotations

import threading
from pathlib import Path

from .cloud import Cloud
from .rules import Rules
from .settings import MemorySettings

_worlds: dict[str, Cloud] = {}
_lock = threading.Lock()


def world(name: str) -> Cloud:
    """The cloud of that name; a new, empty one with default settings when there is none."""
    return opened(MemorySettings(world=name))


def opened(settings: MemorySettings) -> Cloud:
    """The cloud that `settings` speak of. A world keeps the rules it was first opened with."""
    if settings.path is not None:
        return _cloud(settings, Path(settings.path))
    with _lock:
        if settings.world not in _worlds:
            _worlds[settings.world] = _cloud(settings, None)
        return _worlds[settings.world]


def forget(name: str) -> None:
    """Let a world end; the next to name it gets an empty one."""
    with _lock:
        _worlds.pop(name, None)


def _cloud(settings: MemorySettings, path: Path | None) -> Cloud:
    rules = Rules(
        delay=settings.delay,
        deletion=settings.deletion,
        lag=settings.lag,
        page=settings.page,
        quotas=dict(settings.quotas),
        denied=frozenset(settings.denied),
    )
    return Cloud(rules=rules, places=(settings.region, *settings.zones), path=path)
