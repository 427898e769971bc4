"""What a spec names and the memory cloud does not have is said by the plan."""

from __future__ import annotations

from collections.abc import Callable

from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
)
from cloudabstract.testing.calls import Call, Fault
from cloudabstract.testing.memory import Cloud
from cloudabstract.testing.stacks import MemoryStack

Stacks = Callable[[str], MemoryStack]
POOL = BackendPool("web", (Member("10.0.0.5"),))


def balancer(*refs: str) -> LoadBalancer:
    """One port on reserved addresses."""
    spec = LoadBalancerSpec((Port(80),), backends=(POOL,), address_refs=refs)
    return LoadBalancer(Metadata("web"), spec)


def test_an_address_that_is_not_there_is_rejected_by_the_plan(
    memory_cloud: Cloud, cloudabstract_stack: Stacks
) -> None:
    """With the portable code and the entry of the list, also for what is no address."""
    stack = cloudabstract_stack("shop")
    other = memory_cloud.plant("memory.pool", "other", {"protocol": "TCP"})
    for wrong in ("no-such-address", other.id):
        (said,) = stack.plan([balancer(wrong)]).rejections
        assert (said.code, said.field) == ("LB007", "spec.addressRefs[0]")
        assert said.resource == "LoadBalancer/web"
        assert wrong in said.message


def test_an_address_that_is_there_is_used(memory_cloud: Cloud, cloudabstract_stack: Stacks) -> None:
    """It is the balancer's only one, and it stays when the balancer goes."""
    mine = {"ip": "203.0.113.7", "family": "IPv4", "routability": "External"}
    reserved = memory_cloud.plant("memory.address", "mine", mine)
    stack = cloudabstract_stack("shop")
    (address,) = stack.apply([balancer(reserved.id)])["LoadBalancer/web"].addresses
    assert address.ip == "203.0.113.7"
    assert stack.delete().ok
    assert memory_cloud.objects() == (reserved,)


def test_an_address_that_vanishes_after_the_plan_is_a_failure_in_words(
    memory_cloud: Cloud, cloudabstract_stack: Stacks
) -> None:
    """The balancer cannot be made; nobody sees an exception of Python's."""
    mine = {"ip": "203.0.113.7", "family": "IPv4", "routability": "External"}
    reserved = memory_cloud.plant("memory.address", "mine", mine)

    class Vanishing(Fault):
        def before(self, call: Call) -> None:
            if (call.verb, call.kind) == ("create", "memory.balancer"):
                memory_cloud.remove(reserved)

    report = cloudabstract_stack("shop").apply([balancer(reserved.id)], Vanishing())
    told = [str(each.failure) for each in report.failed if each.failure is not None]
    assert any("NoSuchObject" in each for each in told)
