"""The data plane that follows from the records: changed with them, or not at all.

A change is made under the root's lock, against every thread and process: the record is written, the
configuration that follows is derived anew from all records, and Envoy is switched to it. If Envoy
does not take it, the record is put back and the old configuration serves on. Because configurations
are derived, a crash in between loses nothing: what differs shows as drift and is derived again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloudabstract.clock import Clock
from cloudabstract_local.envoy import binary
from cloudabstract_local.envoy import config as configs
from cloudabstract_local.envoy.admin import Admin, UnansweredError
from cloudabstract_local.envoy.config import CLUSTERS, LISTENERS, Config
from cloudabstract_local.envoy.daemon import Daemon
from cloudabstract_local.envoy.files import Watched
from cloudabstract_local.envoy.switch import Plant, Refusals, Switch
from cloudabstract_local.records import Record, Records, TornError
from cloudabstract_local.root import Root
from cloudabstract_local.settings import LocalSettings

from .kinds import ADDRESS, CERTIFICATE, ENDPOINTS, LISTENER, POOL
from .snapshot import Snapshot, take

_LOCK = "balancers"
_STEP = 0.02

Edit = Callable[[Snapshot], Mapping[str, Record | None]]


@dataclass(frozen=True)
class Plane:
    """The records of one root and the Envoys that serve them."""

    root: Root
    settings: LocalSettings
    clock: Clock
    records: Mapping[str, Records] = field(init=False)

    def __post_init__(self) -> None:
        kinds = (ADDRESS, POOL, ENDPOINTS, CERTIFICATE, LISTENER)
        made = {kind.name: Records(self.root, kind.name, self.clock) for kind in kinds}
        object.__setattr__(self, "records", made)

    def alter(self, kind: str, edit: Edit, subject: str = "") -> Snapshot:
        """Make the changes that `edit` finds right for the records as they are now.

        `subject` is the listener on whose behalf this is done: it must serve afterwards, or the
        change is undone. Raises Refused, and whatever `edit` raises.
        """
        with self.root.lock(_LOCK):
            before = self._sound()
            changes = edit(before)
            after = before.changed(kind, changes)
            self._put(kind, changes)
            if not subject and before.configs == after.configs:
                return after
            standing = self._daemons().keys()
            try:
                refused = self._publish(after)
                if subject in refused:
                    raise refused[subject]
            except Exception:
                self._put(kind, {name: before.of(kind).get(name) for name in changes})
                with contextlib.suppress(Exception):  # the first failure is the one to tell
                    self._publish(before)
                    self._stop(self._daemons().keys() - standing)
                raise
            return after

    def retire(self) -> None:
        """Stop Envoys without listeners, once connections are done or their time is over."""
        for drain, daemon in self._daemons().items():
            if drain in take(self.records).configs:
                continue
            self._drained(daemon.admin, drain)
            with self.root.lock(_LOCK):
                if drain not in take(self.records).configs:
                    self._stop([drain])

    def troubles(self) -> Mapping[str, str]:
        """By listener: why it does not serve; listeners that do are not in it."""
        with self.root.lock(_LOCK):
            snapshot = take(self.records)
            told: dict[str, str] = {}
            for drain, config in snapshot.configs.items():
                told |= _troubles(self._daemon(drain), config)
            return told

    def hosts(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Every cluster of every running Envoy, with its hosts in Envoy's own shape."""
        for daemon in self._daemons().values():
            with contextlib.suppress(UnansweredError):
                yield from daemon.admin.clusters().items()

    def addresses(self) -> frozenset[str]:
        """The addresses on which Envoys of this root are told to listen, records or not."""
        told = (Watched(daemon.folder).addresses() for daemon in self._daemons().values())
        return frozenset().union(*told)

    def binary(self) -> Path:
        """Where Envoy is. Raises Refused."""
        return binary.find(self.settings.envoy)

    def _sound(self) -> Snapshot:
        """All records. Raises TornError: deriving from half of them would stop the other half."""
        snapshot = take(self.records)
        if snapshot.torn:
            raise TornError("; ".join(snapshot.torn))
        return snapshot

    def _put(self, kind: str, changes: Mapping[str, Record | None]) -> None:
        for name, record in changes.items():
            if record is None:
                self.records[kind].remove(name)
            else:
                self.records[kind].write(record)

    def _publish(self, snapshot: Snapshot) -> Refusals:
        """Switch every Envoy; those that lose listeners come first: others can have the ports."""
        wanted, daemons = snapshot.configs, self._daemons()
        losing = {
            drain
            for drain, daemon in daemons.items()
            if Watched(daemon.folder).listeners() - wanted.get(drain, Config()).listeners.keys()
        }
        refused: Refusals = {}
        for drain in sorted(wanted.keys() | losing, key=lambda each: (each not in losing, each)):
            if drain in wanted or daemons[drain].serving():
                refused |= self._switch(drain).to(wanted.get(drain, Config()))
        return refused

    def _stop(self, drains: Iterable[int]) -> None:
        for drain in drains:
            daemon = self._daemon(drain)
            daemon.stop()
            Watched(daemon.folder).clear()
        self.root.folder("envoy").dissolve()

    def _drained(self, admin: Admin, seconds: int) -> None:
        deadline = self.clock.now() + seconds
        with contextlib.suppress(UnansweredError):
            while admin.busy() and self.clock.now() < deadline:
                self.clock.sleep(_STEP)

    def _daemons(self) -> dict[int, Daemon]:
        """Every Envoy that has a folder."""
        names = self.root.folder("envoy").names()
        return {int(name): self._daemon(int(name)) for name in names if name.isdigit()}

    def _daemon(self, drain: int) -> Daemon:
        return Daemon(self.root.folder("envoy", str(drain)), self.clock)

    def _switch(self, drain: int) -> Switch:
        plant = Plant(self.binary, drain, self.settings.concurrency)
        return Switch(self._daemon(drain), plant, self.clock)


def _troubles(daemon: Daemon, config: Config) -> dict[str, str]:
    """Why listeners of `config` do not serve, as far as one Envoy is concerned."""
    if not daemon.running():
        return dict.fromkeys(config.listeners, "Envoy is not running")
    try:
        listening, refused = daemon.admin.listening(), daemon.admin.refusals()
    except UnansweredError as error:
        return dict.fromkeys(config.listeners, str(error))
    silent = {
        name: refused.get(name, "Envoy does not listen for it")
        for name in config.listeners.keys() - listening
    }
    edited = "Envoy's files are not what the records say"
    return {**dict.fromkeys(_tampered(config, Watched(daemon.folder).read()), edited), **silent}


def _tampered(config: Config, files: Mapping[str, bytes]) -> set[str]:
    """The listeners that depend on anything which is not as it was written."""
    wrong = {path for path in config.singles if files.get(path) != config.files[path]}
    clusters = configs.resources(files.get(CLUSTERS, b""))
    wrong |= {
        f"eds/{name}.json" for name, each in config.clusters.items() if clusters.get(name) != each
    }
    listeners = configs.resources(files.get(LISTENERS, b""))
    return {
        name
        for name, each in config.listeners.items()
        if listeners.get(name) != each or config.uses[name] & wrong
    }
