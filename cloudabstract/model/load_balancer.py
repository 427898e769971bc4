"""LoadBalancer: addresses that spread traffic over named pools of backends.

Field names and rules come from Kubernetes Service and Ingress and from KEP-6128; extensions are
named so in their text. Every field has one default here, which is sent to every target explicitly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from .limits import (
    Change,
    DnsLabel,
    Ge,
    Le,
    ManagementPolicy,
    MaxLen,
    MinLen,
    PortNumber,
    Protocol,
    Seconds,
    doc,
)
from .resource import Resource, Tuples
from .selector import Selector


@dataclass(frozen=True)
class Tls(Tuples):
    """TLS termination (extension): the balancer decrypts, backends see plain traffic."""

    certificate_refs: Annotated[
        tuple[str, ...],
        MinLen(1),
        doc(
            "Certificates by the name they have under `certificates` in the target's settings, or "
            "in the target's own notation (an ACM ARN, a self link). The first is the default."
        ),
    ]


@dataclass(frozen=True)
class Port(Tuples):
    """One frontend of a balancer; ports are told apart by (port, protocol)."""

    port: Annotated[PortNumber, Change.REPLACE, doc("The number clients connect to.")]
    name: Annotated[
        DnsLabel | None, doc("Required and unique when there is more than one port.")
    ] = None
    protocol: Annotated[Protocol, Change.REPLACE, doc("Transport protocol.")] = "TCP"
    target_port: Annotated[
        PortNumber | DnsLabel | None,
        doc("The backends' port, by number or by the name hosts give it; unset means `port`."),
    ] = None
    backend: Annotated[
        DnsLabel | None, doc("The pool that serves this port; may be unset with a single pool.")
    ] = None
    app_protocol: Annotated[
        str | None,
        doc("A hint: an IANA name or kubernetes.io/h2c, /ws, /wss. It never changes l4."),
    ] = None
    tls: Annotated[Tls | None, doc("Terminate TLS here (extension).")] = None


@dataclass(frozen=True)
class Member:
    """A backend known by its address."""

    address: Annotated[str, MinLen(1), doc("An IPv4 or IPv6 address.")]
    port: Annotated[PortNumber | None, doc("Unset means the port's targetPort.")] = None
    weight: Annotated[int, Ge(0), Le(1000), doc("Share of traffic relative to the others.")] = 1


@dataclass(frozen=True)
class Instance:
    """A backend known by its identity on the target."""

    name: Annotated[str, MinLen(1), doc("The instance's id or name on the target.")]
    port: Annotated[PortNumber | None, doc("Unset means the port's targetPort.")] = None
    weight: Annotated[int, Ge(0), Le(1000), doc("Share of traffic relative to the others.")] = 1


@dataclass(frozen=True)
class BackendPool(Tuples):
    """A named set of backends: by `addresses`, by `instances` or by `selector`, exactly one."""

    name: Annotated[DnsLabel, doc("Unique within the balancer.")]
    addresses: Annotated[tuple[Member, ...] | None, doc("Members by address.")] = None
    instances: Annotated[tuple[Instance, ...] | None, doc("Members by identity.")] = None
    selector: Annotated[
        Selector | None, doc("Members by the labels of the target's hosts or instances.")
    ] = None
    target_port: Annotated[
        PortNumber | DnsLabel | None,
        doc("Not for l4: where this pool's members listen; unset means the port's targetPort."),
    ] = None


@dataclass(frozen=True)
class Route:
    """For class l7: which requests go to which pool, matched as in Kubernetes Ingress."""

    backend: Annotated[DnsLabel, doc("The pool that gets the matching requests.")]
    host: Annotated[
        str | None, doc("Exact host, or `*.domain` for one more label; unset means any.")
    ] = None
    path: Annotated[str, doc("Must start with '/'.")] = "/"
    path_type: Annotated[
        Literal["Prefix", "Exact"], doc("Prefix matches whole path elements; Exact all of it.")
    ] = "Prefix"


@dataclass(frozen=True)
class HealthCheck:
    """How a balancer decides that a backend may get traffic (extension)."""

    protocol: Annotated[
        Literal["TCP", "HTTP", "HTTPS"] | None, doc("Unset means HTTP with `path`, else TCP.")
    ] = None
    path: Annotated[
        str | None, doc("Requested by HTTP checks; unset means '/'; must start with '/'.")
    ] = None
    port: Annotated[PortNumber | None, doc("Unset means the port that gets traffic.")] = None
    interval: Annotated[Seconds, Ge(1), Le(3600), doc("Time between checks.")] = 10
    timeout: Annotated[Seconds, Ge(1), Le(3600), doc("At most `interval`.")] = 5
    healthy_threshold: Annotated[int, Ge(1), Le(10), doc("Passes that make it healthy.")] = 3
    unhealthy_threshold: Annotated[int, Ge(1), Le(10), doc("Failures that take it out.")] = 3


@dataclass(frozen=True)
class ClientIPConfig:
    """Settings of affinity by client address."""

    timeout_seconds: Annotated[int, Ge(1), Le(86400), doc("How long a client sticks.")] = 10800


@dataclass(frozen=True)
class SessionAffinityConfig:
    """Settings of session affinity."""

    client_ip: Annotated[ClientIPConfig, doc("For `sessionAffinity: ClientIP`.")] = ClientIPConfig()
    strict: Annotated[
        bool, doc("Refuse targets that cannot keep the timeout (LB014) instead of degrading.")
    ] = False


@dataclass(frozen=True)
class Placement(Tuples):
    """Where a balancer stands (extension); unset means the target's default."""

    region: Annotated[str | None, Change.REPLACE, doc("A region of the target.")] = None
    zones: Annotated[tuple[str, ...], Change.REPLACE, doc("Zones; empty means all.")] = ()
    network: Annotated[str | None, Change.REPLACE, doc("A network of the target.")] = None
    subnets: Annotated[tuple[str, ...], Change.REPLACE, doc("Subnets, one a zone.")] = ()


@dataclass(frozen=True)
class LoadBalancerSpec(Tuples):
    """What is wanted of a balancer."""

    ports: Annotated[tuple[Port, ...], MinLen(1), doc("Frontends, keyed by (port, protocol).")]
    load_balancer_class: Annotated[
        str,
        Change.IMMUTABLE,
        doc("`l4` forwards TCP and UDP; `l7` forwards HTTP and HTTPS; targets may add others."),
    ] = "l4"
    routability: Annotated[
        Literal["External", "Internal"], Change.REPLACE, doc("From where it can be reached.")
    ] = "External"
    backends: Annotated[
        tuple[BackendPool, ...], doc("Named pools; none is allowed and shows as Degraded.")
    ] = ()
    routes: Annotated[tuple[Route, ...], doc("Host and path routes of class l7.")] = ()
    health_check: Annotated[HealthCheck, doc("One check for all pools.")] = HealthCheck()
    source_ranges: Annotated[
        tuple[str, ...] | None, doc("CIDRs that may connect; unset or empty means all.")
    ] = None
    session_affinity: Annotated[
        Literal["None", "ClientIP"], doc("ClientIP keeps a client on one backend.")
    ] = "None"
    session_affinity_config: Annotated[
        SessionAffinityConfig | None, doc("Only with `sessionAffinity: ClientIP`.")
    ] = None
    external_traffic_policy: Annotated[
        Literal["Cluster", "Local"], doc("Local shows backends the client's address.")
    ] = "Cluster"
    ip_family_policy: Annotated[
        Literal["SingleStack", "PreferDualStack", "RequireDualStack"],
        doc("Prefer falls back to one family and says so in the status."),
    ] = "SingleStack"
    ip_families: Annotated[
        tuple[Literal["IPv4", "IPv6"], ...],
        MaxLen(2),
        Change.PRIMARY,
        doc("Empty means IPv4 first; the first one is immutable, a second may come and go."),
    ] = ()
    address_refs: Annotated[
        tuple[str, ...], Change.REPLACE, doc("Reserved addresses to use; empty: target picks.")
    ] = ()
    placement: Annotated[Placement, doc("Region, zones, network and subnets.")] = Placement()
    traffic_distribution: Annotated[
        Literal["PreferClose"] | None, doc("A hint to stay in the client's zone.")
    ] = None
    deletion_protection: Annotated[
        bool, doc("Refuse to delete until lifted by a change of its own.")
    ] = False
    connection_draining: Annotated[
        Seconds, Le(3600), doc("How long open connections may finish.")
    ] = 30
    management_policies: Annotated[
        tuple[ManagementPolicy, ...], MinLen(1), doc("What may be done to it; `*` is all.")
    ] = ("*",)


@dataclass(frozen=True)
class LoadBalancer(Resource):
    """Spreads traffic over backends."""

    KIND: ClassVar[str] = "LoadBalancer"
    SHORT: ClassVar[tuple[str, ...]] = ("lb",)

    spec: LoadBalancerSpec
