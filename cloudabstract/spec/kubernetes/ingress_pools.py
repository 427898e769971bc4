"""The pools of an Ingress: one for each port of each Service that its backends name.

A Service in the same input says who is behind it and which port they answer on. One that is not
there leaves its pool without members, which shows as Degraded(NoBackends): whoever adds the Service
to the input, or addresses to the pool, has traffic.
"""

from __future__ import annotations

from typing import Any

from .. import paths
from ..document import Document
from ..paths import Path
from . import pools
from .lookup import at, items, mapping, text, whole
from .neighbours import Neighbours, key_of
from .remarks import BALANCER, Remark, degrade, note
from .rules_service import kind_of

NOBODY = "unmatched"  # the pool of requests that no rule matches
_NO_BACKENDS = "LB018"


class Pools:
    """Collects pools, and remarks about backends."""

    def __init__(self, document: Document, near: Neighbours, targets: str) -> None:
        self._document = document
        self._near = near
        self._targets = targets
        self._names: dict[tuple[str, str], str] = {}
        self._protocols: set[str] = set()
        self.written: list[dict[str, Any]] = []
        self.fields: dict[str, str] = {}
        self.remarks: list[Remark] = []

    def default(self, backend: dict[str, Any]) -> str:
        """The pool of the default backend."""
        if backend:
            return self.of(backend, ("spec", "defaultBackend"))
        name = NOBODY if NOBODY not in self._taken() else f"{NOBODY}-requests"
        self._add(name, {"addresses": []}, ("spec", "rules"))
        return name

    def of(self, backend: dict[str, Any], path: Path) -> str:
        """The name of the pool for `backend`, which stands at `path`."""
        service = mapping(backend, "service")
        if not service:
            return self._resource(mapping(backend, "resource"), path)
        wanted = whole(service, "port", "number") or text(service, "port", "name")
        key = (text(service, "name"), str(wanted))
        if key not in self._names:
            self._names[key] = self._service(key, wanted, (*path, "service"))
        return self._names[key]

    def protocol(self, asked: str | None) -> str:
        """What the backends speak: one protocol for all, else "" for HTTP."""
        if asked:
            return asked
        found = self._protocols - {""}
        if len(self._protocols) > 1:
            message = (
                f"backends speak {', '.join(sorted(found))}, but not all of them; HTTP is used"
            )
            self.remarks.append(degrade(BALANCER, ("spec", "rules"), message))
            return ""
        return next(iter(found), "")

    def _service(self, key: tuple[str, str], wanted: int | str, path: Path) -> str:
        namespace, _ = key_of(self._document)
        found = self._near.services.get((namespace, key[0]))
        port = _port_of(found, wanted)
        if found is not None and port is not None:
            port = pools.known(port, found, self._near)
        name = key[0] if key[0] not in self._taken() else pools.name(*key)
        pool = pools.members(found, port or {}, self._near)
        self._protocols.add(text(port, "appProtocol"))
        target = pools.answers_on(port, self._targets) if port else None
        if port is not None:
            pool["targetPort"] = target or whole(port, "port")
            self.remarks += _of_node_port(port, path, pool["targetPort"])
        self._add(name, pool, path)
        self.remarks += self._lacking(found, port, key, path)
        return name

    def _lacking(
        self, found: Document | None, port: Any, key: tuple[str, str], path: Path
    ) -> list[Remark]:
        if found is None:
            message = f"Service/{key[0]} is not in the input, so nobody is behind it"
            return [degrade(_NO_BACKENDS, (*path, "name"), message, "add the Service")]
        if port is None:
            message = f"Service/{key[0]} has no port {key[1]}"
            return [degrade(_NO_BACKENDS, (*path, "port"), message)]
        if kind_of(found.raw.get("spec")) == "ExternalName":
            message = f"Service/{key[0]} is a name outside of the input; pools take addresses"
            return [degrade(_NO_BACKENDS, (*path, "name"), message)]
        return []

    def _resource(self, resource: dict[str, Any], path: Path) -> str:
        called = f"{text(resource, 'kind')} {text(resource, 'name')}"
        key = ("", called)
        if key not in self._names:
            self._names[key] = pools.name("resource", str(len(self._names)))
            self._add(self._names[key], {"addresses": []}, (*path, "resource"))
            message = f"only a cluster knows the {called[:80]}; nobody is behind it"
            self.remarks.append(degrade(_NO_BACKENDS, (*path, "resource"), message))
        return self._names[key]

    def _add(self, name: str, pool: dict[str, Any], path: Path) -> None:
        self.fields[f"spec.backends[{len(self.written)}]"] = paths.text(path)
        self.written.append({"name": name, **pool})

    def _taken(self) -> set[str]:
        return {each["name"] for each in self.written}


def _port_of(service: Document | None, wanted: int | str) -> dict[str, Any] | None:
    """The port of a Service by its number or name."""
    key = "port" if isinstance(wanted, int) else "name"
    for each in items(service.raw if service else None, "spec", "ports"):
        if at(each, key) == wanted:
            return mapping(each)
    return None


def _of_node_port(port: dict[str, Any], path: Path, target: Any) -> list[Remark]:
    """Other node ports are told where the Service is read."""
    if target != whole(port, "nodePort"):
        return []
    message = f"backends are asked on the node port {target}, which they have to open"
    return [note(BALANCER, (*path, "port"), message)]
