"""From the configuration an Envoy has to the one it should have, without dropping a connection.

Files are replaced in the order in which Envoy must learn of things: members and certificates;
clusters, old and new; routes; listeners; and at last the clusters that nobody uses any more.
After each step we wait until Envoy says that it took the file or refused it. What makes one
listener's port impossible concerns that listener alone; any other refusal is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cloudabstract.clock import Clock
from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused

from . import config as configs
from . import handover, ports
from .admin import Tally, UnansweredError
from .config import CLUSTERS, LISTENERS, Config
from .daemon import Daemon
from .files import Watched
from .validation import validate

_READ = 10.0  # seconds Envoy has for reading a file
_FIRST_CHECKS = 2.0  # seconds to wait for first health checks: a new balancer finds its backends
_HAND_OVER = 6.0  # the same, where traffic flows that would find nobody otherwise
_STEP = 0.005
_WARMING = "(warming_clusters|total_listeners_warming)$"

Refusals = dict[str, Refused]  # listener -> why it does not take traffic


@dataclass(frozen=True)
class Plant:
    """What is needed to run an Envoy: its binary, its drain time in seconds, its threads."""

    binary: Callable[[], Path]
    drain: int
    workers: int


class Switch:
    """Brings one Envoy to a configuration. Callers hold the root's lock."""

    def __init__(self, daemon: Daemon, plant: Plant, clock: Clock) -> None:
        self._daemon = daemon
        self._admin = daemon.admin
        self._watched = Watched(daemon.folder)
        self._plant = plant
        self._clock = clock

    def to(self, config: Config) -> Refusals:
        """Make `config` what Envoy serves; the listeners it could not have. Raises Refused."""
        try:
            if not self._daemon.serving():
                return self._start(config)
            return self._change(config)
        except UnansweredError as error:
            raise Refused(ErrorCode.UNKNOWN, str(error), "apply again") from error

    def _start(self, config: Config) -> Refusals:
        binary = self._plant.binary()
        if self._daemon.running():
            self._daemon.stop()  # it lives but does not answer: stuck
        refused = _unavailable(config, config.listeners)
        refused |= self._unacceptable(config.without(refused))
        config = config.without(refused)
        if not config.listeners:
            return refused
        files = config.files
        self._watched.write(files)
        self._watched.keep(files)
        self._daemon.folder.write(configs.BOOTSTRAP, configs.bootstrap())
        self._daemon.start(binary, configs.BOOTSTRAP, self._plant.drain, self._plant.workers)
        self._warm()
        return refused | self._bind_failures()

    def _unacceptable(self, config: Config) -> Refusals:
        """Listeners with which Envoy would not start, say because a key does not fit any more."""
        folder, binary = self._daemon.folder, self._plant.binary()
        refused = {}
        try:
            validate(folder, binary, config, config.listeners, config.clusters)
        except Refused:
            for name in config.listeners:
                try:
                    validate(folder, binary, config, [name], config.clusters)
                except Refused as error:
                    refused[name] = error
        return refused

    def _change(self, config: Config) -> Refusals:
        before = self._watched.read()
        listening = self._admin.listening()
        missing = config.listeners.keys() - listening
        refused = _unavailable(config, missing, _taken_by(before, listening))
        config = config.without(refused)
        if before == config.files and not missing - refused.keys():
            return refused
        self._validate(config, before)
        said, tallies = self._daemon.log_size(), self._admin.tallies()
        self._walk(config, before, bool(missing - refused.keys()))
        failed = self._bind_failures()
        bad = self._refused_since(tallies, config)
        if bad - {LISTENERS} or (bad and not failed):
            reason = self._daemon.log_since(said) or ", ".join(sorted(bad))
            raise Refused(ErrorCode.INVALID, f"Envoy refused the configuration: {reason}")
        return refused | failed

    def _walk(self, config: Config, before: Mapping[str, bytes], nudge: bool) -> None:
        """The files, step by step; `nudge` has Envoy read the listeners again in any case."""
        after = config.files
        new = {path for path in config.singles if before.get(path) != after[path]}
        for path in new & before.keys():
            self._hand_over(config, path, before[path])
        self._put({path: after[path] for path in new if not path.startswith("rds/")})
        known = configs.resources(before.get(CLUSTERS, b""))
        both = replace(config, clusters={**known, **config.clusters}).files[CLUSTERS]
        if both != before.get(CLUSTERS):
            self._put({CLUSTERS: both})
            self._warm(_HAND_OVER if _rerouted(config, before) else _FIRST_CHECKS)
        self._put({path: after[path] for path in new if path.startswith("rds/")})
        if nudge or after[LISTENERS] != before.get(LISTENERS):
            self._put({LISTENERS: after[LISTENERS]})
            self._warm()
        if after[CLUSTERS] != both:
            self._put({CLUSTERS: after[CLUSTERS]})
        self._watched.keep(after)

    def _hand_over(self, config: Config, path: str, before: bytes) -> None:
        """Let new members be found healthy before old ones go; see handover."""
        name = path.removeprefix("eds/").removesuffix(".json")
        old = configs.resources(before).get(name)
        if not path.startswith("eds/") or old is None:
            return
        members = config.singles[path]
        between = handover.bridge(config.clusters[name], old, members)
        if between is None:
            return
        self._put({path: configs.envelope([between])})
        clusters = self._admin.clusters
        self._until(_HAND_OVER, lambda: handover.answered(clusters().get(name, []), members))

    def _put(self, files: Mapping[str, bytes]) -> None:
        """Write files, and wait until Envoy has taken or refused those that it watches."""
        if not files:
            return
        then = self._admin.tallies()
        watched = then.keys() & files.keys()
        self._watched.write(files)

        def settled() -> bool:
            now = self._admin.tallies()
            return all(now[each].settled > then[each].settled for each in watched & now.keys())

        if not self._until(_READ, settled):
            raise UnansweredError(f"Envoy does not read {', '.join(sorted(watched))}")

    def _warm(self, seconds: float = _FIRST_CHECKS) -> None:
        """Wait for first health checks, so that traffic finds its backends."""
        self._until(seconds, lambda: not any(self._admin.gauges(_WARMING).values()))

    def _until(self, seconds: float, done: Callable[[], bool]) -> bool:
        deadline = self._clock.now() + seconds
        while not done():
            if self._clock.now() >= deadline:
                return False
            self._clock.sleep(_STEP)
        return True

    def _validate(self, config: Config, before: Mapping[str, bytes]) -> None:
        """Have Envoy check what is new in `config`."""
        after = config.files
        new = {path for path, content in after.items() if before.get(path) != content}
        old = configs.resources(before.get(LISTENERS, b""))
        listeners = [
            name
            for name, each in config.listeners.items()
            if old.get(name) != each or config.uses[name] & new
        ]
        known = configs.resources(before.get(CLUSTERS, b""))
        clusters = [
            name
            for name, each in config.clusters.items()
            if known.get(name) != each or f"eds/{name}.json" in new
        ]
        if listeners or clusters:
            folder, binary = self._daemon.folder, self._plant.binary()
            validate(folder, binary, config, listeners, clusters)

    def _refused_since(self, then: Mapping[str, Tally], config: Config) -> set[str]:
        now = self._admin.tallies()
        return {
            path
            for path in config.files.keys() & now.keys()
            if now[path].refused > then.get(path, Tally()).refused
        }

    def _bind_failures(self) -> Refusals:
        return {
            name: Refused(ErrorCode.INVALID, f"Envoy cannot serve it: {reason}")
            for name, reason in self._admin.refusals().items()
        }


def _rerouted(config: Config, before: Mapping[str, bytes]) -> bool:
    """Whether a listener that serves already is to send traffic to a new cluster."""
    known = configs.resources(before.get(CLUSTERS, b"")).keys()
    fresh = {f"eds/{name}.json" for name in config.clusters.keys() - known}
    standing = configs.resources(before.get(LISTENERS, b"")).keys() & config.uses.keys()
    return any(config.uses[name] & fresh for name in standing)


def _taken_by(before: Mapping[str, bytes], listening: Iterable[str]) -> set[configs.Seat]:
    """The seats that this Envoy has itself, so that a listener may follow another in its seat."""
    known = configs.resources(before.get(LISTENERS, b""))
    seats = {configs.seat(known[name]) for name in listening if name in known}
    return {seat for seat in seats if seat is not None}


def _unavailable(
    config: Config, names: Iterable[str], ours: Iterable[configs.Seat] = ()
) -> Refusals:
    """Which of these listeners cannot have their seat, and why."""
    refused = {}
    for name in names:
        seat = configs.seat(config.listeners[name])
        if seat is None or seat in ours:
            continue
        try:
            ports.reserve(seat[0], seat[1], seat[2] == "UDP")
        except Refused as error:
            refused[name] = error
    return refused
