"""Every field of a LoadBalancer is honoured, degraded with a reason, or rejected with a code."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

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
from cloudabstract.provider import Facts, Severity
from cloudabstract_local.provider import LocalProvider
from cloudabstract_local.settings import CertificateFiles, InventoryHost, LocalSettings

from .bench import balancer

ONE = (BackendPool("web", addresses=(Member("10.0.0.1"),)),)
L7 = {"load_balancer_class": "l7", "backends": ONE}
TLS = Port(443, tls=Tls(("shop",)))
STRICT = SessionAffinityConfig(strict=True)
MINUTE = SessionAffinityConfig(ClientIPConfig(60))
ENGINE = "the engine keeps it for every provider"

# What is asked, the code that is the answer, and its severity; the settings are the defaults.
ANSWERS: list[tuple[str, dict[str, Any], str, str]] = [
    ("load_balancer_class", {"load_balancer_class": "envoy"}, "LB001", "reject"),
    ("ports.protocol", {"ports": (Port(80, protocol="SCTP"),)}, "LB003", "reject"),
    ("ports.protocol", {"ports": (Port(80, protocol="UDP"),), **L7}, "LB003", "reject"),
    ("ports.app_protocol", {"ports": (Port(80, app_protocol="mysql"),), **L7}, "LB003", "reject"),
    ("ports.app_protocol", {"ports": (Port(80, app_protocol="mysql"),)}, "LB017", "note"),
    ("ports.tls", {"ports": (Port(53, protocol="UDP", tls=TLS.tls),)}, "LB009", "reject"),
    ("ports.tls", {"ports": (TLS,), **L7}, "LB015", "degrade"),
    ("backends.addresses", {"backends": (BackendPool(
        "web", addresses=(Member("shop.example.com"),)),)}, "LB011", "reject"),
    ("backends.addresses", {"backends": (BackendPool(
        "web", addresses=(Member("0.0.0.0"),)),)}, "LB011", "reject"),
    ("routes", {"backends": ONE, "routes": (Route("web"),)}, "LB016", "reject"),
    ("routes.host", {**L7, "routes": (Route("web", "a.*.com"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="x"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="/a b\n"),)}, "LB016", "reject"),
    ("routes.path", {**L7, "routes": (Route("web", path="/a?b"),)}, "LB016", "reject"),
    ("health_check.path", {"health_check": HealthCheck(path="/a\r\nX: y")}, "LB005", "reject"),
    ("health_check.timeout", {"health_check": HealthCheck(interval=1, timeout=2)},
     "LB005", "reject"),
    ("health_check.path", {"health_check": HealthCheck("TCP", "/x")}, "LB005", "reject"),
    ("health_check", {"ports": (Port(53, protocol="UDP"),)}, "LB005", "degrade"),
    ("source_ranges", {"source_ranges": ("nonsense",)}, "LB009", "reject"),
    ("source_ranges", {"source_ranges": ("fd00::/8",)}, "LB008", "reject"),
    ("session_affinity", {"session_affinity": "ClientIP"}, "LB014", "degrade"),
    ("session_affinity_config", {"session_affinity": "ClientIP",
                                 "session_affinity_config": STRICT}, "LB014", "reject"),
    ("session_affinity_config", {"session_affinity": "ClientIP",
                                 "session_affinity_config": MINUTE}, "LB017", "note"),
    ("external_traffic_policy", {"external_traffic_policy": "Local"}, "LB010", "reject"),
    ("external_traffic_policy", {"external_traffic_policy": "Local", **L7}, "LB010", "reject"),
    ("ip_family_policy", {"ip_family_policy": "RequireDualStack"}, "LB008", "reject"),
    ("ip_family_policy", {"ip_family_policy": "PreferDualStack"}, "LB008", "note"),
    ("ip_families", {"ip_families": ("IPv6",)}, "LB008", "reject"),
    ("address_refs", {"address_refs": ("10.0.0.1",)}, "LB007", "reject"),
    ("address_refs", {"address_refs": ("eipalloc-1",)}, "LB007", "reject"),
    ("address_refs", {"address_refs": ("127.77.1.1", "127.77.1.2")}, "LB007", "reject"),
    ("placement.region", {"placement": Placement(region="x")}, "LB017", "reject"),
    ("placement.zones", {"placement": Placement(zones=("x",))}, "LB017", "reject"),
    ("placement.network", {"placement": Placement(network="x")}, "LB017", "reject"),
    ("placement.subnets", {"placement": Placement(subnets=("x",))}, "LB017", "reject"),
    ("traffic_distribution", {"traffic_distribution": "PreferClose"}, "LB017", "note"),
]  # fmt: skip

# Two values of a field that make different parts, so that the field is not passed over; the other
# tests of this folder show that Envoy then does what it says.
HONOURED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("load_balancer_class", {"backends": ONE}, L7),
    ("routability", {"routability": "External"}, {"routability": "Internal"}),
    ("ports.port", {"ports": (Port(80),)}, {"ports": (Port(81),)}),
    ("ports.name", {"ports": (Port(80, "a"),)}, {"ports": (Port(80, "b"),)}),
    ("ports.protocol", {"ports": (Port(80),)}, {"ports": (Port(80, protocol="UDP"),)}),
    ("ports.target_port", {"backends": ONE},
     {"ports": (Port(80, target_port=8080),), "backends": ONE}),
    ("ports.backend", {"backends": (*ONE, BackendPool("b", addresses=()))},
     {"ports": (Port(80, backend="b"),), "backends": (*ONE, BackendPool("b", addresses=()))}),
    ("ports.app_protocol", L7, {**L7, "ports": (Port(80, app_protocol="kubernetes.io/h2c"),)}),
    ("ports.app_protocol", L7, {**L7, "ports": (Port(80, app_protocol="https"),)}),
    ("ports.tls", {**L7, "ports": (Port(443),)}, {**L7, "ports": (TLS,)}),
    ("backends.addresses", {}, {"backends": ONE}),
    ("backends.instances", {}, {"backends": (BackendPool("web", instances=(Instance("host"),)),)}),
    ("backends.selector", {}, {"backends": (BackendPool("web", selector=Selector({"a": "b"})),)}),
    ("backends.target_port", L7,
     {**L7, "backends": (BackendPool("web", addresses=(Member("10.0.0.1"),), target_port=9),)}),
    ("backends.weight", {"backends": ONE},
     {"backends": (BackendPool("web", addresses=(Member("10.0.0.1", weight=3),)),)}),
    ("routes", L7, {**L7, "routes": (Route("web", "a.com"),)}),
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
    ("external_traffic_policy", {}, {"external_traffic_policy": "Local"}),
    ("address_refs", {}, {"address_refs": ("127.77.1.1",)}),
    ("connection_draining", {}, {"connection_draining": 60}),
]  # fmt: skip

OTHERWISE = {
    "deletion_protection": ENGINE,
    "management_policies": ENGINE,
    "session_affinity_config": "answered above: no timeout is kept",
    "ip_family_policy": "answered above, and served in test_addresses",
    "ip_families": "answered above, and served in test_addresses",
    "placement": "answered above: a local target is one place",
    "traffic_distribution": "answered above: a local target is one site",
}


def settings(**more: Any) -> LocalSettings:
    """Linux defaults, and an inventory of one."""
    hosts = (InventoryHost("host", "10.0.0.9", {"a": "b"}),)
    pools: Any = {"External": ("127.77.1.1-127.77.1.9",), "Internal": ("127.77.2.1-127.77.2.9",)}
    return LocalSettings(pools=pools, inventory=hosts, **more)


def spec_of(changes: dict[str, Any]) -> Any:
    """A balancer with these fields, on port 80 unless they say otherwise."""
    return balancer("web", changes.get("ports", (Port(80),)), **{
        name: value for name, value in changes.items() if name != "ports"
    })  # fmt: skip


@pytest.mark.parametrize(("field", "changes", "code", "severity"), ANSWERS)
def test_what_is_not_possible_is_said(
    field: str, changes: dict[str, Any], code: str, severity: str
) -> None:
    """The objection has the code, names the field, and says how grave it is."""
    objections = list(LocalProvider(settings()).check(spec_of(changes)))
    told = {(each.code, each.severity.value) for each in objections}
    rejected = {each.code for each in objections if each.severity is Severity.REJECT}

    assert (code, severity) in told, field
    assert rejected <= {code}, field
    assert all(each.field.startswith("spec.") and each.message for each in objections)
    assert all(each.reason for each in objections if each.severity is Severity.DEGRADE)


@pytest.mark.parametrize(("field", "one", "other"), HONOURED)
def test_every_honoured_field_reaches_a_part(
    field: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Two values of the field give different parts."""
    provider = LocalProvider(settings(proxy_protocol=True))
    facts = Facts(("local",), provider.connect().survey(()).hosts)
    parts = [list(provider.expand(spec_of(each), facts)) for each in (one, other)]

    assert parts[0] != parts[1], field


@pytest.mark.parametrize(("field", "changes", "code", "severity"), ANSWERS)
def test_what_is_rejected_can_still_be_expanded(
    field: str, changes: dict[str, Any], code: str, severity: str
) -> None:
    """All problems are told at once, so parts are named whatever the objections are."""
    parts = list(LocalProvider(settings()).expand(spec_of(changes), Facts(("local",))))

    assert all(part.place == "local" for part in parts), field


def test_no_field_is_left_out() -> None:
    """Each field of the spec is in one of the tables of this file."""
    seen = {name.partition(".")[0] for name, *_ in (*ANSWERS, *HONOURED)} | OTHERWISE.keys()

    assert {each.name for each in fields(LoadBalancerSpec)} - seen == set()


@pytest.mark.parametrize(
    ("more", "changes", "code"),
    [
        ({"self_signed": False}, {"ports": (TLS,), **L7}, "LB015"),
        ({"proxy_protocol": True}, {"external_traffic_policy": "Local", **L7}, "LB010"),
        (
            {"proxy_protocol": True},
            {"external_traffic_policy": "Local", "ports": (Port(53, protocol="UDP"),),
             "health_check": HealthCheck(port=9)},
            "LB010",
        ),
    ],
)  # fmt: skip
def test_settings_decide_too(more: dict[str, Any], changes: dict[str, Any], code: str) -> None:
    """What the target's settings rule out is rejected with the field's code."""
    objections = list(LocalProvider(settings(**more)).check(spec_of(changes)))

    assert [(each.code, each.severity) for each in objections] == [(code, Severity.REJECT)]


@pytest.mark.parametrize(
    ("more", "changes"),
    [
        ({"proxy_protocol": True}, {"external_traffic_policy": "Local"}),
        ({"certificates": {"shop": CertificateFiles("a", "b")}}, {"ports": (TLS,), **L7}),
        ({}, {"ports": (Port(53), Port(53, "u", "UDP"))}),
        ({}, {"session_affinity_config": SessionAffinityConfig(ClientIPConfig(9))}),
    ],
)
def test_what_is_possible_meets_no_objection(more: dict[str, Any], changes: dict[str, Any]) -> None:
    """Nothing is said of what works as asked."""
    assert list(LocalProvider(settings(**more)).check(spec_of(changes))) == []


def test_a_routability_without_pool_is_rejected() -> None:
    """No pool for Internal means no Internal balancer."""
    provider = LocalProvider(LocalSettings(pools={"External": ("127.77.1.1",)}))
    (objection,) = provider.check(spec_of({"routability": "Internal"}))

    assert (objection.code, objection.severity) == ("LB006", Severity.REJECT)


def test_the_same_input_gives_the_same_parts() -> None:
    """expand is a function."""
    provider = LocalProvider(settings())
    resource = spec_of({**L7, "ports": (TLS,), "routes": (Route("web", "a.com"),)})
    facts = Facts(("local",))

    assert list(provider.expand(resource, facts)) == list(provider.expand(resource, facts))
