"""Balancers expanded on paper: no session, no emulator; facts as a survey would tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cloudabstract.model import BackendPool, LoadBalancer, LoadBalancerSpec, Member, Metadata, Port
from cloudabstract.provider import Facts, Host, Objection, Part, Ref
from cloudabstract_gcp.provider import GcpProvider
from cloudabstract_gcp.settings import GcpSettings

REGION = "us-central1"
SETTINGS = GcpSettings(project="acme", region=REGION)
ZONES = {REGION: [f"{REGION}-{letter}" for letter in "abcf"]}


def host(name: str, address: str, zone: str = "a", **labels: str) -> Host:
    """An instance of the region."""
    where = f"{REGION}-{zone}"
    return Host(name, address, labels, f"projects/acme/zones/{where}/instances/{name}", where)


HOSTS = (
    host("vm-5", "10.0.0.5", "b", app="shop"),
    host("vm-6", "10.0.0.6", "a", app="shop"),
    host("vm-7", "10.0.0.7", "b", app="api"),
)


def facts(*more: Host, **extra: Any) -> Facts:
    """What a survey of the region tells."""
    known = {"zones": ZONES, "balancers": {"addresses": {}, "proxies": {}}, "volumes": {}}
    return Facts((REGION,), (*HOSTS, *more), {**known, **extra})


def balancer(name: str = "web", **spec: Any) -> LoadBalancer:
    """Port 80 over two instances, known by address; `spec` says what is different."""
    pool = BackendPool("web", addresses=(Member("10.0.0.5"), Member("10.0.0.6")))
    usual: dict[str, Any] = {"ports": (Port(80),), "backends": (pool,)}
    return LoadBalancer(Metadata(name), LoadBalancerSpec(**{**usual, **spec}))


def parts(
    resource: LoadBalancer, known: Facts | None = None, settings: GcpSettings = SETTINGS
) -> list[Part]:
    """Its parts."""
    return list(GcpProvider(settings).expand(resource, known or facts()))


def objections(resource: LoadBalancer, settings: GcpSettings = SETTINGS) -> list[Objection]:
    """What stands against it."""
    return list(GcpProvider(settings).check(resource))


def of(kind: str, drawn: Iterable[Part]) -> list[Part]:
    """The parts of one kind: `of("gcp.address", parts)`."""
    return [each for each in drawn if each.key.kind == kind]


def graph(drawn: Iterable[Part]) -> dict[str, Any]:
    """Parts as JSON, refs as `{"$ref": "kind:role.field"}`, in a stable order."""
    return {
        f"{each.key.kind}:{each.key.role}": {
            "want": _plain(each.want),
            **({"after": [f"{it.kind}:{it.role}" for it in each.after]} if each.after else {}),
        }
        for each in sorted(drawn, key=lambda one: one.key)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Ref):
        return {"$ref": f"{value.to.kind}:{value.to.role}.{value.field}"}
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
