"""Load balancers on ELBv2: class l4 is a Network, l7 an Application Load Balancer.

kinds, limits                      what it is made of, and the numbers of the API
checks ...                         what AWS cannot do, said before anything is touched (pure)
frontends, weights, routing,       a spec's words in those of the API (pure)
health, attributes, firewall ...
placing                            VPC, subnets and addresses of a balancer (pure)
expansion, reporting               a balancer to its parts; found parts to a status (pure)
own_words                          annotations for what only AWS can say (pure)
reading ...                        what stands there, read back as balancers (pure)
elb, nameless, details, owned      reading in few calls; whose an object is
load_balancers, listeners ...      the four verbs of each kind
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancer, Resource
from cloudabstract.provider import Driver, Finding
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.places import REGION, region_of
from cloudabstract_aws.settings import AwsSettings
from cloudabstract_aws.vpcs import Vpcs

from .checks import check
from .expansion import expand
from .kinds import KINDS
from .reading import portable
from .reporting import FEATURES, status

__all__ = [
    "FEATURES",
    "KINDS",
    "check",
    "checkup",
    "drivers",
    "expand",
    "portable",
    "status",
    "survey",
]


def survey(resources: Iterable[Resource], vpcs: Vpcs, default: str) -> Mapping[str, Any]:
    """What `expand` will need: the networks of the regions in which balancers stand."""
    balancers = (each for each in resources if isinstance(each, LoadBalancer))
    regions = sorted({region_of(each, default) for each in balancers})
    return {"networks": {each: vpcs.survey(each) for each in regions if REGION.fullmatch(each)}}


def drivers(clients: Clients, settings: AwsSettings, vpcs: Vpcs) -> dict[str, Driver]:
    """A driver for every kind in KINDS, by the kind's name."""
    from . import kinds
    from .addresses import AddressDriver
    from .elb import Elb
    from .listeners import ListenerDriver
    from .load_balancers import LoadBalancerDriver
    from .registrations import RegistrationDriver
    from .rules import RuleDriver
    from .security_groups import SecurityGroupDriver
    from .target_groups import TargetGroupDriver

    elb, extra = Elb(clients, settings), settings.tags
    return {
        kinds.SECURITY_GROUP.name: SecurityGroupDriver(clients, extra),
        kinds.ADDRESS.name: AddressDriver(clients, extra),
        kinds.LOAD_BALANCER.name: LoadBalancerDriver(elb, extra, vpcs),
        kinds.TARGET_GROUP.name: TargetGroupDriver(elb, extra),
        kinds.REGISTRATION.name: RegistrationDriver(elb, vpcs),
        kinds.LISTENER.name: ListenerDriver(elb, extra),
        kinds.RULE.name: RuleDriver(elb, extra),
    }


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """What `doctor` says of balancers: networks, permissions, quotas."""
    from .examination import examine

    return examine(clients, settings)
