"""The world of these tests: an emulated project with instances, and what is in it as kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cloudabstract.clock import Clock
from cloudabstract.provider import Health
from cloudabstract.testing.conformance import Alive
from cloudabstract.testing.gce import Emulator, Options, Resource
from cloudabstract_gcp import ownership, places

from . import storage

PROJECT, REGION, ZONE = "acme", "us-central1", "us-central1-a"
_ROOT = f"https://www.googleapis.com/compute/v1/projects/{PROJECT}"
_KINDS = {
    "addresses": "gcp.address",
    "healthChecks": "gcp.health_check",
    "firewalls": "gcp.firewall",
    "networkEndpointGroups": "gcp.network_endpoint_group",
    "backendServices": "gcp.backend_service",
    "urlMaps": "gcp.url_map",
    "targetHttpProxies": "gcp.target_http_proxy",
    "targetHttpsProxies": "gcp.target_https_proxy",
    "forwardingRules": "gcp.forwarding_rule",
}


def furnish(emulator: Emulator) -> None:
    """What users have before they come to us: instances, a second network, a certificate."""
    network = f"{_ROOT}/global/networks/default"
    for number in range(5, 10):
        zone = f"us-central1-{'ab'[number % 2]}"
        add_instance(emulator, f"vm-{number}", f"10.0.0.{number}", zone)
    emulator.world.put("networks", "prod", "", {"autoCreateSubnetworks": False})
    for name, region in (("prod", REGION), ("prod", "europe-west1")):
        fields = {"network": f"{_ROOT}/global/networks/{name}", "ipCidrRange": "10.9.0.0/20"}
        emulator.world.put("subnetworks", name, region, {**fields, "purpose": "PRIVATE"})
    proxies = {
        "network": network,
        "ipCidrRange": "10.200.0.0/23",
        "purpose": "REGIONAL_MANAGED_PROXY",
        "role": "ACTIVE",
    }
    emulator.world.put("subnetworks", "proxies", REGION, proxies)
    for scope in ("", REGION):
        emulator.world.put(
            "sslCertificates", "secure", scope, {"type": "SELF_MANAGED", "certificate": "PEM"}
        )


def add_instance(
    emulator: Emulator,
    name: str,
    address: str,
    zone: str = ZONE,
    network: str = "default",
    labels: dict[str, str] | None = None,
) -> None:
    """An instance that runs in `network` and has this address there."""
    interface = {
        "name": "nic0",
        "network": f"{_ROOT}/global/networks/{network}",
        "subnetwork": f"{_ROOT}/regions/{zone.rpartition('-')[0]}/subnetworks/{network}",
        "networkIP": address,
    }
    fields = {"networkInterfaces": [interface], "labels": labels or {}, "disks": []}
    emulator.world.put("instances", name, zone, {**fields, "status": "RUNNING"})


def emulator_with(clock: Clock | None, running: float = 0.8, page: int | None = 2) -> Emulator:
    """A furnished emulator, not served over HTTP; work takes `running` seconds."""
    options = Options(pending_seconds=running / 4, running_seconds=running)
    made = Emulator(clock, page, (PROJECT,), options)
    furnish(made)
    return made


def alive(emulator: Emulator) -> Iterator[Alive]:
    """Everything that can be a part, as the world itself shows it."""
    yield from storage.alive(emulator)
    told = notes(emulator)
    for each in emulator.world.all():
        kind = _KINDS.get(each.collection)
        if kind is None:
            continue
        labels, place = owner(each, told)
        where = places.scope_of(places.relative(each.link)).region or place or REGION
        yield Alive(kind, each.id, each.name, where, labels, _health(each))
        if each.members:
            yield Alive("gcp.endpoints", places.relative(each.link), "", where, labels)


def notes(emulator: Emulator) -> dict[str, dict[str, str]]:
    """Link -> the mark that another object's description has of it."""
    told: dict[str, dict[str, str]] = {}
    for each in emulator.world.all():
        told |= _json(each.fields.get("description", "")).get("cloudabstract-notes", {})
    return told


def owner(each: Resource, told: dict[str, dict[str, str]]) -> tuple[dict[str, str], str]:
    """(owner's labels, place): by a note, by labels that came later, or by what stands in it."""
    later = ownership.from_labels(each.labels)
    mark = told.get(places.relative(each.link))
    if mark is None:
        mark = later or _json(each.fields.get("description", "")).get("cloudabstract", {})
    labels = {} if "nobodys" in mark else dict(mark)
    return labels, labels.pop("place", "")


def _json(text: str) -> dict[str, Any]:
    return dict(json.loads(text)) if text.startswith("{") else {}


def _health(each: Resource) -> Health | None:
    return None
