"""Load balancers on Google Cloud: which parts they are made of, and the drivers of these parts.

checks, port_checks ...    what Google cannot do, said before anything is touched
drafting, members, probing what passthrough and application balancers share (pure)
passthrough, web, routing  a balancer to its parts (pure)
words                      annotations that only this provider knows (pure)
reporting                  found parts to portable status (pure)
survey                     what must be asked first
reading                    found objects to balancers, for `discover` (pure)
verbs                      the four verbs for each kind; recall: members of groups without calls
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudabstract.model import LoadBalancer, Status
from cloudabstract.provider import Driver, Facts, Found, Part, PartKey
from cloudabstract_gcp.calls import Compute
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.settings import GcpSettings

from . import passthrough, reporting, web
from .checks import check
from .drafting import Draft
from .kinds import KINDS
from .reading import portable
from .recall import Recall
from .reporting import FEATURES
from .survey import survey

__all__ = [
    "FEATURES",
    "KINDS",
    "Recall",
    "check",
    "drivers",
    "expand",
    "portable",
    "status",
    "survey",
]


def expand(resource: LoadBalancer, facts: Facts, settings: GcpSettings) -> Iterator[Part]:
    """The parts of `resource`."""
    draft = Draft(resource, facts, settings)
    if resource.spec.load_balancer_class == "l7":
        return web.expand(draft)
    return passthrough.expand(draft)


def status(resource: LoadBalancer, found: Mapping[PartKey, Found], settings: GcpSettings) -> Status:
    """What the found parts of `resource` amount to."""
    return reporting.status(resource, found)


def drivers(compute: Compute, unfinished: Unfinished, known: Recall) -> dict[str, Driver]:
    """A driver for every kind in KINDS, by the kind's name."""
    from .verbs.addresses import AddressDriver
    from .verbs.endpoint_groups import EndpointGroupDriver
    from .verbs.endpoints import EndpointsDriver
    from .verbs.firewalls import FirewallDriver
    from .verbs.health_checks import HealthCheckDriver
    from .verbs.proxies import HttpProxyDriver, HttpsProxyDriver
    from .verbs.rules import ForwardingRuleDriver
    from .verbs.services import BackendServiceDriver
    from .verbs.url_maps import UrlMapDriver

    named = (
        *(AddressDriver, HealthCheckDriver, FirewallDriver, EndpointGroupDriver),
        *(BackendServiceDriver, UrlMapDriver, HttpProxyDriver, HttpsProxyDriver),
        ForwardingRuleDriver,
    )
    return {
        **{each.kind: each(compute, unfinished) for each in named},
        EndpointsDriver.kind: EndpointsDriver(compute, unfinished, known),
    }
