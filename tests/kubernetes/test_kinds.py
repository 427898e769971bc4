"""Everything else that stands in a file is named, and never an error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[str], Any]


def test_other_kinds_are_recognised_or_unknown(read_corpus: Read) -> None:
    """Kubernetes' own kinds with why they are not ours, whatever their version; CRDs as unknown."""
    told = read_corpus("everything-else")
    assert [(each.document.kind, each.disposition) for each in told.readings] == [
        ("Namespace", "recognised"),
        ("Deployment", "recognised"),
        ("PodSecurityPolicy", "recognised"),
        ("CustomResourceDefinition", "recognised"),
        ("Widget", "unknown"),
        ("Service", "unknown"),
        ("IngressClass", "recognised"),
    ]
    assert all(each.reason for each in told.readings)


def test_a_misspelt_kind_of_kubernetes_has_a_suggestion(read: Read) -> None:
    """Unknown, with the kind that was probably meant."""
    told = read("{apiVersion: networking.k8s.io/v1, kind: Ingres, metadata: {name: a}}")
    assert "did you mean 'Ingress'?" in told.readings[0].reason


def test_lists_are_taken_apart(read_corpus: Read) -> None:
    """Lists in lists, and lists of one kind whose items do not say it; an empty one stands."""
    told = read_corpus("lists")
    assert [(each.document.kind, each.document.name) for each in told.readings] == [
        ("Service", "one"),
        ("Service", "two"),
        ("PodList", ""),
    ]
    assert told.readings[2].reason == "it is an empty list"


@pytest.mark.parametrize(
    ("text", "disposition", "problems"),
    [
        ("{apiVersion: v1, kind: List}", "recognised", []),
        ("{apiVersion: v1, kind: List, items: {}}", "recognised", ["items"]),
        ("{apiVersion: example.com/v1, kind: AllowList, items: [a, b]}", "unknown", []),
        ("{apiVersion: v2, name: chart, version: 1.0.0}", "unknown", []),
        ("{apiVersion: v1, metadata: {name: a}}", "unknown", ["kind"]),
        ("{apiVersion: v2, kind: Service, metadata: {name: a}}", "recognised", ["apiVersion"]),
    ],
)
def test_odd_documents(read: Read, text: str, disposition: str, problems: list[str]) -> None:
    """Each has a disposition; only what Kubernetes would refuse is a problem."""
    told = read(text)
    assert [each.disposition for each in told.readings] == [disposition]
    assert told.problems == problems


def test_our_own_documents_do_not_load_what_reads_manifests() -> None:
    """Reading native documents imports nothing of this package."""
    program = (
        "import io, sys; from cloudabstract import spec; "
        "spec.read('-', stdin=io.StringIO('kind: VolumeSnapshot\\nmetadata: {name: a}')); "
        "print([name for name in sys.modules if 'kubernetes' in name])"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"
