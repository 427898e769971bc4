"""Every field of a LoadBalancer: honoured, degraded or rejected; none is silently ignored.

Each row changes one field of a balancer, and says either which field of which kind of part becomes
what, or which code is objected. Another test holds the table against the model, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cloudabstract.model import (
    BackendPool,
    ClientIPConfig,
    HealthCheck,
    Instance,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Placement,
    Port,
    Route,
    Selector,
    SessionAffinityConfig,
    Tls,
    traits,
)
from cloudabstract.provider import Facts, Host, Ref, Severity
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

REGION = "eu-west-1"
ARN = f"arn:aws:acm:{REGION}:111122223333:certificate/c"


def subnet(zone: str, vpc: str = "vpc-1", **more: Any) -> dict[str, Any]:
    """A subnet as the survey tells it."""
    known = {"id": f"subnet-{vpc[-1]}{zone}", "vpc": vpc, "zone": f"{REGION}{zone}", "ipv6": True}
    block = f"10.0.{'abc'.index(zone)}.0/24"
    return {**known, "roles": [], "cidr": block, **more}


NETWORK = {
    "vpcs": {
        "vpc-1": {"default": True, "cidrs": ["10.0.0.0/16"]},
        "vpc-2": {"default": False, "cidrs": ["10.1.0.0/16"]},
    },
    "subnets": [subnet("a"), subnet("b"), subnet("a", "vpc-2"), subnet("b", "vpc-2")],
}
FACTS = Facts(
    (REGION,),
    (Host("one", "10.0.0.9", {"app": "x", "aws:instance-state": "running"}, "i-1"),),
    {"balancers": {"networks": {REGION: NETWORK, "us-east-1": NETWORK}}},
)
PROVIDER = AwsProvider(AwsSettings(region=REGION, certificates={"known": ARN}))
PORT = Port(80)
POOL = BackendPool("web", addresses=(Member("10.0.0.5"), Member("10.0.0.6")))
NLB = LoadBalancerSpec((PORT,), backends=(POOL,))
API = BackendPool("api", addresses=(Member("10.0.0.7"),))
ALB = LoadBalancerSpec((Port(80, backend="web"),), "l7", backends=(POOL, API))
STICKY = replace(NLB, session_affinity="ClientIP")


@dataclass(frozen=True)
class Row:
    """One field, one change, and what comes of it."""

    path: str
    change: Mapping[str, Any]
    honoured: str = ""  # "kind.field" of the part that shows it
    value: Any = None
    code: str = ""  # of an objection
    severity: Severity = Severity.REJECT
    like: LoadBalancerSpec = field(default=NLB, repr=False)
    role: str = ""  # of the part, where several are of that kind

    def __str__(self) -> str:
        return f"{self.path} {self.code or self.honoured}"


def degraded(path: str, change: Mapping[str, Any], code: str, **more: Any) -> Row:
    """A row for what is only nearly so."""
    return Row(path, change, code=code, severity=Severity.DEGRADE, **more)


def noted(path: str, change: Mapping[str, Any], code: str, **more: Any) -> Row:
    """A row for what makes no difference, and says so."""
    return Row(path, change, code=code, severity=Severity.NOTE, **more)


def port(**change: Any) -> dict[str, Any]:
    """The one port, changed."""
    return {"ports": (replace(PORT, **change),)}


def pool(**change: Any) -> dict[str, Any]:
    """The one pool, changed."""
    return {"backends": (replace(POOL, **change),)}


def check(**change: Any) -> dict[str, Any]:
    """The health check, changed."""
    return {"health_check": replace(HealthCheck(), **change)}


def route(**change: Any) -> dict[str, Any]:
    """A route to the pool `api`."""
    return {"routes": (replace(Route("api", path="/x"), **change),)}


def checked(**change: Any) -> dict[str, Any]:
    """The field `health_check` that a change makes."""
    usual = {"protocol": "TCP", "port": "traffic-port", "path": "", "codes": ""}
    times = {"interval": 10, "timeout": 5, "healthy": 3, "unhealthy": 3}
    return {**usual, **times, **change}


UDP = {**port(protocol="UDP"), **check(protocol="TCP")}
BY_NAME = pool(addresses=None, instances=(Instance("one"),))
TARGET = {"id": "i-1", "port": 80, "zone": ""}
MIXED = {"ports": (Port(80, "t"), Port(80, "u", protocol="UDP"))}
HTTP = {"protocol": "HTTP", "path": "/x", "codes": "200-399"}

LISTENER, GROUP, BALANCER = "aws.listener", "aws.target_group", "aws.load_balancer"
REGISTRATION, FIREWALL, RULE = "aws.registration", "aws.security_group", "aws.rule"

ROWS = (
    Row("ports", {"ports": (PORT, Port(81, "b"))}, f"{LISTENER}.port", 81, role="81"),
    Row("ports[].port", port(port=8081), f"{LISTENER}.port", 8081),
    Row("ports[].name", port(name="http"), f"{LISTENER}.port_name", "http"),
    Row("ports[].protocol", UDP, f"{LISTENER}.protocol", "UDP"),
    Row("ports[].protocol", MIXED, f"{LISTENER}.protocol", "TCP_UDP"),
    Row("ports[].protocol", port(protocol="UDP"), code="LB005"),
    Row("ports[].protocol", port(protocol="SCTP"), code="LB003"),
    Row("ports[].protocol", port(protocol="UDP"), code="LB003", like=ALB),
    Row("ports[].targetPort", port(target_port=8080), f"{GROUP}.port", 8080),
    Row("ports[].targetPort", port(target_port="http"), code="LB017"),
    Row("ports[].backend", port(backend="web"), f"{LISTENER}.forward", "web-80"),
    noted("ports[].appProtocol", port(app_protocol="http"), "LB017"),
    Row("ports[].appProtocol", port(backend="web", app_protocol="grpc"), code="LB003", like=ALB),
    Row(
        "ports[].appProtocol",
        port(backend="web", app_protocol="grpc", tls=Tls(("known",))),
        f"{GROUP}.protocol_version",
        "GRPC",
        like=ALB,
    ),
    Row("ports[].tls", port(tls=Tls(("known",))), f"{LISTENER}.protocol", "TLS"),
    Row(
        "ports[].tls",
        port(tls=Tls(("known",)), backend="web"),
        f"{LISTENER}.protocol",
        "HTTPS",
        like=ALB,
    ),
    Row(
        "ports[].tls.certificateRefs", port(tls=Tls(("known",))), f"{LISTENER}.certificates", [ARN]
    ),
    Row("ports[].tls.certificateRefs", port(tls=Tls(("unknown",))), code="LB015"),
    Row("loadBalancerClass", {"load_balancer_class": "quantum"}, code="LB001"),
    Row("loadBalancerClass", {"load_balancer_class": "l7"}, f"{BALANCER}.type", "application"),
    Row("routability", {"routability": "Internal"}, f"{BALANCER}.scheme", "internal"),
    Row("backends", {"backends": ()}, f"{GROUP}.target_type", "ip"),
    Row("backends[].name", pool(name="other"), f"{LISTENER}.forward", "other-80"),
    Row(
        "backends[].addresses",
        pool(addresses=(Member("10.0.0.8"),)),
        f"{REGISTRATION}.targets",
        [{"id": "10.0.0.8", "port": 80, "zone": ""}],
    ),
    Row(
        "backends[].addresses[].address",
        pool(addresses=(Member("192.168.0.1"),)),
        f"{REGISTRATION}.targets",
        [{"id": "192.168.0.1", "port": 80, "zone": "all"}],
    ),
    Row("backends[].addresses[].address", pool(addresses=(Member("8.8.8.8"),)), code="LB011"),
    Row("backends[].addresses[].address", pool(addresses=(Member("fd00::1"),)), code="LB008"),
    Row(
        "backends[].addresses[].port",
        pool(addresses=(Member("10.0.0.8", 9),)),
        f"{REGISTRATION}.targets",
        [{"id": "10.0.0.8", "port": 9, "zone": ""}],
    ),
    Row(
        "backends[].addresses[].weight",
        pool(addresses=(Member("10.0.0.5", weight=3), Member("10.0.0.6"))),
        f"{LISTENER}.forward",
        ["web-80-w1", "web-80-w3"],
    ),
    degraded(
        "backends[].addresses[].weight",
        pool(addresses=(Member("10.0.0.5", weight=997), Member("10.0.0.6", weight=1000))),
        "LB017",
    ),
    Row(
        "backends[].addresses[].weight",
        pool(addresses=tuple(Member(f"10.0.0.{n}", weight=n) for n in range(1, 8))),
        code="LB017",
    ),
    Row("backends[].instances", BY_NAME, f"{GROUP}.target_type", "instance"),
    Row("backends[].instances[].name", BY_NAME, f"{REGISTRATION}.targets", [TARGET]),
    Row(
        "backends[].instances[].port",
        pool(addresses=None, instances=(Instance("one", 9),)),
        f"{REGISTRATION}.targets",
        [{**TARGET, "port": 9}],
    ),
    Row(
        "backends[].instances[].weight",
        pool(addresses=None, instances=tuple(Instance(f"{n}", weight=n) for n in range(1, 8))),
        code="LB017",
    ),
    Row(
        "backends[].selector",
        pool(addresses=None, selector=Selector({"app": "x"})),
        f"{REGISTRATION}.targets",
        [TARGET],
    ),
    Row(
        "backends[].selector.matchLabels",
        pool(addresses=None, selector=Selector({"app": "x"})),
        f"{REGISTRATION}.targets",
        [TARGET],
    ),
    Row("backends[].targetPort", pool(target_port=9), f"{GROUP}.port", 9),
    Row(
        "backends[].targetPort",
        pool(addresses=(Member("10.0.0.8"),), target_port="http"),
        code="LB017",
    ),
    Row("routes", route(), code="LB016"),
    Row("routes", route(), f"{RULE}.paths", ["/x", "/x/*"], like=ALB),
    Row("routes[].backend", route(), f"{RULE}.forward", "api-80", like=ALB),
    Row("routes[].host", route(host="a.example.com"), f"{RULE}.host", "a.example.com", like=ALB),
    degraded("routes[].host", route(host="*.example.com"), "LB016", like=ALB),
    Row("routes[].host", route(host="localhost"), code="LB016", like=ALB),
    Row("routes[].path", route(path="/y"), f"{RULE}.paths", ["/y", "/y/*"], like=ALB),
    Row("routes[].path", route(path="/y*"), code="LB016", like=ALB),
    Row("routes[].pathType", route(path_type="Exact"), f"{RULE}.paths", ["/x"], like=ALB),
    Row("healthCheck", check(interval=20), f"{GROUP}.health_check", checked(interval=20)),
    Row(
        "healthCheck.protocol",
        check(protocol="HTTP", path="/x"),
        f"{GROUP}.health_check",
        checked(**HTTP),
    ),
    Row("healthCheck.protocol", check(protocol="TCP"), code="LB005", like=ALB),
    Row("healthCheck.path", check(path="/x"), f"{GROUP}.health_check", checked(**HTTP)),
    noted("healthCheck.path", {}, "LB005", like=ALB),
    Row("healthCheck.port", check(port=9), f"{GROUP}.health_check", checked(port="9")),
    Row(
        "healthCheck.interval", check(interval=300), f"{GROUP}.health_check", checked(interval=300)
    ),
    Row("healthCheck.interval", check(interval=301), code="LB005"),
    Row("healthCheck.timeout", check(timeout=9), f"{GROUP}.health_check", checked(timeout=9)),
    Row("healthCheck.timeout", check(timeout=1), code="LB005"),
    Row("healthCheck.timeout", check(timeout=10), code="LB005"),
    Row(
        "healthCheck.healthyThreshold",
        check(healthy_threshold=1, unhealthy_threshold=1),
        code="LB005",
    ),
    Row(
        "healthCheck.healthyThreshold",
        check(healthy_threshold=2, path="/x"),
        f"{GROUP}.health_check",
        checked(**HTTP, healthy=2),
        like=ALB,
    ),
    Row("healthCheck.unhealthyThreshold", check(unhealthy_threshold=4), code="LB005"),
    Row(
        "healthCheck.unhealthyThreshold",
        check(unhealthy_threshold=4, path="/x"),
        f"{GROUP}.health_check",
        checked(**HTTP, unhealthy=4),
        like=ALB,
    ),
    Row(
        "sourceRanges",
        {"source_ranges": ("192.0.2.7/32",)},
        f"{FIREWALL}.ingress",
        [{"protocol": "tcp", "port": 80, "cidr": "192.0.2.7/32"}],
    ),
    Row("sourceRanges", {"source_ranges": ("2001:db8::/32",)}, code="LB008"),
    Row(
        "sessionAffinity",
        {"session_affinity": "ClientIP"},
        f"{GROUP}.attributes",
        {"stickiness.enabled": "true", "stickiness.type": "source_ip"},
    ),
    degraded("sessionAffinity", {"session_affinity": "ClientIP"}, "LB014", like=ALB),
    Row(
        "sessionAffinity",
        {"session_affinity": "ClientIP", **port(tls=Tls(("known",)))},
        code="LB014",
    ),
    degraded("sessionAffinityConfig", {}, "LB014", like=STICKY),
    noted(
        "sessionAffinityConfig.clientIP",
        {"session_affinity_config": SessionAffinityConfig(ClientIPConfig(60))},
        "LB017",
        like=STICKY,
    ),
    Row(
        "sessionAffinityConfig.clientIP.timeoutSeconds",
        {"session_affinity_config": SessionAffinityConfig(ClientIPConfig(60))},
        f"{GROUP}.attributes",
        {"stickiness.lb_cookie.duration_seconds": "60"},
        like=replace(ALB, session_affinity="ClientIP"),
    ),
    Row(
        "sessionAffinityConfig.strict",
        {"session_affinity_config": SessionAffinityConfig(strict=True)},
        code="LB014",
        like=STICKY,
    ),
    Row(
        "externalTrafficPolicy",
        {"external_traffic_policy": "Local"},
        f"{GROUP}.attributes",
        {"preserve_client_ip.enabled": "true"},
    ),
    Row("externalTrafficPolicy", {"external_traffic_policy": "Local"}, code="LB010", like=ALB),
    Row(
        "ipFamilyPolicy",
        {"ip_family_policy": "RequireDualStack"},
        f"{BALANCER}.ip_address_type",
        "dualstack",
    ),
    Row(
        "ipFamilyPolicy",
        {"ip_family_policy": "PreferDualStack"},
        f"{BALANCER}.ip_address_type",
        "dualstack",
    ),
    Row(
        "ipFamilyPolicy",
        {"ip_family_policy": "RequireDualStack", "routability": "Internal"},
        code="LB008",
    ),
    noted("ipFamilyPolicy", {"ip_family_policy": "PreferDualStack", **UDP}, "LB008"),
    Row("ipFamilies", {"ip_families": ("IPv6",)}, code="LB008"),
    Row(
        "ipFamilies",
        {"ip_families": ("IPv4", "IPv6"), "ip_family_policy": "RequireDualStack"},
        f"{BALANCER}.ip_address_type",
        "dualstack",
    ),
    Row(
        "addressRefs",
        {"address_refs": ("eipalloc-1", "eipalloc-2")},
        f"{BALANCER}.addresses",
        [
            {"subnet": "subnet-1a", "allocation": "eipalloc-1"},
            {"subnet": "subnet-1b", "allocation": "eipalloc-2"},
        ],
    ),
    Row(
        "addressRefs",
        {"address_refs": ("10.0.0.4", "10.0.1.4"), "routability": "Internal"},
        f"{BALANCER}.addresses",
        [
            {"subnet": "subnet-1a", "private": "10.0.0.4"},
            {"subnet": "subnet-1b", "private": "10.0.1.4"},
        ],
    ),
    Row(
        "addressRefs",
        {"address_refs": ("north", "south")},
        "aws.address.domain",
        "vpc",
        role="north",
    ),
    Row("addressRefs", {"address_refs": ("eipalloc-1", "eipalloc-2")}, code="LB007", like=ALB),
    Row("addressRefs", {"address_refs": ("eipalloc-1",), "routability": "Internal"}, code="LB007"),
    Row(
        "placement",
        {"placement": Placement(zones=(f"{REGION}a",))},
        f"{BALANCER}.subnets",
        ["subnet-1a"],
    ),
    Row("placement.region", {"placement": Placement("us-east-1", ())}, "place", "us-east-1"),
    Row("placement.region", {"placement": Placement("nowhere")}, code="LB006"),
    Row(
        "placement.zones",
        {"placement": Placement(zones=(f"{REGION}b",))},
        f"{BALANCER}.subnets",
        ["subnet-1b"],
    ),
    Row("placement.zones", {"placement": Placement(zones=("zone",))}, code="LB006"),
    Row("placement.network", {"placement": Placement(network="vpc-2")}, f"{BALANCER}.vpc", "vpc-2"),
    Row("placement.network", {"placement": Placement(network="net")}, code="LB006"),
    Row(
        "placement.subnets",
        {"placement": Placement(subnets=("subnet-2b",))},
        f"{BALANCER}.subnets",
        ["subnet-2b"],
    ),
    Row("placement.subnets", {"placement": Placement(subnets=("net",))}, code="LB006"),
    Row(
        "trafficDistribution",
        {"traffic_distribution": "PreferClose"},
        f"{BALANCER}.attributes",
        {"load_balancing.cross_zone.enabled": "false"},
    ),
    Row(
        "trafficDistribution",
        {"traffic_distribution": "PreferClose"},
        f"{GROUP}.attributes",
        {"load_balancing.cross_zone.enabled": "false"},
        like=ALB,
    ),
    Row(
        "deletionProtection",
        {"deletion_protection": True},
        f"{BALANCER}.attributes",
        {"deletion_protection.enabled": "true"},
    ),
    Row(
        "connectionDraining",
        {"connection_draining": 77},
        f"{GROUP}.attributes",
        {"deregistration_delay.timeout_seconds": "77"},
    ),
)
# Rows of their own would say nothing: the core decides them, or their parents' rows show them.
ELSEWHERE = {
    "managementPolicies": "the engine keeps to them",
    "backends[].selector.matchExpressions": "Selector.matches decides, for all targets alike",
    "backends[].selector.matchExpressions[].key": "the same",
    "backends[].selector.matchExpressions[].operator": "the same",
    "backends[].selector.matchExpressions[].values": "the same",
}


def made(row: Row) -> LoadBalancer:
    """The balancer of a row."""
    return LoadBalancer(Metadata("web"), replace(row.like, **row.change))


@pytest.mark.parametrize("row", [row for row in ROWS if row.honoured], ids=str)
def test_an_honoured_field_shows_in_a_part(row: Row) -> None:
    """The part has the value, and nothing is rejected."""
    resource = made(row)
    severe = [each for each in PROVIDER.check(resource) if each.severity is Severity.REJECT]
    assert severe == []
    parts = list(PROVIDER.expand(resource, FACTS))
    if row.honoured == "place":
        assert {each.place for each in parts} == {row.value}
        return
    kind, _, name = row.honoured.rpartition(".")
    values = [
        each.want[name]
        for each in parts
        if each.key.kind == kind and row.role in ("", each.key.role)
    ]
    assert any(shows(value, row.value) for value in values), values


def shows(value: Any, wanted: Any) -> bool:
    """Whether a field's value is, or has, what is wanted; of a `forward`, the groups' roles."""
    if isinstance(value, Mapping) and "groups" in value:
        roles = [
            each["group"].to.role for each in value["groups"] if isinstance(each["group"], Ref)
        ]
        return roles == ([wanted] if isinstance(wanted, str) else wanted)
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        return wanted.items() <= value.items()
    return bool(value == wanted)


@pytest.mark.parametrize("row", [row for row in ROWS if row.code], ids=str)
def test_what_is_not_honoured_is_said(row: Row) -> None:
    """With the code and how grave it is; REJECT and DEGRADE show a way out."""
    found = [each for each in PROVIDER.check(made(row)) if each.code == row.code]
    fitting = [each for each in found if each.severity is row.severity]
    assert fitting, found
    assert all(each.alternative for each in fitting if each.severity is not Severity.NOTE)


def test_every_field_of_the_model_has_a_row() -> None:
    """A field that is added to the model is added here, with what AWS makes of it."""
    fields = set(traits.field_traits(LoadBalancerSpec))
    told = {row.path for row in ROWS} | ELSEWHERE.keys()
    assert fields - told == set()
    assert told - fields == set()
