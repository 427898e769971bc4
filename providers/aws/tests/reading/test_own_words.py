"""Annotations for what only AWS can say of a balancer: read, written, checked, and made so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.model import BackendPool, LoadBalancer, LoadBalancerSpec, Member, Metadata, Port
from cloudabstract.provider import Facts, Severity
from cloudabstract_aws.balancers import attributes, own_words
from cloudabstract_aws.balancers.own_words import PREFIX, OwnWords
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

PROVIDER = AwsProvider(AwsSettings(region="us-east-1"))
POOL = BackendPool("web", addresses=(Member("10.0.0.5"),))
SUBNETS = [
    {"id": f"subnet-{zone}", "vpc": "vpc-1", "zone": f"us-east-1{zone}", "cidr": f"10.0.{n}.0/24"}
    for n, zone in enumerate("abc")
]
NETWORKS = {"vpcs": {"vpc-1": {"default": True, "cidrs": ["10.0.0.0/16"]}}, "subnets": SUBNETS}
FACTS = Facts(("us-east-1",), extra={"balancers": {"networks": {"us-east-1": NETWORKS}}})
IDS = st.lists(st.from_regex(r"\A[a-z]{1,8}-[0-9a-f]{1,17}\Z"), max_size=3).map(tuple)


def balancer(told: dict[str, str], **spec: Any) -> LoadBalancer:
    """A balancer with these annotations."""
    annotations = {f"{PREFIX}{key}": text for key, text in told.items()}
    whole = {"ports": (Port(80),), "backends": (POOL,), **spec}
    return LoadBalancer(Metadata("web", annotations=annotations), LoadBalancerSpec(**whole))


def wanted(made: LoadBalancer, kind: str) -> dict[str, Any]:
    """What is wanted of the one part of that kind."""
    (part,) = [each for each in PROVIDER.expand(made, FACTS) if each.key.kind == kind]
    return dict(part.want)


@given(
    st.builds(
        OwnWords,
        subnets=IDS,
        security_groups=st.none() | IDS,
        addresses=IDS,
        ssl_policy=st.sampled_from(["", "ELBSecurityPolicy-2016-08"]),
        health_codes=st.sampled_from(["", "200", "200-299,302"]),
        unhealthy_threshold=st.integers(2, 10) | st.just(0),
        attributes=st.dictionaries(
            st.sampled_from(sorted(attributes.GROUP | attributes.WEB_GROUP)),
            st.sampled_from(["true", "300"]),
        ),
        without_groups=IDS,
        shared=st.booleans(),
        priorities=st.sets(st.integers(1, 50_000), max_size=4).map(sorted).map(tuple),
    )
)
def test_words_survive_being_annotations(words: OwnWords) -> None:
    """Whatever they say; and nothing is said of what is as usual."""
    made = balancer({})
    told = own_words.written(words)
    annotated = replace(made, metadata=replace(made.metadata, annotations=told))
    assert own_words.read(annotated) == words
    assert [*own_words.check(annotated)] == []
    assert own_words.written(OwnWords()) == {}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("subnet", "subnet-1"),
        ("subnets", " "),
        ("target-groups", "separate"),
        ("target-group-attributes", "slow_start.duration_seconds=30"),
        ("unhealthy-threshold", "eleven"),
        ("unhealthy-threshold", "11"),
        ("rule-priorities", "5, 1"),
        ("rule-priorities", "1, x"),
    ],
)
def test_words_that_are_wrong_are_refused(key: str, text: str) -> None:
    """One that is misspelt would be passed over in silence, and another made."""
    found = [*PROVIDER.check(balancer({key: text}))]
    assert (f"metadata.annotations[{PREFIX}{key}]", Severity.REJECT) in {
        (each.field, each.severity) for each in found
    }


def test_ranges_and_groups_of_others_do_not_go_together() -> None:
    """Nothing would keep to the ranges."""
    made = balancer({"security-groups": "sg-1"}, source_ranges=("203.0.113.0/24",))
    assert "spec.sourceRanges" in {each.field for each in PROVIDER.check(made)}


def test_other_peoples_security_groups_are_used_and_not_made() -> None:
    """In the order of ids; `none` is no group at all."""
    made = balancer({"security-groups": "sg-2, sg-1"})
    assert wanted(made, "aws.load_balancer")["security_groups"] == ["sg-1", "sg-2"]
    assert "aws.security_group" not in {each.key.kind for each in PROVIDER.expand(made, FACTS)}
    assert (
        wanted(balancer({"security-groups": "none"}), "aws.load_balancer")["security_groups"] == []
    )


def test_subnets_and_addresses_stand_for_those_of_the_spec() -> None:
    """One address for each subnet."""
    told = {"subnets": "subnet-b, subnet-a", "addresses": "eipalloc-1, eipalloc-2"}
    want = wanted(balancer(told), "aws.load_balancer")
    assert want["subnets"] == ["subnet-a", "subnet-b"]
    assert [each["allocation"] for each in want["addresses"]] == ["eipalloc-1", "eipalloc-2"]


def test_health_and_attributes_go_before_the_spec() -> None:
    """The second threshold of an NLB, codes, and attributes that no field says."""
    attribute = "deregistration_delay.connection_termination.enabled"
    told = {"unhealthy-threshold": "2", "target-group-attributes": f"{attribute}=false"}
    want = wanted(balancer(told), "aws.target_group")
    assert (want["health_check"]["healthy"], want["health_check"]["unhealthy"]) == (3, 2)
    assert want["attributes"][attribute] == "false"
    web = balancer({"health-codes": "204"}, load_balancer_class="l7")
    assert wanted(web, "aws.target_group")["health_check"]["codes"] == "204"
    assert (
        wanted(balancer({"health-codes": "204"}), "aws.target_group")["health_check"]["codes"] == ""
    )


def test_shared_groups_are_made_once() -> None:
    """For ports that reach the same backends alike; another target port takes another group."""
    ports = (Port(80, "a", target_port=8080), Port(81, "b", target_port=8080), Port(82, "c"))
    parts = [*PROVIDER.expand(balancer({"target-groups": "shared"}, ports=ports), FACTS)]
    roles = [each.key.role for each in parts if each.key.kind == "aws.target_group"]
    assert roles == ["web-80", "web-82"]
    assert len([each for each in parts if each.key.kind == "aws.registration"]) == 2
    alone = [*PROVIDER.expand(balancer({}, ports=ports), FACTS)]
    assert len([each for each in alone if each.key.kind == "aws.target_group"]) == 3


def test_an_alb_can_answer_for_itself() -> None:
    """No group is made for a pool that is said to have none."""
    made = balancer({"without-groups": "web"}, load_balancer_class="l7")
    assert wanted(made, "aws.listener")["forward"] == {"groups": [], "sticky": 0}
    assert "aws.target_group" not in {each.key.kind for each in PROVIDER.expand(made, FACTS)}
