"""Where balancers stand: settings, else role tags, else the default VPC; one subnet a zone."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract_aws.networks import ROLE_TAGS, Request, Unsuitable, choose

ELB, INTERNAL = ROLE_TAGS["External"], ROLE_TAGS["Internal"]


def subnet(id_: str, vpc: str, zone: str, *roles: str) -> dict[str, Any]:
    """A subnet as a survey tells it."""
    return {"id": id_, "vpc": vpc, "zone": zone, "ipv6": False, "roles": list(roles), "cidr": ""}


FOUND = {
    "vpcs": {
        "vpc-d": {"default": True, "cidrs": ["172.31.0.0/16"]},
        "vpc-t": {"default": False, "cidrs": ["10.0.0.0/16"]},
    },
    "subnets": [
        subnet("subnet-d2", "vpc-d", "a"),
        subnet("subnet-d1", "vpc-d", "a"),
        subnet("subnet-d3", "vpc-d", "b"),
        subnet("subnet-t1", "vpc-t", "a", ELB),
        subnet("subnet-t2", "vpc-t", "b", ELB),
        subnet("subnet-t3", "vpc-t", "a", INTERNAL),
        subnet("subnet-t4", "vpc-t", "c"),
    ],
}
UNTAGGED = {**FOUND, "subnets": [{**each, "roles": []} for each in FOUND["subnets"]]}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "wish", "ids", "reason"),
    [
        (FOUND, Request(), ["subnet-t1", "subnet-t2"], "role tags of the routability"),
        (FOUND, Request("Internal"), ["subnet-t3"], "the other routability's"),
        (UNTAGGED, Request(), ["subnet-d1", "subnet-d3"], "the default VPC, smallest id a zone"),
        (FOUND, Request(vpc="vpc-d"), ["subnet-d1", "subnet-d3"], "a named VPC without role tags"),
        (FOUND, Request(vpc="vpc-t"), ["subnet-t1", "subnet-t2"], "a named VPC with role tags"),
        (FOUND, Request(subnets=("subnet-t4",)), ["subnet-t4"], "named subnets, whatever the tags"),
        (FOUND, Request(zones=("b",)), ["subnet-t2"], "only the zones that are named"),
    ],
)
def test_subnets_are_chosen(
    found: dict[str, Any], wish: Request, ids: list[str], reason: str
) -> None:
    """In the order that the guide tells."""
    assert choose(found, wish).ids == ids, reason


@pytest.mark.parametrize(
    ("found", "wish", "words"),
    [
        ({}, Request(), "no default VPC"),
        (FOUND, Request(subnets=("subnet-x",)), "no subnet subnet-x"),
        (FOUND, Request(subnets=("subnet-d1", "subnet-d2")), "all in a"),
        (FOUND, Request(subnets=("subnet-d1", "subnet-t2")), "several VPCs"),
        (FOUND, Request(vpc="vpc-d", subnets=("subnet-t1",)), "not in vpc-d"),
        (FOUND, Request(vpc="vpc-x"), "no VPC vpc-x"),
        (FOUND, Request(zones=("z",)), "zone z"),
    ],
)
def test_what_does_not_fit_is_told(found: dict[str, Any], wish: Request, words: str) -> None:
    """LB006, with a message and a way out."""
    with pytest.raises(Unsuitable) as raised:
        choose(found, wish)
    problem = raised.value.problem
    assert words in problem.message
    assert problem.code == "LB006"
    assert problem.remedy


def test_a_choice_knows_its_network() -> None:
    """The ranges tell which targets are outside; IPv6 must be everywhere to count."""
    chosen = choose(FOUND, Request(vpc="vpc-d"))
    assert (chosen.vpc, chosen.cidrs, chosen.ipv6) == ("vpc-d", ("172.31.0.0/16",), False)
