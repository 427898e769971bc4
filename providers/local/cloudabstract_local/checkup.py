"""For `doctor`: what of this target works on this machine, and why the rest does not."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
from collections.abc import Callable, Iterator

from cloudabstract.errors import Failure
from cloudabstract.provider import Finding

from . import failures
from .balancers import pools
from .envoy import binary
from .root import Root
from .settings import LocalSettings
from .volumes import probe, tools

_PATIENCE = 30  # seconds for `envoy --version`
_NOTHING_LISTENS = 0  # the port that lets the system choose


def checkup(root: Root, settings: LocalSettings) -> Iterator[Finding]:
    """One finding for each thing that balancers and volumes need. Never raises."""
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "root": lambda: _root(root),
        "envoy": lambda: _envoy(settings),
        "pools": lambda: _pools(settings),
        "ports below 1024": _low_ports,
        "e2fsprogs": _filesystems,
        "mounting": lambda: _mounting(settings),
    }
    for name, look in looks.items():
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - a doctor reports, whatever it is
            failure: Failure = failures.classify(error)
            yield Finding(name, False, failure.message, failure.remedy)


def _root(root: Root) -> Iterator[Finding]:
    with root.lock("doctor"):
        yield Finding("root", True, f"{root.path} is private and can be written")


def _envoy(settings: LocalSettings) -> Iterator[Finding]:
    path = binary.find(settings.envoy)
    answer = subprocess.run(
        [path, "--version"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=False,
    )
    said = (answer.stdout or answer.stderr).strip().rpartition("version: ")[2].splitlines()
    works = answer.returncode == 0
    remedy = "" if works else "install a build for this system, and set `envoy` of the target"
    yield Finding("envoy", works, f"{path}: {said[-1].strip() if said else 'no answer'}", remedy)


def _pools(settings: LocalSettings) -> Iterator[Finding]:
    for routability, texts in settings.pools.items():
        pool = pools.parse(texts)
        for family in pool.families():
            address = next(pool.candidates(family, ""))
            trouble = _trouble(address, _NOTHING_LISTENS)
            name = f"pool {routability} {family}"
            if not trouble:
                yield Finding(name, True, f"addresses like {address} can be listened on")
            else:
                remedy = "put addresses of this machine into `pools`"
                yield Finding(name, False, f"{address} cannot be listened on: {trouble}", remedy)


def _low_ports() -> Iterator[Finding]:
    """Whether port 1 could be had; that somebody has it already is no objection."""
    trouble = _trouble("127.0.0.1", 1)
    allowed = trouble in ("", os.strerror(errno.EADDRINUSE))
    remedy = "" if allowed else "sysctl net.ipv4.ip_unprivileged_port_start=0, or higher ports"
    message = "can be listened on" if allowed else f"cannot be listened on: {trouble}"
    yield Finding("ports below 1024", allowed, message, remedy)


def _filesystems() -> Iterator[Finding]:
    missing = [each for each in ("mke2fs", "e2fsck", "resize2fs") if tools.find(each) is None]
    if missing:
        remedy = "install e2fsprogs, or set `medium: directory` on the target"
        yield Finding("e2fsprogs", False, f"{', '.join(missing)} not found", remedy)
    else:
        yield Finding("e2fsprogs", True, "disk images can be made, checked and grown")


def _mounting(settings: LocalSettings) -> Iterator[Finding]:
    why_not = probe.here().why_not
    if settings.mount == "never":
        yield Finding("mounting", True, "images are not mounted, as `mount: never` says")
    elif why_not:
        remedy = "images can be filled and read without; or use `medium: directory`"
        yield Finding("mounting", False, f"images cannot be mounted: {why_not}", remedy)
    else:
        yield Finding("mounting", True, "images can be mounted")


def _trouble(address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probed:
        try:
            probed.bind((address, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""
