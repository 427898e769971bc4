"""The settings of a target of provider `aws`, as they stand in cloudabstract.yaml.

Credentials are no settings: they come from boto3's own chain (environment, shared files, SSO,
instance roles) and are neither stored nor printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from cloudabstract.model.limits import doc
from cloudabstract.model.resource import Tuples


@dataclass(frozen=True)
class AwsSettings(Tuples):
    """Which account and region, and where in its network balancers stand."""

    region: Annotated[str | None, doc("Unset: what boto3's configuration says.")] = None
    regions: Annotated[
        tuple[str, ...], doc("Further regions to look for objects of a stack in, every time.")
    ] = ()
    profile: Annotated[str | None, doc("A profile of the shared AWS configuration.")] = None
    role_arn: Annotated[str | None, doc("A role to assume, with the credentials found.")] = None
    endpoint_url: Annotated[str | None, doc("For emulators: where all services answer.")] = None
    vpc: Annotated[
        str | None, doc("Where balancers and mount targets stand; unset: see `subnets`.")
    ] = None
    subnets: Annotated[
        tuple[str, ...],
        doc(
            "One a zone. Unset: those of the VPC with the role tags kubernetes.io/role/elb "
            "(External) or kubernetes.io/role/internal-elb, else all of the default VPC."
        ),
    ] = ()
    tags: Annotated[Mapping[str, str], doc("Further tags for everything that is made.")] = field(
        default_factory=dict
    )
    certificates: Annotated[
        Mapping[str, str], doc("ARNs of ACM certificates, by the name that ports use.")
    ] = field(default_factory=dict)
    scrutiny: Annotated[
        Literal["auto", "full", "pages"],
        doc(
            "How closely plans look at what AWS shows one object a call (attributes, members): "
            "`full` at every object; `pages` at what lists show only; `auto` at every object as "
            "long as there are few of them."
        ),
    ] = "auto"
