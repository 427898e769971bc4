"""Each example's balancers expand to the graphs that are checked in beside this file.

A graph is what a reviewer reads when an expansion changes: JSON, with `$ref` for each reference. To
write them anew: CLOUDABSTRACT_GOLDEN=write pytest providers/aws/tests/balancers/test_golden.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.model import LoadBalancer
from cloudabstract.provider import Facts, Host, Ref
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
REGION = "ap-northeast-2"
NAMES = sorted(each.stem for each in EXAMPLES.glob("*/*.yaml") if each.parent.name == each.stem)
NETWORK = {
    "vpcs": {"vpc-1": {"default": True, "cidrs": ["10.0.0.0/16"]}},
    "subnets": [
        {"id": f"subnet-{zone}", "vpc": "vpc-1", "zone": f"{REGION}{zone}", "ipv6": False}
        for zone in "abc"
    ],
}


def host(name: str, last: int, **labels: str) -> Host:
    """A running instance."""
    known = {**labels, "aws:instance-state": "running"}
    return Host(name, f"10.0.0.{last}", known, f"i-{last:017x}", f"{REGION}a")


FACTS = Facts(
    (REGION,),
    (
        host("hello-1", 1),
        host("hello-2", 2),
        host("pages-1", 3, app="shop", tier="pages"),
        host("api-1", 4, app="shop", tier="api"),
        host("secure-1", 5, app="secure"),
        host("names-1", 6, app="names"),
    ),
    {"balancers": {"networks": {REGION: NETWORK}}},
)
SETTINGS = AwsSettings(
    region=REGION,
    tags={"team": "web"},
    certificates={"secure": f"arn:aws:acm:{REGION}:111122223333:certificate/secure"},
)


def graph(example: str) -> list[dict[str, Any]]:
    """The parts of every balancer of an example, as JSON."""
    provider = AwsProvider(SETTINGS)
    config = {"target": "x", "targets": {"x": {"provider": "aws", "region": REGION}}}
    with Stack("golden", config=config) as stack:
        spec = stack.read(EXAMPLES / example / f"{example}.yaml")
    return [
        {"part": f"{part.key}", "place": part.place, "want": plain(dict(part.want))}
        for resource in spec
        if isinstance(resource, LoadBalancer)
        for part in provider.expand(resource, FACTS)
    ]


def plain(value: Any) -> Any:
    """`value` as JSON, references as `{"$ref": "kind:role.field"}`."""
    if isinstance(value, Ref):
        return {"$ref": f"{value.to.kind}:{value.to.role}.{value.field}"}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("example", NAMES)
def test_an_example_expands_to_its_golden_graph(example: str) -> None:
    """Byte for byte what is checked in; references lead to parts of the same graph."""
    made = graph(example)
    text = json.dumps(made, indent=1, sort_keys=True) + "\n"
    path = GOLDEN / f"{example}.json"
    if os.environ.get("CLOUDABSTRACT_GOLDEN") == "write":
        path.write_text(text)
    assert path.read_text() == text


def test_every_example_has_a_graph_and_every_graph_an_example() -> None:
    """Neither side is forgotten."""
    assert sorted(each.stem for each in GOLDEN.glob("*.json")) == NAMES


def test_the_graphs_show_every_kind_but_addresses() -> None:
    """The examples are rich enough that a change of any kind's parts is seen."""
    kinds = {each["part"].split("#")[1].split(":")[0] for name in NAMES for each in graph(name)}
    assert kinds >= {
        *("aws.security_group", "aws.load_balancer", "aws.target_group"),
        *("aws.registration", "aws.listener", "aws.rule"),
    }
