"""The settings of a target of provider `gcp`, as they stand in cloudabstract.yaml.

Credentials are no settings: they come from google-auth's own chain (environment, gcloud's
application default credentials, metadata server) and are neither stored nor printed. With a
loopback `endpoint` there are none: an emulator is called anonymously.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from cloudabstract.model.limits import doc
from cloudabstract.model.resource import Tuples


@dataclass(frozen=True)
class GcpSettings(Tuples):
    """Which project and region, and where in its networks balancers stand."""

    project: Annotated[str, doc("Id of the project. Required.")] = ""
    region: Annotated[str, doc("Region, e.g. asia-northeast3. Required.")] = ""
    regions: Annotated[
        tuple[str, ...], doc("Further regions to look for objects of a stack in, every time.")
    ] = ()
    zones: Annotated[
        tuple[str, ...], doc("Zones of the region to use, the first by default; unset: all of it.")
    ] = ()
    network: Annotated[
        str, doc("VPC network of balancers and their backends: its name, or its path.")
    ] = "default"
    subnetwork: Annotated[
        str | None,
        doc("Subnetwork of internal addresses: name or path; unset: the one named as the network."),
    ] = None
    certificates: Annotated[
        Mapping[str, str],
        doc(
            "SSL certificate resources by the name that ports use: a name, or a path such as "
            "projects/acme/global/sslCertificates/web. Other names mean the resource so named."
        ),
    ] = field(default_factory=dict)
    endpoint: Annotated[
        str | None, doc("For emulators: where Compute Engine answers, e.g. http://127.0.0.1:8080.")
    ] = None
