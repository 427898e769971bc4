"""Portable resources come out as manifests that read back as the same resources."""

from __future__ import annotations

import io
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudabstract import model, spec
from cloudabstract.model import shapes, traits
from cloudabstract.model.limits import MaxLen, MinLen, Pattern
from cloudabstract.spec import kubernetes
from cloudabstract.spec.kubernetes import writing

FILES = sorted((Path(__file__).parent / "corpus").glob("*.yaml"))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def values(shape: shapes.Shape) -> st.SearchStrategy[Any]:
    """Anything that a field of this shape may hold."""
    match shape:
        case shapes.Nullable(inner=inner):
            return st.none() | values(inner)
        case shapes.Record(type=cls):
            return st.builds(cls, **{each.name: values(each.shape) for each in traits.fields(cls)})
        case shapes.Choice(values=options):
            return st.sampled_from(options)
        case shapes.Items(item=item):
            short, long = shape.mark(MinLen), shape.mark(MaxLen)
            sizes = (short.min_length if short else 0, long.max_length if long else 2)
            return st.lists(values(item), min_size=sizes[0], max_size=sizes[1]).map(tuple)
        case shapes.Entries(value=value):
            return st.dictionaries(NAMES, values(value), max_size=2)
        case shapes.Either(options=options):
            return st.one_of([values(each) for each in options])
        case shapes.Scalar(type=kind) if kind is bool:
            return st.booleans()
        case shapes.Scalar(type=kind) if kind is int:
            bounds = shapes.bounds(shape)
            least = max(bounds.get("ge", 0), bounds.get("gt", -1) + 1)
            return st.integers(int(least), int(bounds.get("le", 2**50)))
        case shapes.Scalar() if shape.mark(Pattern):
            return NAMES
    return st.text(string.ascii_letters + string.digits + "/.: -*", min_size=1, max_size=12)


NAMES = st.from_regex(r"[a-z]([-a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)


def kind(cls: Any) -> st.SearchStrategy[model.Resource]:
    """Resources of one kind."""
    metadata = {each.name: values(each.shape) for each in traits.fields(model.Metadata)}
    if not cls.NAMESPACED:
        metadata["namespace"] = st.just(model.DEFAULT_NAMESPACE)
    spec_type = next(each.shape for each in traits.fields(cls) if each.name == "spec")
    return st.builds(cls, st.builds(model.Metadata, **metadata), values(spec_type))


def again(text: str) -> tuple[model.Resource, ...]:
    """The resources of some manifests; rules of ours across fields are not asked."""
    readings = spec.read("-", stdin=io.StringIO(text)).spec.readings
    assert [each.problems for each in readings if each.problems] == []
    assert [each.degraded for each in readings if each.degraded] == []
    return tuple(resource for each in readings for resource in each.resources)


@MANY
@given(resources=st.lists(st.one_of([kind(cls) for cls in model.KINDS.values()]), max_size=4))
def test_out_and_in_gives_the_same_resources(resources: list[model.Resource]) -> None:
    """Whatever a resource says, its manifests say too."""
    unique = list({each.key: each for each in resources}.values())
    assert again(kubernetes.render(unique)) == tuple(unique)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_in_and_out_and_in_gives_the_same_spec(path: Path) -> None:
    """Manifests of others survive, too; and the second time the text is the same."""
    once = spec.read(path).spec
    written = kubernetes.render(once)
    checked = spec.read("-", stdin=io.StringIO(written))
    assert checked.require() == once
    assert kubernetes.render(checked.spec) == written


def test_manifests_have_kubernetes_own_words_where_there_are_some(
    read_corpus: Callable[[str], Any],
) -> None:
    """A Service, an Ingress, a claim and a class need no annotation of ours."""
    for name in ("service-balancer", "ingress-shop", "stateful-set", "snapshots"):
        text = kubernetes.render(read_corpus(name).checked.spec)
        assert "cloudabstract.dev/" not in text


def test_what_kubernetes_has_no_word_for_is_in_one_annotation(
    read: Callable[[str], Any],
) -> None:
    """Only the fields that need it; the rest is where Kubernetes has it."""
    told = read(
        """
        kind: LoadBalancer
        metadata: {name: web}
        spec:
          routability: Internal
          ports: [{port: 80, targetPort: 8080}]
          backends: [{name: web, selector: {matchLabels: {app: web}}}]
        """
    )
    (service,) = writing.documents(told.checked.spec)
    assert service["kind"] == "Service"
    assert service["metadata"]["annotations"] == {
        "cloudabstract.dev/spec": '{"routability": "Internal"}'
    }
    assert service["spec"]["selector"] == {"app": "web"}


def test_a_kind_that_kubernetes_lacks_stays_ours(read: Callable[[str], Any]) -> None:
    """An attachment is written as a document of ours."""
    told = read(
        "{kind: VolumeAttachment, metadata: {name: a}, spec: {instance: i, source: {volume: v}}}"
    )
    (document,) = writing.documents(told.checked.spec)
    assert document["apiVersion"] == model.API_VERSION


def test_nothing_is_no_text() -> None:
    """An empty spec is an empty output."""
    assert kubernetes.render([]) == ""


def test_members_that_no_slice_may_have_are_in_the_annotation(read: Callable[[str], Any]) -> None:
    """Kubernetes refuses loopback addresses, and families that are mixed."""
    for members in ("127.0.0.1", "10.0.0.1}, {address: '2001:db8::1'"):
        once = read(
            "{kind: LoadBalancer, metadata: {name: web}, spec: {ports: [{port: 80, name: web}],"
            f" backends: [{{name: web, addresses: [{{address: {members}}}]}}]}}}}"
        ).checked.require()
        written = kubernetes.render(once)
        assert "EndpointSlice" not in written
        assert spec.read("-", stdin=io.StringIO(written)).require() == once
