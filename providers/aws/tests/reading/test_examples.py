"""Every example, applied and let go of, is read back, adopted, and planned empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.model import LoadBalancer, Resource, Volume
from cloudabstract.testing.aws.strict import StrictAws

Hands = Any  # see conftest.py
EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
MACHINES = {
    "hello": {"hello-1": {}, "hello-2": {}},
    "shop": {
        "pages-1": {"app": "shop", "tier": "pages"},
        "api-1": {"app": "shop", "tier": "api"},
        "api-2": {"app": "shop", "tier": "api"},
    },
    "tls": {"secure-1": {"app": "secure"}},
    "udp": {"names-1": {"app": "names"}},
}


@pytest.fixture
def settings(aws: StrictAws) -> dict[str, Any]:
    """A certificate under the name that the examples use."""
    asked = {"DomainName": "shop.example.com", "ValidationMethod": "DNS"}
    arn = aws.client("acm").request_certificate(**asked)["CertificateArn"]
    return {"certificates": {"secure": arn, "shop": arn}}


@pytest.mark.parametrize("example", sorted(MACHINES))
def test_an_example_comes_back(
    example: str,
    hands: Hands,
    stack_of: Callable[..., Stack],
    adopted: Callable[..., list[Resource]],
    settings: dict[str, Any],
) -> None:
    """By whatever names, and without a word that only AWS understands."""
    for name, labels in MACHINES[example].items():
        hands.machine(name, **labels)
    shop = stack_of(**settings)
    spec = [
        each
        for each in shop.read(EXAMPLES / example / f"{example}.yaml")
        if isinstance(each, (LoadBalancer, Volume))
    ]
    assert shop.apply(spec).ok
    before = set(hands.all_tags())
    for each in spec:
        assert shop.release(str(each.key)).ok
    found = adopted(local=False, **settings)
    assert sorted(each.KIND for each in found) == sorted(each.KIND for each in spec)
    assert [dict(each.metadata.annotations) for each in found] == [{}] * len(spec)
    assert set(hands.all_tags()) == before
