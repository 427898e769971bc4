"""Which versions are installed, read from packages' metadata without importing them."""

from __future__ import annotations

from importlib import metadata

APP = "cloudabstract"
UNKNOWN = "unknown (run from its sources)"


def own() -> str:
    """Our version."""
    return of(APP) or UNKNOWN


def of(distribution: str) -> str:
    """The version of a distribution; "" when it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def plugins() -> dict[str, str]:
    """Distributions that offer plugins, and their versions."""
    found = {}
    for entry in metadata.entry_points(group=APP):
        if entry.dist is not None:
            found[entry.dist.name] = entry.dist.version
    return dict(sorted(found.items()))
