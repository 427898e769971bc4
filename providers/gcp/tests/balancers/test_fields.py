"""Every field of a LoadBalancer is honoured, degraded with a reason, or rejected with a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from gcp_bench import drawing

from cloudabstract.model import (
    BackendPool,
    ClientIPConfig,
    HealthCheck,
    Instance,
    LoadBalancerSpec,
    Member,
    Placement,
    Port,
    Route,
    Selector,
    SessionAffinityConfig,
    Tls,
)
from cloudabstract.provider import Severity

ONE = (BackendPool("web", addresses=(Member("10.0.0.5"),)),)
TWO = (Member("10.0.0.5", weight=3), Member("10.0.0.6"))
L7 = {"load_balancer_class": "l7", "backends": ONE}
INSIDE = {"routability": "Internal"}
SEVEN = tuple(Port(8000 + n, f"p{n}") for n in range(6))
SECURE = Port(443, tls=Tls(("shop",)))
STRICT = SessionAffinityConfig(strict=True)
MINUTE = SessionAffinityConfig(ClientIPConfig(60))
ENGINE = "the engine keeps it for every provider"


def pool(**asked: Any) -> tuple[BackendPool, ...]:
    return (BackendPool("web", **asked),)


# What is asked, the code that is the answer, and its severity.
ANSWERS: list[tuple[str, dict[str, Any], str, str]] = [
    ("load_balancer_class", {"load_balancer_class": "envoy"}, "LB001", "reject"),
    ("ports", {"ports": SEVEN}, "LB013", "reject"),
    ("ports", {"ports": (Port(80, "a"), Port(81, "b"))}, "LB005", "note"),
    ("ports.protocol", {"ports": (Port(80, protocol="SCTP"),)}, "LB003", "reject"),
    ("ports.protocol", {"ports": (Port(80, protocol="UDP"),), **L7}, "LB003", "reject"),
    ("ports.target_port", {"ports": (Port(80, target_port=8080),)}, "LB004", "reject"),
    ("ports.target_port", {"ports": (Port(80, target_port="web"),)}, "LB004", "reject"),
    ("ports.target_port", {"ports": (Port(80, target_port="web"),), **L7}, "LB017", "reject"),
    ("ports.app_protocol", {"ports": (Port(80, app_protocol="mysql"),), **L7}, "LB003", "reject"),
    ("ports.app_protocol", {"ports": (Port(80, app_protocol="mysql"),)}, "LB017", "note"),
    ("ports.tls", {"ports": (SECURE,)}, "LB009", "reject"),
    ("ports.tls.certificate_refs",
     {"ports": (Port(443, tls=Tls(("no such/name",))),), **L7}, "LB015", "reject"),
    ("ports.tls.certificate_refs",
     {"ports": (Port(443, tls=Tls(tuple(f"c{n}" for n in range(16)))),), **L7}, "LB015", "reject"),
    ("backends.addresses.address", {"backends": pool(addresses=(Member("shop.example.com"),))},
     "LB011", "reject"),
    ("backends.addresses.address", {"backends": pool(addresses=(Member("203.0.114.9"),))},
     "LB011", "reject"),
    ("backends.addresses.address", {"backends": pool(addresses=(Member("127.0.0.1"),))},
     "LB011", "reject"),
    ("backends.addresses.address", {"backends": pool(addresses=(Member("fd00::1"),))},
     "LB011", "reject"),
    ("backends.addresses.port", {"backends": pool(addresses=(Member("10.0.0.5", 81),))},
     "LB004", "reject"),
    ("backends.addresses.weight", {"backends": pool(addresses=TWO)}, "LB017", "reject"),
    ("backends.addresses.weight", {**L7, "backends": pool(addresses=TWO)}, "LB017", "note"),
    ("backends.addresses.weight", {**L7, "backends": pool(addresses=TWO),
                                   "session_affinity": "ClientIP"}, "LB014", "reject"),
    ("backends.instances.port", {"backends": pool(instances=(Instance("vm-5", 81),))},
     "LB004", "reject"),
    ("backends.instances.weight",
     {"backends": pool(instances=(Instance("vm-5", weight=0),))}, "LB017", "reject"),
    ("routes", {"backends": ONE, "routes": (Route("web"),)}, "LB016", "reject"),
    ("routes.host", {**L7, "routes": (Route("web", "a.*.com"),)}, "LB016", "reject"),
    ("routes.host", {**L7, "routes": (Route("web", "*.example.com"),)}, "LB016", "degrade"),
    ("routes.path", {**L7, "routes": (Route("web", path="x"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="/a?b"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="/a*"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="/a b"),)}, "LB016", "reject"),
    ("health_check", {"ports": (Port(53, protocol="UDP"),)}, "LB005", "reject"),
    ("health_check.path", {"health_check": HealthCheck(path="/a\r\nX: y")}, "LB005", "reject"),
    ("health_check.path", {"health_check": HealthCheck("TCP", "/x")}, "LB005", "reject"),
    ("health_check.timeout", {"health_check": HealthCheck(interval=1, timeout=2)},
     "LB005", "reject"),
    ("health_check.interval", {"health_check": HealthCheck(interval=301)}, "LB005", "reject"),
    ("source_ranges", {"source_ranges": ("nonsense",)}, "LB009", "reject"),
    ("source_ranges", {"source_ranges": ("fd00::/8",)}, "LB008", "reject"),
    ("source_ranges", {"source_ranges": ("10.0.0.0/8",), **L7}, "LB009", "reject"),
    ("session_affinity", {"session_affinity": "ClientIP"}, "LB014", "degrade"),
    ("session_affinity_config.client_ip.timeout_seconds",
     {"session_affinity": "ClientIP", "session_affinity_config": MINUTE}, "LB017", "note"),
    ("session_affinity_config.strict",
     {"session_affinity": "ClientIP", "session_affinity_config": STRICT}, "LB014", "reject"),
    ("external_traffic_policy", {"external_traffic_policy": "Local"}, "LB010", "note"),
    ("external_traffic_policy", {"external_traffic_policy": "Local", **L7}, "LB010", "reject"),
    ("ip_family_policy", {"ip_family_policy": "RequireDualStack"}, "LB008", "reject"),
    ("ip_family_policy", {"ip_family_policy": "PreferDualStack"}, "LB008", "note"),
    ("ip_families", {"ip_families": ("IPv6",)}, "LB008", "reject"),
    ("address_refs", {"address_refs": ("a", "b")}, "LB007", "reject"),
    ("address_refs", {"address_refs": ("No Name",)}, "LB007", "reject"),
    ("address_refs", {"address_refs": ("fd00::1",)}, "LB007", "reject"),
    ("placement.region", {"placement": Placement(region="nowhere")}, "LB017", "reject"),
    ("placement.zones", {"placement": Placement(zones=("europe-west1-b",))}, "LB017", "reject"),
    ("placement.network", {"placement": Placement(network="No Name")}, "LB017", "reject"),
    ("placement.subnets", {"placement": Placement(subnets=("a", "b"))}, "LB017", "reject"),
    ("traffic_distribution", {"traffic_distribution": "PreferClose"}, "LB017", "degrade"),
    ("traffic_distribution", {"traffic_distribution": "PreferClose", **L7}, "LB017", "degrade"),
]  # fmt: skip

# Two values of a field that make different parts, so that the field is not passed over.
HONOURED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("load_balancer_class", {"backends": ONE}, L7),
    ("routability", {}, INSIDE),
    ("routability", L7, {**L7, **INSIDE}),
    ("ports.port", {"ports": (Port(80),)}, {"ports": (Port(81),)}),
    ("ports.protocol", {}, {"ports": (Port(80, protocol="UDP"),),
                            "health_check": HealthCheck(port=80)}),
    ("ports.target_port", L7, {**L7, "ports": (Port(80, target_port=8080),)}),
    ("ports.backend", {"backends": (*ONE, BackendPool("b", addresses=()))},
     {"ports": (Port(80, backend="b"),), "backends": (*ONE, BackendPool("b", addresses=()))}),
    ("ports.app_protocol", L7, {**L7, "ports": (Port(80, app_protocol="kubernetes.io/h2c"),)}),
    ("ports.app_protocol", L7, {**L7, "ports": (Port(80, app_protocol="https"),)}),
    ("ports.tls", {**L7, "ports": (Port(443),)}, {**L7, "ports": (SECURE,)}),
    ("ports.tls.certificate_refs", {**L7, "ports": (SECURE,)},
     {**L7, "ports": (Port(443, tls=Tls(("other",))),)}),
    ("backends.addresses", {"backends": ()}, {"backends": ONE}),
    ("backends.addresses.address", {"backends": ONE},
     {"backends": pool(addresses=(Member("10.0.0.6"),))}),
    ("backends.addresses.port", L7, {**L7, "backends": pool(addresses=(Member("10.0.0.5", 81),))}),
    ("backends.addresses.weight", {**L7, "backends": pool(addresses=TWO)},
     {**L7, "backends": pool(addresses=(Member("10.0.0.5"), Member("10.0.0.6")))}),
    ("backends.instances.name", {"backends": pool(instances=())},
     {"backends": pool(instances=(Instance("vm-5"),))}),
    ("backends.instances.port", {**L7, "backends": pool(instances=(Instance("vm-5"),))},
     {**L7, "backends": pool(instances=(Instance("vm-5", 81),))}),
    ("backends.instances.weight",
     {**L7, "backends": pool(instances=(Instance("vm-5"), Instance("vm-6")))},
     {**L7, "backends": pool(instances=(Instance("vm-5", weight=9), Instance("vm-6")))}),
    ("backends.selector", {"backends": ()}, {"backends": pool(selector=Selector({"app": "shop"}))}),
    ("backends.target_port", L7,
     {**L7, "backends": pool(addresses=(Member("10.0.0.5"),), target_port=9)}),
    ("routes", L7, {**L7, "routes": (Route("web", "a.com"),)}),
    ("routes.backend", {**L7, "routes": (Route("web", path="/a"),)},
     {**L7, "backends": (*ONE, BackendPool("b", addresses=())), "ports": (Port(80, backend="web"),),
      "routes": (Route("b", path="/a"),)}),
    ("routes.host", {**L7, "routes": (Route("web", "a.com"),)},
     {**L7, "routes": (Route("web", "b.com"),)}),
    ("routes.path", {**L7, "routes": (Route("web"),)},
     {**L7, "routes": (Route("web", path="/x"),)}),
    ("routes.path_type", {**L7, "routes": (Route("web"),)},
     {**L7, "routes": (Route("web", path_type="Exact"),)}),
    ("health_check.protocol", {}, {"health_check": HealthCheck("HTTP")}),
    ("health_check.path", {"health_check": HealthCheck("HTTP")},
     {"health_check": HealthCheck(path="/x")}),
    ("health_check.port", {}, {"health_check": HealthCheck(port=9)}),
    ("health_check.interval", {}, {"health_check": HealthCheck(interval=9)}),
    ("health_check.timeout", {}, {"health_check": HealthCheck(timeout=9)}),
    ("health_check.healthy_threshold", {}, {"health_check": HealthCheck(healthy_threshold=9)}),
    ("health_check.unhealthy_threshold", {}, {"health_check": HealthCheck(unhealthy_threshold=9)}),
    ("source_ranges", {}, {"source_ranges": ("10.0.0.0/8",)}),
    ("session_affinity", {}, {"session_affinity": "ClientIP"}),
    ("session_affinity", L7, {**L7, "session_affinity": "ClientIP"}),
    ("address_refs", {}, {"address_refs": ("203.0.113.7",)}),
    ("placement.region", {}, {"placement": Placement(region="europe-west1")}),
    ("placement.zones", {}, {"placement": Placement(zones=("us-central1-b",))}),
    ("placement.network", {}, {"placement": Placement(network="prod")}),
    ("placement.subnets", INSIDE, {**INSIDE, "placement": Placement(subnets=("prod",))}),
    ("traffic_distribution", INSIDE, {**INSIDE, "traffic_distribution": "PreferClose"}),
    ("connection_draining", {}, {"connection_draining": 60}),
]  # fmt: skip

ELSEWHERE = {
    "ports.name": "tells ports apart in a spec; nothing of a rule can carry it",
    "backends.name": "names the pool for `backend` of ports and routes, and stands in roles",
    "deletion_protection": ENGINE,
    "management_policies": ENGINE,
}


@pytest.mark.parametrize(("field", "asked", "code", "severity"), ANSWERS)
def test_what_cannot_be_had_as_asked_is_answered_with_its_code(
    field: str, asked: dict[str, Any], code: str, severity: str
) -> None:
    """Rejected, degraded or noted, at the field that asks for it."""
    answers = {(each.code, each.severity) for each in drawing.objections(drawing.balancer(**asked))}
    assert (code, Severity(severity)) in answers, field


@pytest.mark.parametrize(("field", "one", "other"), HONOURED)
def test_what_is_honoured_makes_a_difference(
    field: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Two values, two graphs, and no rejection of either."""
    for asked in (one, other):
        answers = drawing.objections(drawing.balancer(**asked))
        assert [each for each in answers if each.severity is Severity.REJECT] == [], field
    graphs = [drawing.graph(drawing.parts(drawing.balancer(**asked))) for asked in (one, other)]
    assert graphs[0] != graphs[1], field


def test_the_tables_have_every_field_of_the_model() -> None:
    """A field that is added to the model is added here, or this fails."""
    told = {field for field, *_ in ANSWERS} | {field for field, *_ in HONOURED} | set(ELSEWHERE)
    missing = [
        name
        for name in paths(LoadBalancerSpec)
        if name not in told and not any(each.startswith(f"{name}.") for each in told)
    ]
    assert missing == []


def paths(model: type, before: str = "") -> Iterator[str]:
    """Every field of a model and of the models in it: `ports.tls.certificate_refs`."""
    hints = get_type_hints(model)
    for each in fields(model):
        inner = _model_in(hints[each.name])
        if inner is None or inner is Selector:
            yield f"{before}{each.name}"
        else:
            yield from paths(inner, f"{before}{each.name}.")


def _model_in(hint: Any) -> type | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((found for each in get_args(hint) if (found := _model_in(each))), None)
