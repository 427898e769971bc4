"""A load balancer's network interfaces: one in each subnet, and a while longer than the balancer.

They are why its security groups and subnets cannot be deleted at once after it.
"""

from __future__ import annotations

import functools
from typing import Any

from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.settings import Settings

_TYPES = {"network": "network_load_balancer", "gateway": "gateway_load_balancer"}


class Interfaces:
    """Opens and closes them in moto's EC2."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def open(self, network: Any, balancer: Any) -> None:
        """See that the balancer has one in each of its subnets, in its security groups."""
        present = {interface.subnet.id: interface for interface in _of(network, balancer)}
        for subnet in balancer.subnets:
            if subnet.id not in present:
                present[subnet.id] = _make(network, balancer, subnet)
        wanted = {subnet.id for subnet in balancer.subnets}
        for id_, interface in present.items():
            ids = balancer.security_groups or ()
            interface._group_set = [network.get_security_group_from_id(group) for group in ids]
            if id_ not in wanted:
                self._drop(network, interface)

    def close(self, network: Any, balancer: Any) -> None:
        """The balancer is gone; its interfaces go too, after a while."""
        for interface in _of(network, balancer):
            self._drop(network, interface)

    def _drop(self, network: Any, interface: Any) -> None:
        interface.description += " (going)"  # no longer the balancer's, though still in the subnet
        gone = functools.partial(network.enis.pop, interface.id, None)
        self._clock.later(self._settings.interfaces_linger_seconds, gone)


def _of(network: Any, balancer: Any) -> list[Any]:
    words = _description(balancer)
    return [interface for interface in network.enis.values() if interface.description == words]


def _make(network: Any, balancer: Any, subnet: Any) -> Any:
    words = _description(balancer)
    interface = network.create_network_interface(subnet, [], description=words)
    interface.requester_managed = True
    interface.status = "in-use"
    interface.interface_type = _TYPES.get(balancer.type, "interface")
    return interface


def _description(balancer: Any) -> str:
    return "ELB " + str(balancer.arn).split(":loadbalancer/")[1]
