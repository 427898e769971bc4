"""Asking Envoy whether it would take a configuration, before the one that serves is touched."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.root import Folder

from .config import Config
from .nouns import Json

CANDIDATE = "candidate.json"
_PATIENCE = 60  # seconds


def validate(
    folder: Folder, binary: Path, config: Config, listeners: Iterable[str], clusters: Iterable[str]
) -> None:
    """Check these listeners and clusters of `config`. Raises Refused in Envoy's words."""
    folder.write(CANDIDATE, json.dumps(standalone(config, listeners, clusters)).encode())
    try:
        answer = subprocess.run(
            [binary, "--mode", "validate", "-c", CANDIDATE, "--log-level", "error"],
            cwd=folder.path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    finally:
        folder.remove(CANDIDATE)
    if answer.returncode != 0:
        said = (answer.stdout.strip() or answer.stderr.strip()).splitlines()
        reason = said[-1] if said else f"exit status {answer.returncode}"
        raise Refused(
            ErrorCode.INVALID,
            f"Envoy does not accept the configuration: {reason}",
            "nothing was changed; the configuration before it serves on",
        )


def standalone(config: Config, listeners: Iterable[str], clusters: Iterable[str]) -> Json:
    """A bootstrap with everything in place that Envoy would otherwise read from watched files."""
    return {
        "static_resources": {
            "listeners": [_listener(config, name) for name in listeners],
            "clusters": [_cluster(config, name) for name in clusters],
        }
    }


def _cluster(config: Config, name: str) -> Json:
    made = copy.deepcopy(config.clusters[name])
    del made["@type"], made["eds_cluster_config"]
    members = copy.deepcopy(config.singles[f"eds/{name}.json"])
    del members["@type"]
    return {**made, "type": "STATIC", "load_assignment": members}


def _listener(config: Config, name: str) -> Json:
    made = copy.deepcopy(config.listeners[name])
    del made["@type"]
    for chain in made.get("filter_chains", []):
        for each in chain["filters"]:
            _inline_routes(config, each["typed_config"])
        if "transport_socket" in chain:
            _inline_certificates(config, chain["transport_socket"]["typed_config"])
    return made


def _inline_routes(config: Config, connection: Json) -> None:
    watched = connection.pop("rds", None)
    if watched is not None:
        routes = copy.deepcopy(config.singles[f"rds/{watched['route_config_name']}.json"])
        del routes["@type"]
        connection["route_config"] = {**routes, "validate_clusters": False}


def _inline_certificates(config: Config, context: Json) -> None:
    common = context["common_tls_context"]
    common["tls_certificates"] = [
        config.singles[f"sds/{each['name']}.json"]["tls_certificate"]
        for each in common.pop("tls_certificate_sds_secret_configs")
    ]
