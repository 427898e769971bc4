"""Every example lives its whole life on the emulator: over HTTP, with Google's client as it comes.

Nothing is replaced here but the cloud: Stack, engine, store, google-cloud-compute and sockets are
what users have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gcp_bench import world

from cloudabstract import Stack, spec
from cloudabstract.model import LoadBalancer, Resource, VolumeClaim
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.gce import Emulator

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "examples").glob("*/*.yaml")
    if path.stem == path.parent.name
)
INSTANCES: dict[str, dict[str, str]] = {
    "hello-1": {"app": "hello"},
    "hello-2": {"app": "hello"},
    "pages-1": {"app": "shop", "tier": "pages"},
    "api-1": {"app": "shop", "tier": "api"},
    "secure-1": {"app": "secure"},
    "names-1": {"app": "names"},
}
GIB = 2**30


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A project with the instances that the examples speak of, served over HTTP."""
    with Emulator(FakeClock(), 2, (world.PROJECT,)) as served:
        world.furnish(served)
        for number, (name, labels) in enumerate(INSTANCES.items(), 20):
            world.add_instance(served, name, f"10.0.1.{number}", labels=labels)
        yield served


def stack_on(emulator: Emulator, folder: Path, **settings: Any) -> Stack:
    """A stack with one target, the emulator; both have one clock."""
    target = {
        "provider": "gcp",
        "project": world.PROJECT,
        "region": world.REGION,
        "endpoint": emulator.url,
        **settings,
    }
    config = {"stack": "life", "target": "gcp", "targets": {"gcp": target}}
    return Stack(config=config, store=folder / "store.db", clock=emulator_clock(emulator))


def emulator_clock(emulator: Emulator) -> Any:
    """The clock that the emulator was given."""
    return emulator._time._clock


def changed(resources: tuple[Resource, ...]) -> list[Resource]:
    """Balancers check less often, claims ask for more."""
    return [_changed(each) for each in resources]


def _changed(each: Resource) -> Resource:
    if isinstance(each, LoadBalancer):
        check = replace(each.spec.health_check, interval=30)
        return replace(each, spec=replace(each.spec, health_check=check, connection_draining=45))
    if isinstance(each, VolumeClaim):
        more = replace(each.spec.resources.requests, storage=4 * GIB)
        asked = replace(each.spec.resources, requests=more)
        return replace(each, spec=replace(each.spec, resources=asked))
    return each


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_lives_its_whole_life(example: str, emulator: Emulator, tmp_path: Path) -> None:
    """Made, unchanged, changed, scaled, deleted; afterwards nothing of it is left."""
    before = {each.link for each in emulator.world.all()}
    resources = spec.read(str(ROOT / example)).require().resources
    with stack_on(emulator, tmp_path) as stack:
        assert stack.apply(list(resources)).ok
        assert stack.plan(list(resources)).empty
        later = changed(resources)
        assert stack.apply(later).ok
        assert stack.plan(later).empty
        for number, labels in enumerate(INSTANCES.values(), 40):
            world.add_instance(emulator, f"more-{number}", f"10.0.2.{number}", labels=labels)
        assert stack.apply(later).ok
        assert stack.plan(later).empty
        for each in emulator.world.all("instances"):
            before.add(each.link)
        names = [str(each.key) for each in resources]
        assert stack.delete(allow_data_loss=names).ok
    left = [each for each in emulator.world.all() if each.link not in before]
    assert [each.link for each in left if not _released(each.labels)] == []


def _released(labels: Any) -> bool:
    """Whether a disk was left on purpose, as its reclaimPolicy says."""
    return any(key.startswith("cloudabstract-released") for key in labels)


def test_all_calls_of_a_life_go_to_the_endpoint_of_the_settings(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Google's client polls operations at the public endpoint if it is let; it is not."""
    import requests

    asked: set[str] = set()
    send = requests.Session.send

    def watch(self: Any, request: Any, **kwargs: Any) -> Any:
        asked.add(request.url.partition("/compute/")[0])
        return send(self, request, **kwargs)

    monkeypatch.setattr(requests.Session, "send", watch)
    resources = spec.read(str(ROOT / "examples/udp/udp.yaml")).require().resources
    with stack_on(emulator, tmp_path) as stack:
        assert stack.apply(list(resources)).ok
        assert stack.delete().ok
    assert asked == {emulator.url}
