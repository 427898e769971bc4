"""Who answers behind a Service, and on which port, where there is no cluster.

A Service selects Pods. Here the hosts of the target's inventory, or its instances, are selected by
the same labels. A Service that selects nothing has the addresses of its Endpoints, if they are in
the input. Nobody at all is a pool without members, which shows as Degraded(NoBackends).

They answer on `targetPort`, as the Pods would; a name means the number that containers in the same
input give it. On `nodePort` they answer when one is written and
either the targetPort is a name that nobody knows, or the manifest asks for
instances as targets, as the controller of AWS does: then the hosts are a cluster's nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from ..document import Document
from ..paths import Path
from . import workloads
from .lookup import labels, text, whole
from .neighbours import Endpoint, Neighbours, key_of
from .remarks import CLUSTER, Remark, note
from .rules_service import kind_of

_LONGEST = 63
INSTANCES = "instance"  # targets are nodes


def known(port: dict[str, Any], service: Document, near: Neighbours) -> dict[str, Any]:
    """`port` with a number for its targetPort when Pods of the same input tell it."""
    wanted = port.get("targetPort")
    if not isinstance(wanted, str):
        return port
    selected = labels(service.raw, "spec", "selector")
    number = workloads.number_of(wanted, key_of(service)[0], selected, near.pods)
    return port if number is None else {**port, "targetPort": number}


def answers_on(port: dict[str, Any], targets: str = "") -> int | str | None:
    """The port of the backends by number or name; None when it is the Service's own."""
    wanted = port.get("targetPort")
    wanted = whole(wanted) if isinstance(wanted, float) else wanted
    opened = whole(port, "nodePort")
    if opened and (targets == INSTANCES or (isinstance(wanted, str) and wanted)):
        return opened
    return wanted if isinstance(wanted, int | str) and wanted else None


def node_port(path: Path, port: dict[str, Any], targets: str = "") -> Iterator[Remark]:
    """What is to be said about a node port that is written."""
    opened = whole(port, "nodePort")
    if not opened:
        return
    if answers_on(port, targets) == opened:
        message = f"backends are asked on {opened}, which they have to open as a cluster's nodes do"
    else:
        message = "only a cluster opens ports on its nodes; backends are asked on targetPort"
    yield note(CLUSTER, (*path, "nodePort"), message)


def name(*words: str) -> str:
    """The name of a pool, made of some words; one that is too long is told apart by its hash."""
    joined = "-".join(filter(None, words))
    if len(joined) <= _LONGEST:
        return joined
    return f"{joined[: _LONGEST - 9]}-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"


def members(service: Document | None, port: dict[str, Any], near: Neighbours) -> dict[str, Any]:
    """The members of a pool, as a portable pool without its name says it."""
    if service is None or kind_of(service.raw.get("spec")) == "ExternalName":
        return {"addresses": []}
    selected = labels(service.raw, "spec", "selector")
    if selected:
        return {"selector": {"matchLabels": selected}}
    listed = {each.address: each for each in near.endpoints.get(key_of(service), [])}
    found = [_member(each, port) for each in listed.values()]
    return {"addresses": [each for each in found if each]}


def _member(endpoint: Endpoint, port: dict[str, Any]) -> dict[str, Any] | None:
    """None when the port of the Service is none that the address has; ports go by their names."""
    name = text(port, "name")
    number = endpoint.ports.get(name)
    if number is None and not name and len(endpoint.ports) == 1:
        number = next(iter(endpoint.ports.values()))
    if number is not None:
        return {"address": endpoint.address, "port": number}
    is_named = isinstance(port.get("targetPort"), str) and port["targetPort"]
    return None if is_named or endpoint.ports else {"address": endpoint.address}
