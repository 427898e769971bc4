"""The checked spec: lookups, places for later problems, and what became of every document."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from cloudabstract import model, spec
from cloudabstract.errors import SpecError
from cloudabstract.model import ResourceKey
from cloudabstract.spec import Document, Reading, frontends

Read = Callable[[str], spec.Checked]


@pytest.fixture
def extra_frontends() -> Iterator[None]:
    """Frontends that a test adds are gone afterwards."""
    before = list(frontends._ADDED)
    yield
    frontends._ADDED[:] = before


def test_resources_are_found_by_address_and_kind(shop: str, read: Read) -> None:
    """A claim has a namespace in its address, a volume has none."""
    found = read(shop).require()
    assert len(found) == 7
    assert [each.metadata.name for each in found.of_kind("VolumeClaim")] == ["data"]
    assert ResourceKey("VolumeClaim", "data", "shop") in found
    assert ResourceKey("VolumeClaim", "data", "default") not in found
    volume = found.get(ResourceKey("Volume", "archive"))
    assert isinstance(volume, model.Volume)
    assert volume.spec.capacity.storage == 10 * 2**30


def test_later_problems_get_their_place(shop: str, read: Read) -> None:
    """Whoever objects to a field later on names resource and field; file and line are known."""
    found = read(shop).require()
    problem = found.problem(
        ResourceKey("LoadBalancer", "web", "default"),
        "spec.ports[1].tls.certificateRefs[0]",
        "there is no certificate 'shop'",
        code="LB015",
        remedy="add it to the target",
    )
    assert str(problem) == (
        "<stdin>:11: LoadBalancer/web: spec.ports[1].tls.certificateRefs[0]: [LB015] there is no "
        "certificate 'shop' (hint: add it to the target)"
    )


def test_a_problem_with_something_from_nowhere_is_still_one(read: Read) -> None:
    """A resource that no document has, as one made by an engine, has no place."""
    problem = spec.Spec().problem(ResourceKey("Volume", "v"), "spec.capacity", "too large")
    assert str(problem) == "Volume/v: spec.capacity: too large"


def test_python_objects_have_a_place_of_their_own() -> None:
    """Their file is `<python>`, and there are no lines."""
    port = model.Port(70000)
    balancer = model.LoadBalancer(model.Metadata("web"), model.LoadBalancerSpec((port,)))
    with pytest.raises(SpecError) as caught:
        spec.read([balancer]).require()
    assert str(caught.value) == (
        "<python>: LoadBalancer/web: spec.ports[0].port: 70000 is not between 1 and 65535"
    )


def test_python_objects_may_hold_text_for_sizes() -> None:
    """`Storage("10Gi")` is the same as the number of bytes."""
    claim = model.VolumeClaim(
        model.Metadata("data"),
        model.VolumeClaimSpec(
            access_modes=["ReadWriteOnce"],  # type: ignore[arg-type]
            resources=model.ClaimResources(model.Storage("10Gi")),  # type: ignore[arg-type]
        ),
    )
    (read,) = spec.read(claim).require()
    assert read.spec.resources.requests.storage == 10 * 2**30


def test_python_objects_of_wrong_shape_are_explained() -> None:
    """A mapping is read as if it were an object; nonsense is a problem, not a crash."""
    odd = model.LoadBalancerSpec(ports=[{"port": 80}], backends=7)  # type: ignore[arg-type]
    checked = spec.read(model.LoadBalancer(model.Metadata("web"), odd))
    assert [str(each) for each in checked.problems] == [
        "<python>: LoadBalancer/web: spec.backends: 7 stands where a list is expected "
        "(hint: write [7])"
    ]
    empty = model.LoadBalancer(None, None)  # type: ignore[arg-type]
    assert spec.read(empty).problems


def test_every_document_is_accounted_for(read: Read, shop: str) -> None:
    """Managed, or why not: once each, in the order of the input."""
    text = shop.split("---\n", maxsplit=1)[0] + "---\nkind: Nonsense\n---\na: [\n---\n"
    text += "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n"
    readings = read(text).spec.readings
    assert [(each.document.line, each.disposition, each.reason) for each in readings] == [
        (1, "managed", ""),
        (25, "unknown", "kind: there is no kind 'Nonsense' in cloudabstract.dev/v1"),
        (27, "unknown", "it cannot be read"),
        (29, "unknown", "nothing here reads example.com/v1 Widget"),
    ]


def test_documents_of_others_are_no_problem(read: Read) -> None:
    """A folder may hold other tools' files."""
    checked = read("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n")
    assert (checked.problems, len(checked.require())) == ((), 0)


class Greetings:
    """A frontend that turns greetings into volumes, two documents to one resource."""

    def takes(self, document: Document) -> bool:
        return document.api_version == "example.com/v1"

    def read(self, documents: Sequence[Document]) -> Iterable[Reading]:
        sizes = {each.name: each.raw["size"] for each in documents if each.kind == "Size"}
        for each in documents:
            if each.kind == "Size":
                yield Reading(each, "recognised", "it belongs to a greeting")
                continue
            metadata = model.Metadata(each.name)
            storage = model.Storage(sizes[each.name])
            volume = model.Volume(metadata, model.VolumeSpec(storage, ("ReadWriteOnce",)))
            where = {"spec.accessModes": "how"}
            yield Reading(each, "managed", resources=(volume,), fields=where)


@pytest.mark.usefixtures("extra_frontends")
def test_other_formats_can_be_read(read: Read) -> None:
    """A frontend sees all of its documents at once, and problems name the fields as it has them."""
    spec.add(Greetings())
    text = "apiVersion: example.com/v1\nkind: {}\nmetadata: {{name: hello}}\n{}: {}\n"
    text = "---\n".join(
        [text.format("Size", "size", "4096"), text.format("Hello", "how", "nicely")]
    )
    found = read(text).require()
    assert [each.disposition for each in found.readings] == ["recognised", "managed"]
    problem = found.problem(ResourceKey("Volume", "hello"), "spec.accessModes[0]", "no")
    assert str(problem) == "<stdin>:9: Hello/hello: how[0]: no"


def test_problems_come_in_the_order_of_the_inputs(tmp_path: Path) -> None:
    """File by file as given, then by line, whatever found them."""
    balancer = "kind: LoadBalancer\nmetadata: {name: N}\nspec: {ports: [{port: 0}]}\n"
    for name in "zam":
        (tmp_path / f"{name}.yaml").write_text(balancer.replace("N", name))
    twice = "---\nkind: LoadBalancer\nmetadata: {name: q}\nspec: {ports: [{port: 1}, {port: 1}]}\n"
    (tmp_path / "a.yaml").write_text(twice + "---\n" + balancer.replace("N", "r"))
    checked = spec.read([tmp_path / f"{name}.yaml" for name in "zam"])
    assert [(Path(each.file).name, each.line) for each in checked.problems] == [
        ("z.yaml", 3),
        ("a.yaml", 4),
        ("a.yaml", 4),
        ("a.yaml", 4),
        ("a.yaml", 8),
        ("m.yaml", 3),
    ]


def test_importing_needs_neither_yaml_nor_pydantic() -> None:
    """They come with the first text; configuration and schemas need no more either."""
    probe = (
        "import sys; import cloudabstract.spec.config, cloudabstract.spec.schema;"
        "print({'yaml', 'pydantic', 'pydantic_core', 'platformdirs'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_reading_needs_no_more_than_the_core_of_pydantic() -> None:
    """Reading a document does not import pydantic itself, which would double the start-up time."""
    probe = (
        "import io, sys; from cloudabstract import spec;"
        "spec.read('-', stdin=io.StringIO('kind: Volume'));"
        "print(sorted({'yaml', 'pydantic', 'pydantic_core'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "['pydantic_core', 'yaml']"


def test_standard_input_is_read_once(shop: str) -> None:
    """`-` given twice is one input."""
    assert len(spec.read(["-", "-"], stdin=io.StringIO(shop)).require()) == 7


def test_reading_leaves_the_garbage_collector_as_it_was(shop: str) -> None:
    """It is off while much is built, and on again afterwards; off stays off."""
    assert gc.isenabled()
    spec.read("-", stdin=io.StringIO(shop))
    assert gc.isenabled()
    gc.disable()
    try:
        spec.read("-", stdin=io.StringIO(shop))
        assert not gc.isenabled()
    finally:
        gc.enable()
