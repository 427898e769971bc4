"""What was made by hand is read back, adopted as it is, planned empty, and let go of unharmed.

The hand is Google's bare client, on a served emulator; all that follows is a user's Stack.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gcp_bench import hand, world
from gcp_bench.hand import REGION, ROOT, ZONES, Hand

from cloudabstract import Stack, spec
from cloudabstract.model import LoadBalancer, Metadata, Resource, Volume
from cloudabstract.provider import Severity
from cloudabstract.testing.gce import Emulator

NOBODYS = "gcp.cloudabstract.dev"
Maker = Callable[[Hand], None]
MAKERS: dict[str, Maker] = {
    "edge": hand.edge,
    "names": hand.names,
    "old": hand.old,
    "site": hand.site,
    "storage": hand.storage,
}


def opened(emulator: Emulator, store: Path, name: str = "shop") -> Stack:
    """A stack on the project, with a store of its own."""
    cloud = {
        "provider": "gcp",
        "project": world.PROJECT,
        "region": REGION,
        "endpoint": emulator.url,
    }
    config = {"stack": name, "target": "cloud", "targets": {"cloud": cloud}}
    return Stack(config=config, store=store)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An empty project, served over HTTP."""
    with Emulator(None, None, (world.PROJECT,)) as served:
        yield served


@pytest.fixture
def someone(emulator: Emulator) -> Hand:
    """Somebody who has two machines."""
    found = Hand(emulator)
    hand.machines(found)
    return found


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path) -> Iterator[Stack]:
    """A stack with nothing in it."""
    with opened(emulator, tmp_path / "store.db") as shop:
        yield shop


def standing(emulator: Emulator) -> dict[str, Any]:
    """Everything in the project but what adoption writes: marks, and prints of what was read."""
    changing = {"description", "labels", "labelFingerprint", "fingerprint"}
    return {
        each.link: {name: it for name, it in each.fields.items() if name not in changing}
        | {"members": [dict(one) for one in each.members], "id": each.id}
        for each in emulator.world.all()
    }


def words(emulator: Emulator) -> dict[str, Any]:
    """What people wrote on the objects."""
    return {
        each.link: (each.fields.get("description", ""), dict(each.labels))
        for each in emulator.world.all()
    }


def adopted(stack: Stack) -> list[Resource]:
    """Everything that is nobody's, adopted one by one, volumes first."""
    order = ("Volume", "VolumeSnapshot", "VolumeAttachment", "LoadBalancer")
    found = sorted(stack.discover(), key=lambda each: order.index(each.resource.KIND))
    for each in found:
        assert stack.adopt(each, each.resource).ok
    return [each.resource for each in found]


def read_again(resources: list[Resource]) -> list[Resource]:
    """The same from their text, as a user keeps it."""
    read = spec.read("-", stdin=io.StringIO(spec.render(resources)))
    return list(read.require().resources)


@pytest.mark.parametrize("what", sorted(MAKERS))
def test_what_was_made_by_hand_is_adopted_as_it_is(
    what: str, emulator: Emulator, someone: Hand, stack: Stack
) -> None:
    """Read back as text, adopted, planned empty, released: the world is as it was at every step."""
    MAKERS[what](someone)
    before, written = standing(emulator), words(emulator)
    resources = adopted(stack)
    assert resources, "nothing was read back"
    read = read_again(resources)
    plan = stack.plan(read)
    assert [f"{each.key} {sorted(each.fields)}" for each in plan.changes] == []
    assert stack.discover() == ()
    assert standing(emulator) == before
    for each in reversed(resources):
        assert stack.release(each.key).ok
    assert standing(emulator) == before
    assert words(emulator) == written
    assert {str(each.resource.key) for each in stack.discover()} == {
        str(each.key) for each in resources
    }


@pytest.mark.parametrize("what", ["edge", "names", "old", "site"])
def test_what_was_read_back_plans_on_this_machine(
    what: str, someone: Hand, stack: Stack, tmp_path: Path
) -> None:
    """The same text, provider `local`: nothing is refused."""
    MAKERS[what](someone)
    resources = read_again([each.resource for each in stack.discover()])
    local = {"stack": "shop", "target": "here", "targets": {"here": {"provider": "local"}}}
    local["targets"]["here"]["root"] = str(tmp_path / "root")  # type: ignore[index]
    with Stack(config=local, store=tmp_path / "other.db") as here:
        plan = here.plan(resources)
    assert plan.changes
    assert [each for each in plan.objections if each.severity is Severity.REJECT] == []


def one(stack: Stack, name: str) -> Any:
    """The discovery of that name."""
    found = {each.resource.metadata.name: each for each in stack.discover()}
    assert name in found, sorted(found)
    return found[name]


def test_defaults_of_googles_are_not_mistaken_for_ours(someone: Hand, stack: Stack) -> None:
    """Class l4: five seconds between checks, no draining, both ports on one rule."""
    hand.edge(someone)
    read: LoadBalancer = one(stack, "edge-rule").resource
    assert [each.port for each in read.spec.ports] == [80, 443]
    assert (read.spec.health_check.interval, read.spec.connection_draining) == (5, 0)
    assert (read.spec.load_balancer_class, read.spec.routability) == ("l4", "External")
    addresses = read.spec.backends[0].addresses or ()
    assert len(addresses) == len(ZONES)


def test_what_cannot_be_said_is_told(someone: Hand, stack: Stack) -> None:
    """An address that is not reserved, an affinity by cookie, firewall rules of others."""
    hand.old(someone)
    found = one(stack, "old-rule")
    told = " ".join(found.portable.unsaid)
    assert "is not reserved" in told
    assert "GENERATED_COOKIE stays as it is" in told
    assert "firewall rules stay as they are" in told
    assert found.resource.metadata.annotations[f"{NOBODYS}/scheme"] == "classic"
    (pool,) = found.resource.spec.backends
    assert [each.name for each in pool.instances] == [
        f"{ROOT}/zones/{ZONES[0]}/instanceGroups/old-web"
    ]


def test_a_redirect_beside_a_site_is_left_alone(someone: Hand, stack: Stack) -> None:
    """It has no portable word; the site on the same address is adopted without it."""
    hand.site(someone)
    found = one(stack, "site-rule")
    assert [each.port for each in found.resource.spec.ports] == [8000]
    told = {(each.path, each.path_type) for each in found.resource.spec.routes}
    assert told == {("/api", "Exact"), ("/api", "Prefix"), ("/media", "Prefix")}
    assert found.resource.metadata.annotations[f"{NOBODYS}/prefixes"] == "below"
    assert any("away-rule" in each for each in found.portable.unsaid)


def test_disks_are_read_back_in_portable_words(someone: Hand, stack: Stack) -> None:
    """Google's own default is `cold`; a zone that is not the usual one is said without zones."""
    hand.storage(someone)
    volumes = {
        each.resource.metadata.name: each.resource.spec
        for each in stack.discover()
        if isinstance(each.resource, Volume)
    }
    assert sorted(volumes) == ["fast", "hyper", "pair", "plain"]
    assert volumes["plain"].performance.tier == "cold"
    assert volumes["fast"].performance.tier == "fast"
    assert volumes["fast"].provider_overrides == {"gcp": {"zones": [ZONES[1]]}}
    assert volumes["hyper"].performance.iops == 5000
    assert (volumes["pair"].replication, volumes["pair"].performance) == ("regional", None)


def test_an_adopted_balancer_is_changed_in_place(
    emulator: Emulator, someone: Hand, stack: Stack
) -> None:
    """Adopted is ours: another check, another backend; what has no word of ours stays."""
    hand.site(someone)
    (site,) = adopted(stack)
    check = replace(site.spec.health_check, interval=9)
    wanted = replace(site, spec=replace(site.spec, health_check=check))
    before = {each.link: each.id for each in emulator.world.all()}
    assert stack.apply([wanted]).ok
    assert stack.plan([wanted]).empty
    after = {each.link: each.id for each in emulator.world.all()}
    assert after == before
    checks = {
        each.name: each.fields["checkIntervalSec"] for each in emulator.world.all("healthChecks")
    }
    assert sorted(checks.values()) == [5, 9]
    rates = [
        backend["maxRatePerEndpoint"]
        for each in emulator.world.all("backendServices")
        for backend in each.fields["backends"]
    ]
    assert set(rates) == {100}


@pytest.mark.parametrize("what", ["edge", "site"])
def test_what_was_adopted_is_found_again_without_the_store(
    what: str, emulator: Emulator, someone: Hand, stack: Stack, tmp_path: Path
) -> None:
    """Its owner is written on the objects, or noted where they are used: that is enough."""
    MAKERS[what](someone)
    resources = adopted(stack)
    with opened(emulator, tmp_path / "new.db") as again:
        plan = again.plan(resources)
        assert [f"{each.key} {sorted(each.fields)}" for each in plan.changes] == []
        assert again.discover() == ()


def test_another_stack_takes_over_what_one_let_go_of(
    emulator: Emulator, someone: Hand, stack: Stack, tmp_path: Path
) -> None:
    """Made by one stack, released, adopted by another: the first has no say in it any more."""
    hand.edge(someone)
    (edge,) = adopted(stack)
    made = renamed(edge, "made")
    assert stack.apply([edge, made]).ok
    assert stack.release(made.key).ok
    with opened(emulator, tmp_path / "other.db", "other") as other:
        (taken,) = adopted(other)
        assert other.plan([taken]).empty
        assert [str(each.key) for each in stack.plan([edge]).changes] == []
        assert other.delete().ok
    assert stack.plan([edge]).empty
    left = {each.name for each in emulator.world.all("networkEndpointGroups")}
    assert left == {f"edge-{zone[-1]}" for zone in ZONES}


def renamed(made: Resource, name: str) -> Resource:
    """The same under another name, with an address and firewall rules of its own."""
    return replace(made, metadata=Metadata(name))


def test_a_note_moves_along_when_a_proxy_gets_another_map(
    emulator: Emulator, someone: Hand, stack: Stack, tmp_path: Path
) -> None:
    """Backends listen elsewhere: another map, the same proxy, still ours without a store."""
    hand.site(someone)
    (site,) = adopted(stack)
    pools = tuple(
        replace(each, target_port=(each.target_port or 8000) + 1) for each in site.spec.backends
    )
    moved = replace(site, spec=replace(site.spec, backends=pools))
    assert stack.apply([moved]).ok
    assert stack.plan([moved]).empty
    (proxy,) = [
        each for each in emulator.world.all("targetHttpProxies") if each.name == "site-proxy"
    ]
    assert not proxy.fields["urlMap"].endswith("/site-map")
    with opened(emulator, tmp_path / "new.db") as again:
        assert again.plan([moved]).empty
