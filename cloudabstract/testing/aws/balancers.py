"""Load balancers: names, zones, uniqueness, and the time it takes to provision one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from moto.elbv2.models import FakeLoadBalancer

from cloudabstract.testing.aws import placing
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.interfaces import Interfaces
from cloudabstract.testing.aws.refusal import Refused, bad_setup, not_valid
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_LONGEST_NAME = 32
_KINDS = {"application": "app", "network": "net", "gateway": "gwy"}
_PROTECTION = "deletion_protection.enabled"
_LOOKED_UP_AT_ONCE = 20


class Balancers:
    """The rules on creating, finding and deleting load balancers."""

    def __init__(self, settings: Settings, clock: SimulatedClock, interfaces: Interfaces) -> None:
        self._settings = settings
        self._clock = clock
        self._interfaces = interfaces

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "elbv2.CreateLoadBalancer": self._create,
            "elbv2.DescribeLoadBalancers": _describe,
            "elbv2.DeleteLoadBalancer": self._delete,
        }

    def patches(self) -> list[AbstractContextManager[Any]]:
        """A balancer becomes active in its own time, not by being looked at."""
        return [patch.object(FakeLoadBalancer, "activate", lambda balancer: None)]

    def _create(self, call: Call, proceed: Proceed) -> Any:
        params, store = call.params, call.backend
        kind = params.get("Type") or "application"
        _check_name(params["Name"])
        subnets = placing.subnets(call, kind)
        groups = placing.groups(call, kind, subnets[0].vpc_id)
        if kind != "gateway":
            params["Scheme"] = params.get("Scheme") or "internet-facing"
        same = [b for b in store.load_balancers.values() if b.name == params["Name"]]
        if same:
            return {"LoadBalancers": [_same(same[0], params, subnets, groups)]}
        self._check_quota(store, kind)
        params["SecurityGroups"] = groups
        balancer = proceed()["LoadBalancers"][0]
        _readdress(store, balancer)
        balancer.created_time = self._clock.today()
        stages = [("provisioning", self._settings.balancer_provisioning_seconds), ("active", 0)]
        self._clock.turn(balancer, "state", [*stages])
        self._interfaces.open(call.network, balancer)
        return {"LoadBalancers": [balancer]}

    def _check_quota(self, store: Any, kind: str) -> None:
        if sum(b.type == kind for b in store.load_balancers.values()) >= (
            self._settings.balancers_per_type
        ):
            raise Refused("TooManyLoadBalancers", "The quota of load balancers has been reached")

    def _delete(self, call: Call, proceed: Proceed) -> Any:
        balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
        if balancer is None:
            return proceed()  # success, as documented
        if str(balancer.attrs.get(_PROTECTION)).lower() == "true":
            message = f"Load balancer '{balancer.arn}' is protected against deletion"
            raise Refused("OperationNotPermitted", message)
        payload = proceed()
        for arn in (balancer.arn, *balancer.listeners):
            call.backend.tagging_service.delete_all_tags_for_resource(arn)
        self._interfaces.close(call.network, balancer)
        return payload


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME:
        message = f"The load balancer name '{name}' cannot be longer than '{_LONGEST_NAME}'"
        raise not_valid(f"{message} characters")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", name):
        message = "can only contain characters that are alphanumeric, and hyphens inside"
        raise not_valid(f"The load balancer name '{name}' {message}")
    if name.startswith("internal-"):
        raise not_valid(f"The load balancer name '{name}' cannot begin with 'internal-'")


def _same(
    balancer: Any, params: Mapping[str, Any], subnets: Sequence[Any], groups: Sequence[str]
) -> Any:
    """The balancer of this name, if it has these settings; tags are not settings."""
    present = (
        balancer.type,
        balancer.scheme,
        balancer.ip_address_type,
        {subnet.id for subnet in balancer.subnets},
        set(balancer.security_groups or ()),
    )
    wanted = (
        params.get("Type") or "application",
        params.get("Scheme"),
        params.get("IpAddressType") or "ipv4",
        {subnet.id for subnet in subnets},
        set(groups),
    )
    if present != wanted:
        message = f"A load balancer with the same name '{balancer.name}' exists"
        raise Refused("DuplicateLoadBalancerName", f"{message}, but with different settings")
    return balancer


def _readdress(store: Any, balancer: Any) -> None:
    """Give the balancer the ARN and DNS name of its type; moto makes them all `app`."""
    old = balancer.arn
    balancer.arn = old.replace("loadbalancer/app/", f"loadbalancer/{_KINDS[balancer.type]}/")
    store.load_balancers.pop(old)
    store.load_balancers[balancer.arn] = balancer
    if balancer.arn != old:
        store.tagging_service.copy_tags(old, balancer.arn)
        store.tagging_service.delete_all_tags_for_resource(old)
    unique = balancer.arn.rsplit("/", 1)[1]
    prefix = "internal-" if balancer.scheme == "internal" else ""
    host = f"{balancer.name}-{unique}"
    if balancer.type == "application":
        balancer.dns_name = f"{prefix}{host}.{store.region_name}.elb.amazonaws.com"
    else:
        balancer.dns_name = f"{host}.elb.{store.region_name}.amazonaws.com"


def _describe(call: Call, proceed: Proceed) -> Any:
    """Each ARN and each name asked for must exist; moto lets one hide another."""
    arns, names = call.params.get("LoadBalancerArns") or (), call.params.get("Names") or ()
    if len(arns) > _LOOKED_UP_AT_ONCE or len(names) > _LOOKED_UP_AT_ONCE:
        raise not_valid(f"Up to '{_LOOKED_UP_AT_ONCE}' load balancers can be described at once")
    if arns and names:
        raise bad_setup("Load balancer names and ARNs cannot be specified at the same time")
    balancers = call.backend.load_balancers
    missing = [arn for arn in arns if arn not in balancers]
    missing += set(names) - {balancer.name for balancer in balancers.values()}
    if missing:
        raise Refused("LoadBalancerNotFound", f"Load balancers '{missing}' not found")
    return proceed()
