"""Questions to a running Envoy, over the unix socket that only its owner can open."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract_local.root import Folder

SOCKET = "admin.sock"
_LONGEST = 100  # bytes that fit into a unix socket's address, everywhere
_PATIENCE = 3.0  # seconds for an answer
_SETTLED = ("update_success", "update_rejected", "update_failure")


class UnansweredError(Exception):
    """Envoy does not answer: it is not running, still starting, or stuck."""


@dataclass(frozen=True)
class Tally:
    """How often one subscription (a watched file) was taken, and how often it was refused."""

    taken: int = 0
    refused: int = 0

    @property
    def settled(self) -> int:
        return self.taken + self.refused


class Admin:
    """The administration interface of the Envoy in `folder`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def ask(self, path: str, method: str = "GET") -> str:
        """The answer's text. Raises UnansweredError."""
        try:
            with self._folder.opened() as descriptor:
                connection = _Connection(self._address(descriptor))
                connection.request(method, path)
                answer = connection.getresponse()
                text = answer.read().decode(errors="replace")
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise UnansweredError(f"Envoy in {self._folder.path} does not answer") from error
        if answer.status >= 400:
            raise UnansweredError(f"Envoy answered {path} with {answer.status}: {text.strip()}")
        return text

    def live(self) -> bool:
        """Whether it answers and has read its first configuration."""
        try:
            return self.ask("/ready").strip() == "LIVE"
        except UnansweredError:
            return False

    def gauges(self, pattern: str) -> Mapping[str, int]:
        """Statistics whose names match the regular expression `pattern`."""
        stats = self._json(f"/stats?format=json&filter={pattern}")["stats"]
        return {each["name"]: int(each["value"]) for each in stats if "name" in each}

    def tallies(self) -> Mapping[str, Tally]:
        """By the file watched: how often Envoy took it and refused it."""
        counted: dict[str, dict[str, int]] = {}
        for name, value in self.gauges(f"({'|'.join(_SETTLED)})$").items():
            subject, _, counter = name.rpartition(".")
            counted.setdefault(_file(subject), {})[counter] = value
        return {
            file: Tally(
                each.get("update_success", 0),
                each.get("update_rejected", 0) + each.get("update_failure", 0),
            )
            for file, each in counted.items()
        }

    def busy(self) -> int:
        """Open TCP connections and HTTP requests; idle HTTP connections do not count."""
        connections = requests = idle = 0
        for name, value in self.gauges(r"downstream_(cx|rq)_active$").items():
            if ".worker_" in name or "admin" in name.split("."):
                continue
            if name.endswith("rq_active"):
                requests += value
            elif name.startswith("http."):
                idle += value
            elif name.startswith("listener."):
                connections += value
        return max(0, connections - idle) + requests

    def listening(self) -> frozenset[str]:
        """The names of listeners that take traffic."""
        statuses = self._json("/listeners?format=json").get("listener_statuses", [])
        return frozenset(each["name"] for each in statuses)

    def refusals(self) -> Mapping[str, str]:
        """By name: listeners whose last configuration could not be used, and why."""
        dump = self._json("/config_dump?resource=dynamic_listeners")
        refused = {}
        for each in dump.get("configs", []):
            state = each.get("error_state")
            if state:
                failed = state.get("failed_configuration", {}).get("name", "")
                refused[each.get("name") or failed] = state.get("details", "refused")
        return refused

    def clusters(self) -> Mapping[str, list[dict[str, Any]]]:
        """By cluster: its hosts with their health, in Envoy's own shape."""
        statuses = self._json("/clusters?format=json").get("cluster_statuses", [])
        return {each["name"]: each.get("host_statuses", []) for each in statuses}

    def _json(self, path: str) -> dict[str, Any]:
        text = self.ask(path)
        try:
            answer: dict[str, Any] = json.loads(text)
        except ValueError as error:
            raise UnansweredError(f"Envoy answered {path} with something else than JSON") from error
        return answer

    def _address(self, descriptor: int) -> str:
        """The socket's path; by way of the open folder when it is too long to be an address."""
        path = str(self._folder.path / SOCKET)
        if len(os.fsencode(path)) <= _LONGEST:
            return path
        return f"/proc/self/fd/{descriptor}/{SOCKET}"


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _file(subject: str) -> str:
    """The watched file of which a statistic speaks: `cluster.web` is about `eds/web.json`."""
    if subject == "listener_manager.lds":
        return "lds.json"
    if subject == "cluster_manager.cds":
        return "cds.json"
    scope, _, name = subject.partition(".")
    if scope == "cluster":
        return f"eds/{name}.json"
    folder = "rds" if ".rds." in subject else "sds"
    return f"{folder}/{subject.rpartition(f'{folder}.')[2]}.json"
