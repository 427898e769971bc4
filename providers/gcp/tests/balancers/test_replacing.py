"""What cannot change in place is made beside the old, and the address stays through all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gcp_bench import world
from gcp_bench.harness import GcpHarness

from cloudabstract.engine import Action
from cloudabstract.model import LoadBalancer, Placement, Port
from cloudabstract.testing.conformance.samples import application, balancer
from cloudabstract.testing.conformance.story import Story, check_settled, story


def like(made: LoadBalancer, **change: Any) -> LoadBalancer:
    return replace(made, spec=replace(made.spec, **change))


def address(told: Story) -> str:
    """The one reserved address there is."""
    (found,) = told.harness.emulator.world.all("addresses")
    return str(found.fields["address"])


def writes(told: Story) -> list[str]:
    """What was done to which collection since the calls were cleared, in order."""
    calls = told.harness.emulator.calls
    return [f"{each.method.removeprefix('compute.')} {each.path}" for each in calls.mutating()]


def position(done: list[str], beginning: str) -> int:
    return next(at for at, each in enumerate(done) if each.startswith(beginning))


def test_a_backend_service_with_another_fixed_field_comes_before_the_old_one_goes() -> None:
    """Protocol to the backends changed: new service, map repointed, old service last."""
    plain = like(application(), ports=(Port(80, name="http", backend="web"),))
    encrypted = like(plain, ports=(replace(plain.spec.ports[0], app_protocol="https"),))
    with story(GcpHarness) as told:
        told.turn((plain,))
        before = address(told)
        plan = told.plan((encrypted,))
        replaced = [each for each in plan.changes if each.action is Action.REPLACE]
        assert {each.part.kind for each in replaced} == {"gcp.backend_service"}
        told.harness.emulator.calls.clear()
        report = told.turn((encrypted,))
        done = writes(told)
        check_settled(told, (encrypted,), report)
        assert address(told) == before
    assert position(done, "backendServices.insert") < position(done, "urlMaps.update")
    assert position(done, "urlMaps.update") < position(done, "backendServices.delete")
    assert not [each for each in done if "ddresses" in each or "forwardingRules" in each]
    assert not [each for each in done if each.startswith("networkEndpointGroups.insert")]


def test_the_address_stays_when_the_rule_is_replaced() -> None:
    """Another port: the old rule goes before the new one comes, on the same number."""
    with story(GcpHarness) as told:
        told.turn((balancer(),))
        before = address(told)
        ports = (Port(80, name="http"), Port(8443, name="https"))
        moved = like(balancer(), ports=ports)
        (change,) = [each for each in told.plan((moved,)).changes if each.action is Action.REPLACE]
        assert (change.part.kind, change.gap) == ("gcp.forwarding_rule", True)
        check_settled(told, (moved,), told.turn((moved,)))
        assert address(told) == before
        (rule,) = told.harness.emulator.world.all("forwardingRules")
        assert (rule.fields["IPAddress"], rule.fields["ports"]) == (before, ["80", "8443"])


def test_the_address_stays_when_the_network_changes() -> None:
    """Groups and endpoints are made anew in the other network; clients notice nothing."""
    elsewhere = like(balancer(), placement=Placement(network="prod"))
    with story(GcpHarness) as told:
        told.turn((balancer(),))
        before = address(told)
        emulator = told.harness.emulator
        for number in (5, 6):
            link = f"projects/acme/zones/us-central1-{'ab'[number % 2]}/instances/vm-{number}"
            emulator.world.remove(f"https://www.googleapis.com/compute/v1/{link}")
            zone = f"us-central1-{'ab'[number % 2]}"
            world.add_instance(emulator, f"vm-{number}", f"10.0.0.{number}", zone, "prod")
        check_settled(told, (elsewhere,), told.turn((elsewhere,)))
        assert address(told) == before
        groups = emulator.world.all("networkEndpointGroups")
        assert {each.fields["network"].rpartition("/")[2] for each in groups} == {"prod"}


def test_the_rule_goes_when_all_that_the_new_one_needs_is_there() -> None:
    """Inside from now on: the gap is one delete and one insert long, and all else comes before."""
    inside = like(balancer(), routability="Internal")
    with story(GcpHarness) as told:
        told.turn((balancer(),))
        told.harness.emulator.calls.clear()
        check_settled(told, (inside,), told.turn((inside,)))
        done = writes(told)
    (gone,) = [at for at, each in enumerate(done) if each.startswith("forwardingRules.delete")]
    assert done[gone + 1].startswith("forwardingRules.insert")
    inserted = [at for at, each in enumerate(done) if ".insert" in each]
    assert len(inserted) > 2
    assert [at for at in inserted if at > gone] == [gone + 1]


def test_the_rule_stays_when_the_new_service_cannot_be_made() -> None:
    """What fails before the gap leaves the old balancer at work; the next turn goes on."""
    inside = like(balancer(), routability="Internal")
    with story(GcpHarness) as told:
        told.turn((balancer(),))
        emulator = told.harness.emulator
        before = [each.id for each in emulator.world.all("forwardingRules")]
        emulator.faults.fail("*ackendServices.insert", times=None, status=403)
        assert not told.turn((inside,)).ok
        assert [each.id for each in emulator.world.all("forwardingRules")] == before
        emulator.faults.clear()
        check_settled(told, (inside,), told.turn((inside,)))


def test_scaling_touches_registration_only() -> None:
    """One more backend: one change in the plan, and one endpoint attached."""
    pool = balancer().spec.backends[0]
    smaller = like(balancer(), backends=(replace(pool, addresses=pool.addresses[:1]),))
    with story(GcpHarness) as told:
        world.add_instance(told.harness.emulator, "twin", "10.0.0.25", "us-central1-b")
        twin = replace(pool.addresses[0], address="10.0.0.25")
        larger = like(balancer(), backends=(replace(pool, addresses=(pool.addresses[0], twin)),))
        told.turn((smaller,))
        kinds = [each.part.kind for each in told.plan((larger,)).changes]
        assert kinds == ["gcp.endpoints"]
        check_settled(told, (larger,), told.turn((larger,)))
        (group,) = told.harness.emulator.world.all("networkEndpointGroups")
        assert {each["ipAddress"] for each in group.members} == {"10.0.0.5", "10.0.0.25"}
