"""Things change hands: found, adopted, released; and what nobody knows is ended only by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract import spec as specs
from cloudabstract.errors import CapabilityError, CloudAbstractError, ConsentError
from cloudabstract.model import Metadata, Port, Route, Storage
from cloudabstract.provider import RELEASED, STACK

World, Make = Any, Any  # see conftest.py
GIB = 2**30


def by_hand(world: World) -> None:
    """A balancer with two ports and a route, and a disk, as a person makes them at a console."""
    plant = world.cloud.plant
    ip = {"family": "IPv4", "routability": "Internal", "ip": "198.51.100.9"}
    address = plant("memory.address", "front-ip", ip)
    balancer = plant(
        "memory.balancer",
        "Shop Front",
        {
            "class": "l7",
            "routability": "Internal",
            "address": address.id,
            "second_address": "",
            "source_ranges": ["198.51.100.0/24"],
            "external_traffic_policy": "Cluster",
            "traffic_distribution": "",
            "region": "here",
            "zones": [],
            "network": "default",
            "subnets": [],
            "ips": ["198.51.100.9"],
        },
    )
    check = {
        "protocol": "HTTP",
        "path": "/healthz",
        "port": 0,
        "interval": 10,
        "timeout": 5,
        "healthy_threshold": 3,
        "unhealthy_threshold": 3,
    }
    pools = {}
    for name, number in (("web", 8080), ("api", 9090)):
        pools[name] = plant(
            "memory.pool",
            name,
            {
                "protocol": "HTTP",
                "app_protocol": "",
                "health_check": check,
                "affinity_seconds": 0,
                "draining_seconds": 60,
            },
        )
        member = {"address": "10.0.0.5", "port": number, "weight": 2}
        plant(
            "memory.members",
            f"{name}-members",
            {"pool": pools[name].id, "members": [member]},
            place="here",
        )
    plant(
        "memory.listener",
        "http",
        {
            "balancer": balancer.id,
            "port": 80,
            "protocol": "TCP",
            "label": "http",
            "certificates": [],
            "pool": pools["web"].id,
            "routes": [
                {"host": "", "path": "/api", "path_type": "Prefix", "pool": pools["api"].id}
            ],
        },
    )
    plant(
        "memory.disk",
        "archive_2019",
        {
            "size": GIB,
            "tier": "fast",
            "iops": 4000,
            "throughput": 0,
            "encrypted": True,
            "key": "",
            "replication": "zonal",
            "access_modes": ["ReadWriteOnce"],
            "mode": "Filesystem",
            "fs_type": "xfs",
            "mount_options": [],
            "zones": ["here-b"],
            "note": "",
            "source": "",
        },
        place="here-b",
    )


def test_what_others_made_is_told_in_portable_words(world: World, stack: Any) -> None:
    """The YAML says what the objects are, names are portable ones, and it reads back as it is."""
    by_hand(world)
    found = {str(each.resource.key): each.resource for each in stack().discover()}
    assert set(found) == {"LoadBalancer/shop-front", "Volume/archive-2019"}
    spec = found["LoadBalancer/shop-front"].spec
    assert spec.routability == "Internal"
    assert spec.ports == (Port(80, "http", backend="web"),)
    assert spec.routes == (Route("api", path="/api"),)
    assert spec.source_ranges == ("198.51.100.0/24",)
    assert spec.health_check.path == "/healthz"
    assert spec.connection_draining == 60
    volume = found["Volume/archive-2019"].spec
    assert (volume.capacity.storage, volume.fs_type) == (GIB, "xfs")
    assert volume.topology.zones == ("here-b",)
    assert volume.encryption.enabled
    text = specs.render(found.values())
    assert "externalRef" not in text
    path = world.folder / "found.yaml"
    path.write_text(text)
    assert list(specs.read(path).require()) == list(found.values())


def test_what_was_adopted_needs_nothing_more(world: World, stack: Any) -> None:
    """Every object gets our labels and keeps all else; the next plan is empty, with a new store
    too, and the last revision has the spec."""
    by_hand(world)
    before = {each.id: (each.name, each.fields) for each in world.cloud.objects()}
    shop = stack()
    found = shop.discover()
    for each in found:
        report = shop.adopt(each)
        assert report.ok
        assert {change.action.value for change in report.plan.changes} == {"adopt"}
        assert report.plan.left_out == ()
    assert {each.id: (each.name, each.fields) for each in world.cloud.objects()} == before
    spec = [each.resource for each in found]
    assert list(shop.applied()) == spec
    assert shop.plan(spec).empty
    assert shop.discover() == ()
    with stack(folder=world.folder / "elsewhere") as lost:
        assert lost.plan(spec).empty


def test_what_was_adopted_can_be_changed_and_deleted(world: World, stack: Any) -> None:
    """From then on it is like anything that we made."""
    by_hand(world)
    shop = stack()
    for each in shop.discover():
        shop.adopt(each)
    report = shop.delete(allow_data_loss=["Volume/archive-2019"])
    assert report.ok
    left = {each.kind for each in world.cloud.objects()}
    assert left == {"memory.disk"}  # a hand-made volume is retained
    assert world.only("memory.disk").owner[RELEASED] == "shop"


def test_an_adopted_volume_that_vanishes_is_lost(world: World, stack: Any) -> None:
    """It has another name than ours would have; still no empty one is made in its place."""
    by_hand(world)
    shop = stack()
    (found,) = shop.discover(["Volume"])
    shop.adopt(found)
    world.cloud.remove(world.only("memory.disk"))
    plan = shop.plan([found.resource])
    assert plan.empty
    assert [each.code for each in plan.objections] == ["VO016"]


def test_it_can_be_adopted_under_another_name_and_with_wishes(
    world: World, stack: Any, make: Make
) -> None:
    """The spec says what it is to become: adoption takes it as it is, the next plan changes it."""
    by_hand(world)
    shop = stack()
    (found,) = shop.discover(["Volume"])
    spec = replace(found.resource.spec, capacity=Storage(2 * GIB))
    wanted = replace(found.resource, metadata=Metadata("vault"), spec=spec)
    assert shop.adopt(found, wanted).ok
    assert world.only("memory.disk").owner["resource"] == "Volume/vault"
    assert world.only("memory.disk").fields["size"] == GIB
    (change,) = shop.plan([wanted]).changes
    assert (change.action.value, sorted(change.fields)) == ("update", ["size"])


def test_what_differs_in_something_fixed_cannot_be_adopted_so(world: World, stack: Any) -> None:
    """It would have to be replaced, with its data; nothing is touched."""
    by_hand(world)
    shop = stack()
    (found,) = shop.discover(["Volume"])
    other = replace(found.resource, spec=replace(found.resource.spec, fs_type="ext4"))
    with pytest.raises(CapabilityError, match="cannot change in place"):
        shop.adopt(found, other)
    assert world.only("memory.disk").owner == {}
    assert shop.applied() == ()


def test_what_belongs_to_another_stack_is_not_discovered(
    world: World, stack: Any, make: Make
) -> None:
    """Neither of this store's stacks nor of others'."""
    stack("other").apply([make.balancer(), make.volume()])
    stack("third", world.folder / "elsewhere").apply([make.balancer("third")])
    assert stack().discover() == ()


def test_what_is_released_stays_and_is_nobodys(world: World, stack: Any, make: Make) -> None:
    """All marks are gone, all else is as before; the stack forgets it; the rest is untouched."""
    shop = stack()
    shop.apply([make.balancer(), make.claim()])
    before = {each.id: each.fields for each in world.cloud.objects()}
    report = shop.release("LoadBalancer/web")
    assert report.ok
    assert {each.id: each.fields for each in world.cloud.objects()} == before
    owned = {each.kind for each in world.cloud.objects() if STACK in each.owner}
    assert owned == {"memory.disk"}
    assert all(not each.owner for each in world.cloud.objects() if each.kind != "memory.disk")
    assert [str(each.key) for each in shop.applied()] == ["VolumeClaim/data"]
    assert shop.plan([make.claim()]).empty
    again = shop.plan([make.balancer(), make.claim()])
    assert {each.code for each in again.rejections} == {"ST001"}


def test_what_was_released_can_be_adopted_again(world: World, stack: Any, make: Make) -> None:
    """By another stack, with the same spec: the same objects, and an empty plan."""
    stack().apply([make.balancer(), make.volume()])
    before = world.ids
    stack().release("LoadBalancer/web")
    stack().release("Volume/archive")
    other = stack("other")
    spec = []
    for each in other.discover():
        assert other.adopt(each).ok
        spec.append(each.resource)
    assert other.plan(spec).empty
    assert world.ids == before


def test_a_claims_volume_is_released_with_the_claim(world: World, stack: Any, make: Make) -> None:
    """The disk stays, disowned; a claim of that name gets a new one, beside it."""
    shop = stack()
    shop.apply([make.claim()])
    disk = world.only("memory.disk")
    assert shop.release("VolumeClaim/data").ok
    assert world.only("memory.disk").owner == {}
    assert world.only("memory.disk").id == disk.id


def test_what_is_protected_is_not_released(world: World, stack: Any, make: Make) -> None:
    """Lifting the protection is a change of its own."""
    shop = stack()
    shop.apply([make.balancer(deletion_protection=True)])
    with pytest.raises(CapabilityError, match="ST002"):
        shop.release("LoadBalancer/web")
    shop.apply([make.balancer()])
    assert shop.release("LoadBalancer/web").ok


def test_strays_are_what_no_known_stack_owns(world: World, stack: Any, make: Make) -> None:
    """Those of a stack whose store was lost, and released volumes; not those of known stacks, not
    strangers' things."""
    stack("old", world.folder / "elsewhere").apply([make.balancer("old")])
    shop = stack()
    shop.apply([make.volume("kept", reclaim_policy="Retain"), make.balancer("web")])
    shop.apply([make.balancer("web")])  # the volume is released
    by_hand(world)
    strays = shop.garbage().strays
    assert {each.stack for each in strays if not each.released} == {"old"}
    released = [each for each in strays if each.released]
    assert [(each.stack, each.precious, each.resource) for each in released] == [
        ("shop", True, "Volume/kept")
    ]
    kinds = {each.found.kind for each in strays if not each.released}
    assert kinds == {"memory.address", "memory.balancer", "memory.pool", "memory.listener"}


def test_strays_go_only_by_name_and_with_consent(world: World, stack: Any, make: Make) -> None:
    """What was named goes, users first; the rest stays; data takes its name twice."""
    stack("old", world.folder / "elsewhere").apply([make.balancer("old"), make.volume("old")])
    shop = stack()
    shop.apply([make.balancer("web")])
    ours = {each.id for each in world.cloud.objects() if each.owner.get(STACK) == "shop"}
    strays = shop.garbage().strays
    plain = [each.address for each in strays if not each.precious]
    (disk,) = (each.address for each in strays if each.precious)
    with pytest.raises(ConsentError):
        shop.collect(plain, yes=False)
    with pytest.raises(ConsentError, match="--allow-data-loss"):
        shop.collect([disk])
    with pytest.raises(CloudAbstractError, match="not among"):
        shop.collect([f"memory.address/{each}" for each in ours if each.startswith("address")])
    assert len(shop.garbage().strays) == len(strays)
    report = shop.collect(plain)
    assert report.ok
    assert [each.address for each in shop.garbage().strays] == [disk]
    assert shop.collect([disk], allow_data_loss=[disk]).ok
    assert shop.garbage().strays == ()
    assert ours <= world.ids
    assert [each.action for each in shop.history()][-2:] == ["gc", "gc"]
    assert shop.plan([make.balancer("web")]).empty
    assert shop.applied() == (make.balancer("web"),)
