"""Objects made by hand: Google's bare client, none of this product's words, and Google's defaults.

Hand(told_or_emulator_url)     makes things one by one, and waits for each
"""

from __future__ import annotations

from typing import Any

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials

from cloudabstract.testing.gce import Emulator

from .world import PROJECT, REGION

ZONES = (f"{REGION}-a", f"{REGION}-b")
ROOT = f"projects/{PROJECT}"
_FULL = "https://www.googleapis.com/compute/v1/"


class Hand:
    """One person with google-cloud-compute, at an emulator that is served over HTTP."""

    def __init__(self, emulator: Emulator) -> None:
        from google.cloud import compute_v1

        self.types = compute_v1
        self._options = ClientOptions(api_endpoint=emulator.url)

    def client(self, service: str) -> Any:
        """The client of one of Google's services."""
        made = getattr(self.types, f"{service}Client")
        return made(credentials=AnonymousCredentials(), client_options=self._options)

    def call(self, service: str, verb: str, **arguments: Any) -> None:
        """A call that changes something, and its end. Raises AssertionError when it failed."""
        begun = getattr(self.client(service), f"{verb}_unary")(project=PROJECT, **arguments)
        where = {
            level: getattr(begun, level).rpartition("/")[2]
            for level in ("zone", "region")
            if getattr(begun, level)
        }
        prefix = next(iter(where), "global").capitalize()
        done = self.client(f"{prefix}Operations").wait(
            project=PROJECT, operation=begun.name, **where
        )
        assert not done.error.errors, done.error

    def instance(self, name: str, zone: str, **labels: str) -> None:
        """A machine with a boot disk of its own."""
        c = self.types
        kind = f"zones/{zone}/diskTypes/pd-balanced"
        self.disk(f"boot-{name}", zone, type_=kind, size_gb=10)
        disk = c.AttachedDisk(
            boot=True, auto_delete=True, source=f"{ROOT}/zones/{zone}/disks/boot-{name}"
        )
        made = c.Instance(
            name=name,
            machine_type=f"zones/{zone}/machineTypes/e2-small",
            labels=labels,
            disks=[disk],
            network_interfaces=[c.NetworkInterface(network="global/networks/default")],
        )
        self.call("Instances", "insert", zone=zone, instance_resource=made)

    def disk(self, name: str, zone: str, **fields: Any) -> None:
        """A disk in one zone."""
        made = self.types.Disk(name=name, **fields)
        self.call("Disks", "insert", zone=zone, disk_resource=made)

    def address(self, name: str, scope: str = "", **fields: Any) -> str:
        """A reserved address: its number."""
        made = self.types.Address(name=name, **fields)
        service = "Addresses" if scope else "GlobalAddresses"
        where = {"region": scope} if scope else {}
        self.call(service, "insert", address_resource=made, **where)
        return str(self.client(service).get(project=PROJECT, address=name, **where).address)

    def check(self, name: str, scope: str = "", **fields: Any) -> str:
        """A health check: its link."""
        made = self.types.HealthCheck(name=name, **fields)
        return self._both("HealthChecks", scope, health_check_resource=made, name=name)

    def group(self, name: str, zone: str, *members: tuple[str, int]) -> str:
        """An endpoint group of instances, with ports or (0) without: its full link."""
        c = self.types
        kind = "GCE_VM_IP_PORT" if any(port for _, port in members) else "GCE_VM_IP"
        made = c.NetworkEndpointGroup(
            name=name, network_endpoint_type=kind, network=f"{ROOT}/global/networks/default"
        )
        service = "NetworkEndpointGroups"
        self.call(service, "insert", zone=zone, network_endpoint_group_resource=made)
        endpoints = [
            c.NetworkEndpoint(instance=vm, **({"port": port} if port else {}))
            for vm, port in members
        ]
        body = c.NetworkEndpointGroupsAttachEndpointsRequest(network_endpoints=endpoints)
        self.call(
            service,
            "attach_network_endpoints",
            zone=zone,
            network_endpoint_group=name,
            network_endpoint_groups_attach_endpoints_request_resource=body,
        )
        return f"{_FULL}{ROOT}/zones/{zone}/networkEndpointGroups/{name}"

    def swap(self, group: str, zone: str, leaving: str, coming: str) -> None:
        """One member of a group goes, another comes: as many as before."""
        c, where = self.types, {"zone": zone, "network_endpoint_group": group}
        for verb, name in (("detach", leaving), ("attach", coming)):
            kind = getattr(c, f"NetworkEndpointGroups{verb.capitalize()}EndpointsRequest")
            body = kind(network_endpoints=[c.NetworkEndpoint(instance=name)])
            field = f"network_endpoint_groups_{verb}_endpoints_request_resource"
            service = "NetworkEndpointGroups"
            self.call(service, f"{verb}_network_endpoints", **where, **{field: body})

    def service(self, name: str, scope: str, groups: list[str], check: str, **fields: Any) -> str:
        """A backend service: its link."""
        mode = fields.pop("backend", {})
        backends = [self.types.Backend(group=each, **mode) for each in groups]
        made = self.types.BackendService(
            name=name, health_checks=[check], backends=backends, **fields
        )
        return self._both("BackendServices", scope, backend_service_resource=made, name=name)

    def url_map(self, name: str, **fields: Any) -> str:
        """A global URL map: its link."""
        made = self.types.UrlMap(name=name, **fields)
        return self._both("UrlMaps", "", url_map_resource=made, name=name)

    def rule(self, name: str, scope: str = "", **fields: Any) -> None:
        """A forwarding rule."""
        made = self.types.ForwardingRule(name=name, **fields)
        service = "ForwardingRules" if scope else "GlobalForwardingRules"
        where = {"region": scope} if scope else {}
        self.call(service, "insert", forwarding_rule_resource=made, **where)

    def _both(self, plural: str, scope: str, name: str, **body: Any) -> str:
        where = {"region": scope} if scope else {}
        self.call(f"Region{plural}" if scope else plural, "insert", **body, **where)
        place = f"regions/{scope}" if scope else "global"
        return f"{ROOT}/{place}/{plural[:1].lower()}{plural[1:]}/{name}"


def machines(hand: Hand) -> None:
    """An instance in each of two zones."""
    for number, zone in enumerate(ZONES, 1):
        hand.instance(f"vm-{number}", zone, app="web")


def edge(hand: Hand) -> None:
    """Class l4 with Google's defaults: no reserved address, two ports, a group in each zone."""
    check = hand.check(
        "edge-check",
        REGION,
        type_="TCP",
        tcp_health_check=hand.types.TCPHealthCheck(port=80),
    )
    groups = [
        hand.group(f"edge-{zone[-1]}", zone, (f"vm-{number}", 0))
        for number, zone in enumerate(ZONES, 1)
    ]
    service = hand.service(
        *("edge", REGION, groups, check),
        load_balancing_scheme="EXTERNAL",
        protocol="TCP",
        description="the edge of the shop",
    )
    hand.rule(
        *("edge-rule", REGION),
        load_balancing_scheme="EXTERNAL",
        I_p_protocol="TCP",
        ports=["80", "443"],
        backend_service=service,
    )


def names(hand: Hand) -> None:
    """Class l4 inside, TCP and UDP on one reserved address, one check and one group for both."""
    number = hand.address(
        *("dns-ip", REGION), address_type="INTERNAL", purpose="SHARED_LOADBALANCER_VIP"
    )
    check = hand.check(
        "dns-check",
        REGION,
        type_="TCP",
        check_interval_sec=7,
        tcp_health_check=hand.types.TCPHealthCheck(port=53),
    )
    group = hand.group("dns", ZONES[1], ("vm-2", 0))
    for protocol in ("TCP", "UDP"):
        inside: dict[str, Any] = {"load_balancing_scheme": "INTERNAL"}
        name = f"dns-{protocol.lower()}"
        service = hand.service(name, REGION, [group], check, protocol=protocol, **inside)
        hand.rule(
            *(name, REGION),
            I_p_protocol=protocol,
            I_p_address=number,
            ports=["53"],
            backend_service=service,
            **inside,
        )


def old(hand: Hand) -> None:
    """The older application balancer, before an instance group; much has no portable word."""
    c = hand.types
    group = c.InstanceGroup(name="old-web", named_ports=[c.NamedPort(name="http", port=8080)])
    hand.call("InstanceGroups", "insert", zone=ZONES[0], instance_group_resource=group)
    check = hand.check(
        "old-check",
        type_="HTTP",
        http_health_check=c.HTTPHealthCheck(port=8080, request_path="/ping"),
    )
    service = hand.service(
        *("old-service", "", [f"{_FULL}{ROOT}/zones/{ZONES[0]}/instanceGroups/old-web"], check),
        protocol="HTTP",
        timeout_sec=77,
        session_affinity="GENERATED_COOKIE",
        backend={"max_utilization": 0.6},
    )
    _fronted(hand, "old", hand.url_map("old-map", default_service=service))


def site(hand: Hand) -> None:
    """The newer one: two services, hosts, paths and checks of their own, and a redirect beside."""
    c, managed = hand.types, {"load_balancing_scheme": "EXTERNAL_MANAGED"}
    number = hand.address("site-ip")
    made = {}
    for name, port in (("site", 8080), ("api", 9090)):
        groups = [
            hand.group(f"{name}-{zone[-1]}", zone, (f"vm-{at}", port))
            for at, zone in enumerate(ZONES, 1)
        ]
        serving = c.HTTPHealthCheck(
            port_specification="USE_SERVING_PORT", request_path=f"/{name}/healthz"
        )
        check = hand.check(f"{name}-check", type_="HTTP", http_health_check=serving)
        rate = {"balancing_mode": "RATE", "max_rate_per_endpoint": 100}
        made[name] = hand.service(
            f"{name}-service", "", groups, check, protocol="HTTP", backend=rate, **managed
        )
    rules = [
        c.PathRule(paths=["/api", "/api/*"], service=made["api"]),
        c.PathRule(paths=["/media/*"], service=made["api"]),
    ]
    matcher = c.PathMatcher(name="m", default_service=made["site"], path_rules=rules)
    routed = hand.url_map(
        "site-map",
        description="made by Ann",
        default_service=made["site"],
        host_rules=[c.HostRule(hosts=["shop.example.com", "example.com"], path_matcher="m")],
        path_matchers=[matcher],
    )
    redirect = c.HttpRedirectAction(https_redirect=True, strip_query=False)
    away = hand.url_map("to-https", default_url_redirect=redirect)
    _fronted(hand, "site", routed, "8000", I_p_address=number, **managed)
    _fronted(hand, "away", away, I_p_address=number, **managed)


def _fronted(hand: Hand, name: str, url_map: str, port: str = "80", **fields: Any) -> None:
    """A proxy and a rule before a URL map."""
    proxy = hand.types.TargetHttpProxy(name=f"{name}-proxy", url_map=url_map)
    hand.call("TargetHttpProxies", "insert", target_http_proxy_resource=proxy)
    target = f"{ROOT}/global/targetHttpProxies/{name}-proxy"
    hand.rule(f"{name}-rule", I_p_protocol="TCP", port_range=port, target=target, **fields)


def storage(hand: Hand) -> None:
    """Disks of four sorts, one of them attached and with a snapshot."""
    c = hand.types
    hand.disk("plain", ZONES[0], size_gb=20)
    hand.disk("fast", ZONES[1], size_gb=30, type_=f"zones/{ZONES[1]}/diskTypes/pd-ssd")
    hand.disk(
        *("hyper", ZONES[0]),
        size_gb=50,
        type_=f"zones/{ZONES[0]}/diskTypes/hyperdisk-balanced",
        provisioned_iops=5000,
        provisioned_throughput=200,
        labels={"team": "db"},
    )
    pair = c.Disk(
        name="pair",
        size_gb=40,
        type_=f"regions/{REGION}/diskTypes/pd-balanced",
        replica_zones=[f"{ROOT}/zones/{zone}" for zone in ZONES],
    )
    hand.call("RegionDisks", "insert", region=REGION, disk_resource=pair)
    source = f"{ROOT}/zones/{ZONES[1]}/disks/fast"
    attached = c.AttachedDisk(source=source, device_name="data")
    hand.call(
        *("Instances", "attach_disk"),
        zone=ZONES[1],
        instance="vm-2",
        attached_disk_resource=attached,
    )
    copy = c.Snapshot(name="monday", source_disk=source)
    hand.call("Snapshots", "insert", snapshot_resource=copy)
