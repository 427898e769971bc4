"""How an engine works, beyond what a plan says; and in whose name."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field

from cloudabstract.engine.walking.walk import Limits


@dataclass(frozen=True)
class Settings:
    """How an engine works; the defaults suit a person at a terminal."""

    limits: Limits = field(default_factory=Limits)
    ttl: float = 60.0  # seconds a lease lasts without a heartbeat
    beat: float | None = None  # seconds between heartbeats; None: a third of ttl; 0: none
    wait: float = 0.0  # seconds to wait for a lease that another holds
    who: str = ""
    keep: int = 200  # revisions kept in history


def whoami() -> str:
    """The name of the user who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a bare container
        return "unknown"
