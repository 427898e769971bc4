"""A whole cloud in memory: the reference provider, and a target for users' own tests.

It is the smallest honest cloud. It has unique names, idempotency tokens, labels, pages, quotas,
zones, read lag, slow creation and slow deletion, refusals while in use, cool-downs and denied
operations; and nothing else. What it does is what the contract of cloudabstract.provider asks, so
it is also the example to read before writing a provider:

    kinds.py      the kinds of parts, and what is fixed about each
    settings.py   what a target of provider `memory` can be told
    check*.py     what it cannot do, field by field
    balancers.py, volumes.py   resources expanded into parts
    status.py     parts back to portable status
    reading.py    a whole cloud back to resources: what `discover` prints
    driver.py, session.py      the four verbs, over the cloud's own calls
    cloud.py      the cloud itself, and what a test sees and does behind its back
    calls.py      its calls; laws.py what they refuse; state.py what stands in it

    cloud = Cloud(FakeClock(), Rules(delay=30))
    provider = MemoryProvider(MemorySettings(), cloud)

Importing this package needs no library beyond the core's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cloud import Cloud
    from .provider import MemoryProvider
    from .rules import Rules
    from .settings import MemorySettings
    from .things import CloudError, Thing
    from .worlds import forget, world

__all__ = [
    "Cloud",
    "CloudError",
    "MemoryProvider",
    "MemorySettings",
    "Rules",
    "Thing",
    "forget",
    "world",
]

_HOMES = {
    "Cloud": "cloud",
    "CloudError": "things",
    "MemoryProvider": "provider",
    "MemorySettings": "settings",
    "Rules": "rules",
    "Thing": "things",
    "forget": "worlds",
    "world": "worlds",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: every command loads the plugin, few use the cloud."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
