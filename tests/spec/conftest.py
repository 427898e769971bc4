"""What the tests of specs share: valid documents, resources of every shape, and readers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from cloudabstract import model, spec
from cloudabstract.model import shapes, traits
from cloudabstract.model.limits import MaxLen, MinLen, Pattern

SHOP = """\
apiVersion: cloudabstract.dev/v1
kind: LoadBalancer
metadata: {name: web, labels: {app: shop}}
spec:
  loadBalancerClass: l7
  ports:
    - {name: http, protocol: TCP, port: 80, targetPort: 8080, backend: web}
    - name: https
      port: 443
      backend: api
      tls: {certificateRefs: [shop]}
  backends:
    - {name: web, addresses: [{address: 10.0.0.5, weight: 3}, {address: 10.0.0.6, port: 8081}]}
    - name: api
      selector:
        matchLabels: {app: api}
        matchExpressions: [{key: tier, operator: In, values: [front, back]}]
  routes:
    - {host: shop.example.com, path: /api, pathType: Prefix, backend: api}
  healthCheck: {protocol: HTTP, path: /healthz, interval: 10s, timeout: 5s}
  sourceRanges: [203.0.113.0/24, "2001:db8::/32"]
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 600}}
---
kind: VolumeClass
metadata: {name: fast}
spec:
  performance: {tier: fast, iops: 4000, throughput: 250Mi}
  allowVolumeExpansion: true
  encryption: {enabled: true}
---
kind: VolumeClaim
metadata: {name: data, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  volumeClassName: fast
  resources: {requests: {storage: 64Mi}}
---
kind: Volume
metadata: {name: archive}
spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce], mountOptions: [noatime]}
---
kind: VolumeSnapshot
metadata: {name: before}
spec: {source: {claim: data}}
---
kind: VolumeAttachment
metadata: {name: at-one}
spec: {source: {volume: archive}, instance: one}
---
kind: VolumeAttributesClass
metadata: {name: quick}
spec: {performance: {iops: 8000}}
"""

Read = Callable[[str], spec.Checked]


@pytest.fixture(scope="session")
def shop() -> str:
    """Valid documents, at least one of every kind."""
    return SHOP


@pytest.fixture(scope="session")
def read() -> Read:
    """Reads a text as the command line reads standard input."""
    return lambda text: spec.read("-", stdin=io.StringIO(text))


@pytest.fixture(scope="session")
def said(read: Read) -> Callable[[str], list[str]]:
    """Every problem and warning of a text, without the name of the file."""

    def lines(text: str) -> list[str]:
        checked = read(text)
        return [str(each).removeprefix("<stdin>:") for each in checked.problems + checked.warnings]

    return lines


@pytest.fixture(scope="session")
def resources() -> st.SearchStrategy[model.Resource]:
    """Resources of every kind whose fields all hold what their types allow."""
    return st.one_of([_record(cls) for cls in model.KINDS.values()])


def _record(cls: Any) -> st.SearchStrategy[Any]:
    if cls is model.Metadata:
        return _metadata()
    given = {each.name: _values(each.shape) for each in traits.fields(cls)}
    if "metadata" in given and not cls.NAMESPACED:
        given["metadata"] = _metadata(namespace=st.just(model.DEFAULT_NAMESPACE))
    return st.builds(cls, **given)


def _metadata(**changed: Any) -> st.SearchStrategy[Any]:
    given = {each.name: _values(each.shape) for each in traits.fields(model.Metadata)}
    return st.builds(model.Metadata, **(given | changed))


def _values(shape: shapes.Shape) -> st.SearchStrategy[Any]:
    match shape:
        case shapes.Nullable(inner=inner):
            return st.none() | _values(inner)
        case shapes.Record(type=cls):
            return _record(cls)
        case shapes.Scalar():
            return _scalars(shape)
        case shapes.Choice(values=values):
            return st.sampled_from(values)
        case shapes.Items(item=item):
            shortest, longest = shape.mark(MinLen), shape.mark(MaxLen)
            return st.lists(
                _values(item),
                min_size=shortest.min_length if shortest else 0,
                max_size=longest.max_length or 3 if longest else 3,
            ).map(tuple)
        case shapes.Entries(key=key, value=value):
            return st.dictionaries(_values(key), _values(value), max_size=3)
        case shapes.Either(options=options):
            return st.one_of([_values(each) for each in options])
    return _json()


def _scalars(shape: shapes.Scalar) -> st.SearchStrategy[Any]:
    if shape.type is bool:
        return st.booleans()
    if shape.type is int:
        bounds = shapes.bounds(shape)
        smallest = max(bounds.get("ge", 0), bounds.get("gt", -1) + 1)
        return st.integers(smallest, bounds.get("le", 2**63 - 1))
    pattern, longest = shape.mark(Pattern), shape.mark(MaxLen)
    if pattern:
        limit = longest.max_length if longest else 1000
        return st.from_regex(pattern.regex, fullmatch=True, alphabet=ASCII).filter(
            lambda text: len(text) <= (limit or 1000)
        )
    return st.text(min_size=1 if shape.mark(MinLen) else 0, max_size=20)


ASCII = st.characters(codec="ascii")


def _json() -> st.SearchStrategy[Any]:
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=10)
    )
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=5,
    )
