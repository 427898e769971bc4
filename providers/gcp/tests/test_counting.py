"""An empty plan costs pages, not objects; and what it may overlook is read when it matters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gcp_bench import world
from gcp_bench.harness import GcpHarness
from gcp_bench.planting import planted
from gcp_bench.storage import volume
from gcp_bench.wire import WIRE

from cloudabstract.engine import Options
from cloudabstract.model import LoadBalancer, Metadata
from cloudabstract.testing.conformance.samples import application, balancer
from cloudabstract.testing.conformance.story import Story, story


class WideHarness(GcpHarness):
    """The same world with Google's own pages of 500."""

    page = 500

    def __init__(self) -> None:
        super().__init__()
        self.emulator = world.emulator_with(self.clock, running=0.05, page=None)
        WIRE.emulator = self.emulator


@contextmanager
def standing(balancers: list[LoadBalancer]) -> Iterator[Story]:
    """A story in which these stand already; its log of calls is empty."""
    with story(WideHarness) as told:
        assert told.turn(balancers).ok
        told.harness.emulator.calls.clear()
        yield told


def named(made: LoadBalancer, count: int) -> list[LoadBalancer]:
    return [replace(made, metadata=Metadata(f"{made.metadata.name}-{n}")) for n in range(count)]


def calls_of_an_empty_plan(balancers: list[LoadBalancer]) -> list[str]:
    with standing(balancers) as told:
        assert told.plan(balancers).empty
        return sorted(told.harness.emulator.calls.methods())


def test_ten_balancers_cost_as_many_calls_as_two() -> None:
    """Of both classes, with endpoints in two zones: the very same calls, and only lists."""
    few = calls_of_an_empty_plan([*named(balancer(), 1), *named(application(), 1)])
    many = calls_of_an_empty_plan([*named(balancer(), 5), *named(application(), 5)])
    assert many == few
    assert len(many) <= 20
    assert [each for each in many if not each.endswith(("ist", "regions.get"))] == []


def test_a_plan_of_a_new_balancer_costs_lists_as_well() -> None:
    """Names that nobody has are asked for together, not one by one."""
    with story(WideHarness) as told:
        told.plan(named(balancer(), 12))
        methods = told.harness.emulator.calls.methods()
    assert [each for each in methods if not each.endswith(("ist", "regions.get"))] == []
    assert len(methods) <= 30


def test_members_that_were_changed_by_others_are_seen() -> None:
    """The size of a group does not fit the note any more: then its members are read."""
    made = [balancer()]
    with standing(made) as told:
        emulator = told.harness.emulator
        group = emulator.world.all("networkEndpointGroups")[0]
        path = group.link.partition("/v1/")[2]
        members = [{"instance": each["instance"]} for each in group.members]
        emulator.request("POST", f"{path}/detachNetworkEndpoints", {"networkEndpoints": members})
        emulator.advance(10)
        plan = told.plan(made)
        assert [each.part.kind for each in plan.changes] == ["gcp.endpoints"]
        assert told.turn(made).ok
        assert told.plan(made).empty


def test_without_a_note_members_are_read() -> None:
    """Somebody wiped the descriptions of backends: more calls, the same plan."""
    made = [balancer()]
    with standing(made) as told:
        emulator = told.harness.emulator
        for each in emulator.world.all("backendServices"):
            backends = [{**one, "description": ""} for one in each.fields["backends"]]
            emulator.world.change(each.link, {"backends": backends})
        assert told.plan(made).empty
        read = [each for each in emulator.calls.methods() if each.endswith("listNetworkEndpoints")]
        assert len(read) == len(emulator.world.all("networkEndpointGroups"))


def test_a_thousand_disks_and_a_hundred_balancers_cost_pages() -> None:
    """Pages of 500: each list as often as its objects need, and not one call more."""
    resources = [
        *named(balancer(), 50),
        *named(application(), 50),
        *(volume(f"data-{number}") for number in range(1000)),
    ]
    with story(WideHarness) as told:
        planted(told, resources)
        told.harness.emulator.calls.clear()
        assert told.plan(resources).empty
        methods = told.harness.emulator.calls.methods()
    assert [each for each in methods if not each.endswith(("ist", "regions.get"))] == []
    looks, kinds, pages = 2, 2, 2  # an empty store asks first what of ours holds data
    assert methods.count("compute.disks.aggregatedList") == looks * kinds * pages
    assert len(methods) <= 32, methods


def test_a_member_that_was_swapped_is_seen_by_who_looks_closely() -> None:
    """As many members as before: a plan trusts the note, a close look does not."""
    made = [balancer(), application()]
    with standing(made) as told:
        emulator = told.harness.emulator
        group = next(
            each
            for each in emulator.world.all("networkEndpointGroups")
            if each.fields["networkEndpointType"] == "GCE_VM_IP" and len(each.members) == 1
        )
        here = {each["instance"] for each in group.members}
        zone = group.link.split("/zones/")[1].split("/")[0]
        coming = next(
            each.link
            for each in emulator.world.all("instances")
            if f"/{zone}/" in each.link and each.link not in here
        )
        path = group.link.partition("/v1/")[2]
        for verb, links in (("detach", here), ("attach", [coming])):
            content = {"networkEndpoints": [{"instance": each} for each in links]}
            emulator.request("POST", f"{path}/{verb}NetworkEndpoints", content)
            emulator.advance(10)
        assert told.plan(made).empty
        plan = told.plan(made, Options(closely=True))
        assert [each.part.kind for each in plan.changes] == ["gcp.endpoints"]


def test_a_close_look_costs_two_calls_a_group_more() -> None:
    """Who is in it, and how its service finds them."""
    made = [*named(balancer(), 2), *named(application(), 2)]
    with standing(made) as told:
        emulator = told.harness.emulator
        assert told.plan(made, Options(closely=True)).empty
        methods = emulator.calls.methods()
        groups = len(emulator.world.all("networkEndpointGroups"))
    assert methods.count("compute.networkEndpointGroups.listNetworkEndpoints") == groups
    assert sum(each.endswith("getHealth") for each in methods) == groups
