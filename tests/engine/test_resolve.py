"""References followed: what is kept, what waits, and nothing made from less than was asked."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine.wanting.resolve import resolve
from cloudabstract.errors import CapabilityError
from cloudabstract.model import BackendPool, ResourceKey, Selector, VolumeSource
from cloudabstract.provider import Host
from cloudabstract.store import Memory

SNAPSHOT = ResourceKey("VolumeSnapshot", "before", "default")


def test_a_snapshot_is_of_the_volume_behind_its_claim(make: Any, world: Any) -> None:
    """A source that names a claim is followed to its Volume, made or found."""
    desired = _resolve(world, make.claim(), make.snapshot())
    source = desired.resources[SNAPSHOT].spec.source
    assert source == VolumeSource(volume=desired.bindings[make.claim().key].volume.metadata.name)


@pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])
def test_a_snapshot_whose_source_is_gone_is_kept_and_can_be_restored(
    make: Any, world: Any, lost: bool
) -> None:
    """It is independent of its source: left as it is, told of, and the new volume is its copy."""
    world.apply([make.claim(), make.snapshot()])
    snapshot = world.cloud.one("memory.snapshot")
    if lost:
        world.forget()
    spec = [make.snapshot(), make.claim("again", data_source=make.source("before"))]
    report = world.apply(spec)
    assert report.ok
    assert report["VolumeSnapshot/before"].ready_to_use
    assert world.cloud.one("memory.disk").fields["source"] == snapshot.id
    assert world.cloud.one("memory.snapshot") == snapshot
    assert world.plan(spec).empty


def test_a_restore_is_of_the_snapshot_in_its_own_namespace(make: Any, world: Any) -> None:
    """A namesake elsewhere is another's data."""
    there = [
        replace(each, metadata=replace(each.metadata, namespace="prod"))
        for each in (make.claim(size=3 * make.GIB), make.snapshot())
    ]
    here = [make.claim(), make.snapshot()]
    copy = make.claim("again", size=4 * make.GIB, data_source=make.source("before"))
    world.apply([*there, *here, copy])
    disk = next(each for each in world.cloud.objects("memory.disk") if each.fields["source"])
    origin = next(
        each for each in world.cloud.objects("memory.snapshot") if each.id == disk.fields["source"]
    )
    assert origin.owner["resource"] == "VolumeSnapshot/before"


def test_a_kept_snapshot_goes_when_the_spec_no_longer_names_it(make: Any, world: Any) -> None:
    """Kept is not forgotten."""
    world.apply([make.claim(), make.snapshot()])
    world.apply([make.snapshot()])
    assert len(world.ids) == 1
    world.apply([])
    assert world.ids == set()


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (None, "CL004"),  # the source is nowhere
        ({"selector": Selector(match_labels={"a": "b"})}, "CL001"),  # it is Pending
    ],
)
def test_a_snapshot_without_a_source_is_not_made(
    make: Any, world: Any, claim: dict[str, Any] | None, code: str
) -> None:
    """Named wrongly it is refused; of a claim that is Pending it waits, and says so."""
    spec = [make.snapshot()] if claim is None else [make.snapshot(), make.claim(**claim)]
    plan = world.plan(spec)
    told = [each for each in plan.objections if each.resource == "VolumeSnapshot/before"]
    assert [each.code for each in told] == [code]
    assert plan.changes == ()
    if not plan.rejections:
        assert world.apply(spec)["VolumeSnapshot/before"].phase == "Pending"


def test_a_restore_of_a_snapshot_that_waits_is_not_made_empty(make: Any, world: Any) -> None:
    """An empty volume in place of a copy would be the worst of surprises (CL004)."""
    pending = make.claim(selector=Selector(match_labels={"a": "b"}))
    restored = make.claim("again", data_source=make.source("before"))
    spec = [pending, make.snapshot(), restored]
    assert [each.code for each in world.plan(spec).rejections] == ["CL004"]
    with pytest.raises(CapabilityError):
        world.apply(spec)
    assert world.ids == set()


@pytest.mark.parametrize("kind", ["VolumeSnapshot", "VolumeClaim", "Volume"])
def test_a_source_that_is_not_in_the_spec_is_refused(make: Any, world: Any, kind: str) -> None:
    """CL004, on the claim that the user wrote."""
    (refused,) = world.plan([make.claim(data_source=make.source("none", kind))]).rejections
    assert (refused.code, refused.resource) == ("CL004", "VolumeClaim/data")


def test_a_source_matters_at_birth_only(make: Any, world: Any) -> None:
    """Once the copy stands, its source may go."""
    copy = make.claim("again", data_source=make.source("data", "VolumeClaim"))
    world.apply([make.claim(), copy])
    plan = world.plan([copy])
    assert plan.rejections == ()
    assert [each.action.value for each in plan.changes] == ["delete"]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_volume_cannot_be_a_copy_of_itself(make: Any, world: Any, length: int) -> None:
    """Nor by way of others; that is the user's slip, not the provider's."""
    spec = [
        make.claim(f"c{index}", data_source=make.source(f"c{(index + 1) % length}", "VolumeClaim"))
        for index in range(length)
    ]
    assert {each.code for each in world.plan(spec).rejections} == {"CL004"}


def test_a_clone_is_made_after_what_it_is_a_clone_of(make: Any, world: Any) -> None:
    """One apply, whatever the order of the documents."""
    spec = [make.claim("a", data_source=make.source("b", "VolumeClaim")), make.claim("b")]
    assert world.apply(spec).ok
    world.check_settled(spec)


def test_an_attachment_needs_its_volume_in_the_spec(make: Any, world: Any) -> None:
    """An attachment of a claim that goes would keep its volume from going (CL004)."""
    world.apply([make.claim(), make.attachment()])
    (refused,) = world.plan([make.attachment()]).rejections
    assert (refused.code, refused.resource) == ("CL004", "VolumeAttachment/mount")


def test_a_balancer_without_backends_is_degraded_not_refused(make: Any, world: Any) -> None:
    """Condition Degraded=True because NoBackends; it goes when hosts appear."""
    selects = make.balancer(backends=(_selecting(),))
    told = world.apply([selects])["LoadBalancer/web"].condition("Degraded")
    assert (told.status, told.reason) == ("True", "NoBackends")
    world.cloud.add_hosts([Host("app-1", "10.0.0.7", {"app": "shop"})])
    assert world.apply([selects])["LoadBalancer/web"].condition("Degraded").status == "False"


def test_objections_to_a_made_volume_speak_of_the_claim(make: Any, world: Any) -> None:
    """The user wrote a claim: its name and its field are told."""
    (refused,) = world.plan([make.claim(size=2**60)]).rejections
    assert (refused.code, refused.resource, refused.field) == (
        "VO008",
        "VolumeClaim/data",
        "spec.resources.requests.storage",
    )


def test_resolving_needs_no_network(make: Any, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same input, same parts, and nothing but the input."""
    spec = [make.claim(), make.snapshot(), make.balancer(), make.attachment()]
    facts = world.provider.connect().survey(spec)

    def no_socket(*args: Any, **more: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    first = resolve("shop", spec, world.provider, facts, Memory())
    assert first == resolve("shop", spec, world.provider, facts, Memory())
    assert [each.name for each in first.parts] == [
        each.name for each in resolve("shop", spec, world.provider, facts, Memory()).parts
    ]


def _selecting() -> Any:
    return BackendPool("web", selector=Selector(match_labels={"app": "shop"}))


def _resolve(world: Any, *resources: Any) -> Any:
    facts = world.provider.connect().survey(resources)
    return resolve("shop", resources, world.provider, facts, Memory())
