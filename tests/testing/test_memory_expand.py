"""What the memory provider makes of portable resources: the graph of parts, and the status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Performance,
    Placement,
    Port,
    Resource,
    Route,
    Selector,
    Storage,
    Tls,
    Topology,
    Volume,
    VolumeSpec,
)
from cloudabstract.provider import Facts, Host, Part, Ref
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings

FACTS = Facts(
    ("here", "here-a", "here-b"),
    (Host("api-1", "10.0.0.7", {"app": "api"}, ports={"http": 9000}),),
)
WEB = BackendPool("web", addresses=(Member("10.0.0.5", weight=3), Member("10.0.0.6", port=81)))
API = BackendPool("api", selector=Selector({"app": "api"}))


def provider(**settings: Any) -> MemoryProvider:
    """A provider with these settings."""
    return MemoryProvider(MemorySettings(**settings), Cloud())


def parts(resource: Resource) -> dict[str, Part]:
    """`kind:role` -> part, without the provider's prefix."""
    return {
        f"{part.key.kind.removeprefix('memory.')}:{part.key.role}": part
        for part in provider().expand(resource, FACTS)
    }


def balancer(**spec: Any) -> LoadBalancer:
    """A balancer with one port and one pool, unless said otherwise."""
    usual: dict[str, Any] = {"ports": (Port(80),), "backends": (WEB,)}
    return LoadBalancer(Metadata("web"), LoadBalancerSpec(**{**usual, **spec}))


def volume(**spec: Any) -> Volume:
    """A volume of 1 GiB, unless said otherwise."""
    usual: dict[str, Any] = {"capacity": Storage(2**30), "access_modes": ("ReadWriteOnce",)}
    return Volume(Metadata("archive", ""), VolumeSpec(**{**usual, **spec}))


def codes(resource: Resource, **settings: Any) -> dict[str, str]:
    """field -> code of every objection."""
    return {each.field: each.code for each in provider(**settings).check(resource)}


def test_a_balancer_is_five_parts_for_one_port() -> None:
    """Address, balancer, pool, members, listener; refs tie them together."""
    made = parts(balancer())
    assert list(made) == [
        "address:address",
        "balancer:balancer",
        "pool:80-tcp-web",
        "members:80-tcp-web",
        "listener:80-tcp",
    ]
    listener = made["listener:80-tcp"].want
    assert listener["balancer"] == Ref(made["balancer:balancer"].key, "id")
    assert listener["pool"] == Ref(made["pool:80-tcp-web"].key, "id")


def test_members_have_their_own_ports_and_weights() -> None:
    """A member's port goes before the targetPort, and the weight is sent."""
    members = parts(balancer(ports=(Port(80, target_port=8080),)))["members:80-tcp-web"].want
    assert members["members"] == [
        {"address": "10.0.0.5", "port": 8080, "weight": 3},
        {"address": "10.0.0.6", "port": 81, "weight": 1},
    ]


def test_scaling_backends_changes_the_registration_only() -> None:
    """One more member: every other part is equal."""
    before = parts(balancer())
    more = replace(WEB, addresses=(*(WEB.addresses or ()), Member("10.0.0.9")))
    after = parts(balancer(backends=(more,)))
    changed = [role for role in before if before[role] != after[role]]
    assert changed == ["members:80-tcp-web"]


def test_hosts_are_selected_by_label_and_named_port() -> None:
    """A selector finds the host, the port's name its number there."""
    made = parts(balancer(ports=(Port(80, target_port="http"),), backends=(API,)))
    assert made["members:80-tcp-api"].want["members"] == [
        {"address": "10.0.0.7", "port": 9000, "weight": 1}
    ]


def test_routes_bring_their_pools() -> None:
    """Class l7: each routed pool is made for the port, and the listener points at it."""
    made = parts(
        balancer(
            load_balancer_class="l7",
            ports=(Port(80, backend="web"),),
            backends=(WEB, API),
            routes=(Route("api", path="/api"),),
        )
    )
    (route,) = made["listener:80-tcp"].want["routes"]
    assert route["pool"] == Ref(made["pool:80-tcp-api"].key, "id")
    assert made["pool:80-tcp-web"].want["protocol"] == "HTTP"


def test_a_pool_nobody_serves_is_no_part() -> None:
    """No backends: a balancer and a listener without pool, ready for when there are some."""
    made = parts(balancer(backends=()))
    assert list(made) == ["address:address", "balancer:balancer", "listener:80-tcp"]
    assert made["listener:80-tcp"].want["pool"] == ""


def test_two_families_are_two_addresses() -> None:
    """The second one may come and go: it is no fixed field."""
    made = parts(balancer(ip_family_policy="RequireDualStack", ip_families=("IPv6",)))
    assert made["address:address"].want["family"] == "IPv6"
    assert made["address:second-address"].want["family"] == "IPv4"


def test_a_reserved_address_is_named_not_made() -> None:
    """It belongs to whoever reserved it."""
    made = parts(balancer(address_refs=("address-00000000000a",)))
    assert "address:address" not in made
    assert made["balancer:balancer"].want["address"] == "address-00000000000a"


def test_sizes_are_rounded_up_and_the_plan_says_so() -> None:
    """1500 kB is two MiB, with a note."""
    part = parts(volume(capacity=Storage(1_500_000)))["disk:volume"]
    assert part.want["size"] == 2 * 2**20
    assert part.notes == {"size": "rounded up from 1500k"}


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({}, "here-a"),
        ({"topology": Topology(zones=("here-b",))}, "here-b"),
        ({"replication": "regional"}, "here"),
    ],
)
def test_a_disk_stands_where_its_topology_says(spec: dict[str, Any], place: str) -> None:
    """Its zone, the default zone, or the region when replicated."""
    assert parts(volume(**spec))["disk:volume"].place == place


def test_an_existing_disk_is_adopted_by_id() -> None:
    """externalRef makes the part external: never created, never deleted."""
    assert parts(volume(external_ref="disk-00000000000a"))["disk:volume"].external


@pytest.mark.parametrize(
    ("spec", "field", "code"),
    [
        ({"load_balancer_class": "l9"}, "spec.loadBalancerClass", "LB001"),
        ({"ports": (Port(80, protocol="SCTP"),)}, "spec.ports[0].protocol", "LB003"),
        ({"routes": (Route("web"),)}, "spec.routes", "LB016"),
        ({"ports": (Port(443, tls=Tls(("c",))),)}, "spec.ports[0].tls", "LB009"),
        ({"source_ranges": ("2001:db8::/32",)}, "spec.sourceRanges[0]", "LB008"),
        ({"address_refs": ("a", "b")}, "spec.addressRefs", "LB007"),
        ({"placement": Placement(zones=("moon",))}, "spec.placement.zones", "LB006"),
        ({"placement": Placement(network="moon")}, "spec.placement.network", "LB006"),
        ({"traffic_distribution": "PreferClose"}, "spec.trafficDistribution", "LB017"),
        (
            {"load_balancer_class": "l7", "external_traffic_policy": "Local"},
            "spec.externalTrafficPolicy",
            "LB010",
        ),
    ],
)
def test_what_a_balancer_cannot_have_is_objected_to(
    spec: dict[str, Any], field: str, code: str
) -> None:
    """The field is named, with the portable code."""
    assert codes(balancer(**spec))[field] == code


@pytest.mark.parametrize(
    ("spec", "field", "code"),
    [
        ({"access_modes": ("ReadWriteMany",)}, "spec.accessModes", "VO003"),
        (
            {"access_modes": ("ReadOnlyMany",), "volume_mode": "Block"},
            "spec.accessModes",
            "VO002",
        ),
        ({"performance": Performance("cold", iops=500)}, "spec.performance.iops", "VO006"),
        ({"performance": Performance("fast", iops=10**9)}, "spec.performance.iops", "VO006"),
        ({"capacity": Storage(2**60)}, "spec.capacity.storage", "VO008"),
        ({"topology": Topology("moon")}, "spec.topology.region", "VO009"),
        ({"mount_options": ("noatime", "evil")}, "spec.mountOptions[1]", "VO018"),
        (
            {"provider_overrides": {"memory": {"colour": "red"}}},
            "spec.providerOverrides.memory.colour",
            "VO017",
        ),
    ],
)
def test_what_a_volume_cannot_have_is_objected_to(
    spec: dict[str, Any], field: str, code: str
) -> None:
    """The field is named, with the portable code."""
    assert codes(volume(**spec))[field] == code


def test_settings_widen_what_is_possible() -> None:
    """A certificate and a network that the target knows are no objection."""
    wide = {"certificates": ("shop",), "networks": ("default", "moon")}
    spec = {
        "load_balancer_class": "l7",
        "ports": (Port(443, tls=Tls(("shop",))),),
        "placement": Placement(network="moon"),
    }
    assert codes(balancer(**spec), **wide) == {}
    assert codes(balancer(**spec)) == {
        "spec.ports[0].tls.certificateRefs": "LB015",
        "spec.placement.network": "LB006",
    }
