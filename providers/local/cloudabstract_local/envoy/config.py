"""Everything one Envoy is told, as resources by name and as the files it watches. Pure.

Listeners and clusters have a file each; members, routes and certificates one file apiece, because
Envoy reads exactly one such resource from a file. Every file carries a version made from its
contents, by which Envoy says what it took.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from .clusters import TYPE, cluster, file_source, load_assignment
from .listeners import listener
from .nouns import Certificate, Frontend, Json, Pool
from .routes import route_table

BOOTSTRAP = "bootstrap.json"
LISTENERS, CLUSTERS = "lds.json", "cds.json"
FOLDERS = ("eds", "rds", "sds")


Seat = tuple[str, int, str]  # address, port, protocol: what only one listener can have


@dataclass(frozen=True)
class Config:
    """The resources of one Envoy."""

    listeners: Mapping[str, Json] = field(default_factory=dict)
    clusters: Mapping[str, Json] = field(default_factory=dict)
    singles: Mapping[str, Json] = field(default_factory=dict)  # "eds/NAME.json" -> its resource
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)  # listener -> its singles

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Path below Envoy's folder -> contents."""
        lists = {
            CLUSTERS: [self.clusters[name] for name in sorted(self.clusters)],
            LISTENERS: [self.listeners[name] for name in sorted(self.listeners)],
        }
        single = {path: [resource] for path, resource in self.singles.items()}
        return {path: envelope(listed) for path, listed in {**single, **lists}.items()}

    def without(self, names: Iterable[str]) -> Config:
        """The same without these listeners."""
        left = {name: each for name, each in self.listeners.items() if name not in set(names)}
        return replace(self, listeners=left)


def configuration(
    frontends: Iterable[Frontend], pools: Iterable[Pool], certificates: Iterable[Certificate]
) -> Config:
    """What an Envoy with these frontends is told; pools that none of them uses are left out."""
    taken = {each.name: each for each in frontends}
    used = {name for each in taken.values() for name in each.pools}
    shown = {name for each in taken.values() for name in each.certificates}
    chosen = {each.name: each for each in pools if each.name in used}
    secrets = {each.name: each for each in certificates if each.name in shown}
    singles = {f"eds/{name}.json": load_assignment(pool) for name, pool in chosen.items()}
    singles |= {f"rds/{name}.json": route_table(each) for name, each in taken.items() if each.http}
    singles |= {f"sds/{name}.json": secret(each) for name, each in secrets.items()}
    return Config(
        {name: listener(each) for name, each in taken.items()},
        {name: cluster(pool) for name, pool in chosen.items()},
        singles,
        {name: _uses(each) & singles.keys() for name, each in taken.items()},
    )


def _uses(frontend: Frontend) -> frozenset[str]:
    members = {f"eds/{name}.json" for name in frontend.pools}
    certificates = {f"sds/{name}.json" for name in frontend.certificates}
    return frozenset({f"rds/{frontend.name}.json"} | members | certificates)


def secret(certificate: Certificate) -> Json:
    """A certificate; its key stays in its file, and never enters a configuration.

    The chain is here in full, because Envoy reads a secret again only when its text has changed.
    """
    return {
        "@type": f"{TYPE}extensions.transport_sockets.tls.v3.Secret",
        "name": certificate.name,
        "tls_certificate": {
            "certificate_chain": {"inline_string": certificate.chain},
            "private_key": {"filename": certificate.key},
        },
    }


def bootstrap() -> bytes:
    """What Envoy starts with: where to answer questions, and which files to watch."""
    owner_only = 0o600
    return _json(
        {
            "admin": {"address": {"pipe": {"path": "admin.sock", "mode": owner_only}}},
            "node": {"id": "local", "cluster": "cloudabstract"},
            "dynamic_resources": {
                "lds_config": file_source(LISTENERS),
                "cds_config": file_source(CLUSTERS),
            },
        }
    )


def resources(content: bytes) -> dict[str, Json]:
    """The resources in a file by name; empty when it is not one of ours."""
    try:
        listed = json.loads(content)["resources"]
        return {each.get("name") or each["cluster_name"]: each for each in listed}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def seat(listener: Json) -> Seat | None:
    """Where a listener sits; None when somebody edited it beyond recognition."""
    try:
        found = listener["address"]["socket_address"]
        return str(found["address"]), int(found["port_value"]), str(found["protocol"])
    except (KeyError, TypeError, ValueError):
        return None


def envelope(listed: list[Json]) -> bytes:
    """The contents of a watched file."""
    digest = hashlib.sha256(_json(listed)).hexdigest()[:16]
    return _json({"version_info": digest, "resources": listed})


def _json(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
