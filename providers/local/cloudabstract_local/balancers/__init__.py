"""Load balancers on Envoy: which parts they are made of, and the drivers of these parts.

    pools, families         addresses that balancers may have, and of which IP families
    checks, ports_checks    what this target cannot do, said before anything is touched
    expansion, checking     a balancer to its parts (pure)
    reporting               found parts to portable status (pure)
    reading                 found objects back to balancers, for `discover` (pure)
    snapshot, plane         all records of the root, and the data plane that follows from them
    recorded                the four verbs for a record; built on by
    addresses, endpoints, certificates, listeners

The engine knows nothing of Envoy, and Envoy nothing of parts: both meet in the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checks import check
from .expansion import expand
from .kinds import KINDS
from .reading import portable
from .reporting import features, status

if TYPE_CHECKING:
    from cloudabstract.clock import Clock
    from cloudabstract.provider import Driver
    from cloudabstract_local.root import Root
    from cloudabstract_local.settings import LocalSettings

__all__ = ["KINDS", "check", "drivers", "expand", "features", "portable", "status"]


def drivers(root: Root, settings: LocalSettings, clock: Clock) -> dict[str, Driver]:
    """A driver for every kind in KINDS, by the kind's name; they share one view of the root."""
    from . import kinds
    from .addresses import AddressDriver
    from .certificates import CertificateDriver
    from .endpoints import EndpointsDriver
    from .listeners import ListenerDriver
    from .plane import Plane
    from .recorded import RecordedDriver

    plane = Plane(root, settings, clock)
    return {
        kinds.ADDRESS.name: AddressDriver(plane),
        kinds.POOL.name: RecordedDriver(kinds.POOL.name, plane),
        kinds.ENDPOINTS.name: EndpointsDriver(plane),
        kinds.CERTIFICATE.name: CertificateDriver(plane),
        kinds.LISTENER.name: ListenerDriver(plane),
    }
