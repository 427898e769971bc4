"""Balancers that a person made with bare boto3 are discovered, adopted, and planned empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from cloudabstract import Stack
from cloudabstract.model import LoadBalancer, LoadBalancerSpec, Member, Resource, Route
from cloudabstract.provider import Facts
from cloudabstract.testing.aws.strict import StrictAws

Hands = Any  # see conftest.py
Adopted = Callable[..., list[Resource]]
OWN = "aws.cloudabstract.dev/"
IGNORED = "cloudabstract.dev/ignore-fields"


def only(resources: list[Resource]) -> tuple[LoadBalancerSpec, dict[str, str]]:
    """The spec of the one balancer, and its annotations."""
    (balancer,) = resources
    return cast(LoadBalancer, balancer).spec, dict(balancer.metadata.annotations)


def test_a_network_balancer_with_everything_at_its_default(hands: Hands, adopted: Adopted) -> None:
    """No security group, two thresholds, attributes of Amazon's choice: all of it stays."""
    front = hands.balancer("db", Type="network", Scheme="internal")
    group = hands.group("db", "172.31.0.50", "172.31.0.51:5433", Protocol="TCP", Port=5432)
    hands.listener(front, 5432, group, Protocol="TCP")
    spec, annotations = only(adopted())
    assert (spec.load_balancer_class, spec.routability) == ("l4", "Internal")
    assert [(each.port, each.backend) for each in spec.ports] == [(5432, "db")]
    assert spec.backends[0].addresses == (Member("172.31.0.50"), Member("172.31.0.51", 5433))
    assert (spec.health_check.interval, spec.health_check.healthy_threshold) == (30, 5)
    assert (spec.connection_draining, spec.traffic_distribution) == (300, "PreferClose")
    assert annotations == {
        f"{OWN}security-groups": "none",
        f"{OWN}unhealthy-threshold": "2",
        f"{OWN}target-group-attributes": (
            "deregistration_delay.connection_termination.enabled=false"
        ),
    }


def test_an_application_balancer_with_routes_and_a_firewall(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """Its security group, which lets in just that port, becomes ours; priorities are kept."""
    firewall = hands.firewall("web-sg", 80, source="203.0.113.0/24")
    front = hands.balancer("Shop-Front", SecurityGroups=[firewall])
    machines = hands.instances(3)
    web = hands.group("web", *machines[:2], HealthCheckPath="/healthz")
    api = hands.group("api", machines[2], Port=8080, HealthCheckPath="/healthz")
    listener = hands.listener(front, 80, web)
    hands.rule(listener, 1, api, host=["api.example.com"])
    hands.rule(listener, 4, api, path=["/api", "/api/*"])
    (told,) = stack_of().discover()
    warning = "the security group web-sg would be its own: see that nothing else has it"
    assert told.portable.unsaid == (warning,)
    (found,) = adopted()
    assert str(found.key) == "LoadBalancer/shop-front"
    spec, annotations = only([found])
    assert spec.source_ranges == ("203.0.113.0/24",)
    assert set(spec.routes) == {Route("api", "api.example.com"), Route("api", None, "/api")}
    assert {each.name: len(each.instances or ()) for each in spec.backends} == {"web": 2, "api": 1}
    assert spec.health_check.path == "/healthz"
    assert annotations == {f"{OWN}health-codes": "200", f"{OWN}rule-priorities": "1, 4"}
    shown = hands.ec2.describe_security_groups(GroupIds=[firewall])["SecurityGroups"][0]
    assert "cloudabstract:stack" in {each["Key"] for each in shown["Tags"]}


def test_ports_that_share_a_target_group(hands: Hands, adopted: Adopted, aws: StrictAws) -> None:
    """HTTP and HTTPS with one group, with a policy of another year: nothing is made anew."""
    acm = aws.client("acm")
    asked = {"DomainName": "shop.example.com", "ValidationMethod": "DNS"}
    certificate = acm.request_certificate(**asked)["CertificateArn"]
    front = hands.balancer("both")
    group = hands.group("web", "172.31.0.9:8080")
    hands.listener(front, 80, group)
    secure = {
        "Certificates": [{"CertificateArn": certificate}],
        "SslPolicy": "ELBSecurityPolicy-2016-08",
    }
    hands.listener(front, 443, group, Protocol="HTTPS", **secure)
    spec, annotations = only(adopted(certificates={"shop": certificate}))
    assert [each.name for each in spec.ports] == ["tcp-80", "tcp-443"]
    assert [each.tls.certificate_refs for each in spec.ports if each.tls] == [("shop",)]
    assert annotations[f"{OWN}target-groups"] == "shared"
    assert annotations[f"{OWN}ssl-policy"] == "ELBSecurityPolicy-2016-08"
    assert len(hands.elb.describe_target_groups()["TargetGroups"]) == 1


def test_ports_with_groups_of_their_own(hands: Hands, adopted: Adopted) -> None:
    """TCP and UDP beside each other, each with its pool."""
    front = hands.balancer("names", Type="network", Subnets=hands.subnets[:1])
    tcp = hands.group("tcp", "172.31.0.5", Protocol="TCP", Port=53)
    both = hands.group("both", "172.31.0.5", Protocol="TCP_UDP", Port=5353)
    hands.listener(front, 53, tcp, Protocol="TCP")
    hands.listener(front, 5353, both, Protocol="TCP_UDP")
    spec, annotations = only(adopted())
    ports = [(each.port, each.protocol, each.name) for each in spec.ports]
    assert ports == [(53, "TCP", "tcp-53"), (5353, "TCP", "tcp-5353"), (5353, "UDP", "udp-5353")]
    assert annotations[f"{OWN}subnets"] == hands.subnets[0]


def test_weights_and_an_answer_of_its_own(hands: Hands, adopted: Adopted) -> None:
    """Blue and green by weight, and 404 for the rest, in a network of its own."""
    vpc = hands.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    gateway = hands.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    hands.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = [
        hands.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{each}.0/24", AvailabilityZone=zone)
        for each, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    ids = sorted(each["Subnet"]["SubnetId"] for each in subnets)
    front = hands.balancer("bluegreen", Subnets=ids)
    blue = hands.group("blue", "10.9.1.10", VpcId=vpc, Port=8080)
    green = hands.group("green", "10.9.1.20", "10.9.1.21", VpcId=vpc, Port=8080)
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = hands.listener(front, 80, DefaultActions=[answer])
    shares = [
        {"TargetGroupArn": blue, "Weight": 90},
        {"TargetGroupArn": green, "Weight": 10},
    ]
    hands.elb.create_rule(
        ListenerArn=listener,
        Priority=10,
        Conditions=[{"Field": "path-pattern", "Values": ["/*"]}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}],
    )
    spec, annotations = only(adopted())
    by_name = {each.name: each for each in spec.backends}
    weights = [(each.address, each.weight) for each in by_name["blue"].addresses or ()]
    assert weights == [("10.9.1.10", 18), ("10.9.1.20", 1), ("10.9.1.21", 1)]
    assert by_name["nobody"].addresses == ()
    assert spec.ports[0].backend == "nobody"
    assert annotations[f"{OWN}subnets"] == ", ".join(ids)
    assert annotations[f"{OWN}without-groups"] == "nobody"


def test_groups_with_checks_of_their_own_keep_them(hands: Hands, adopted: Adopted) -> None:
    """One check is all that can be said; the others stay, and the document says so."""
    front = hands.balancer("checks")
    web = hands.group("web", "172.31.0.8", HealthCheckPath="/web")
    api = hands.group("api", "172.31.0.9", HealthCheckPath="/api/health")
    hands.rule(hands.listener(front, 80, web), 10, api, path=["/api/*"])
    _, annotations = only(adopted())
    ignored = annotations[IGNORED].split(", ")
    assert sorted(ignored) == ["aws.rule/paths", "aws.target_group/health_check"]
    groups = hands.elb.describe_target_groups()["TargetGroups"]
    assert {each["HealthCheckPath"] for each in groups} == {"/web", "/api/health"}


def test_what_cannot_be_said_stays_and_is_told(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """A redirect, a rule that looks at the client: neither ours nor in the way."""
    front = hands.balancer("front")
    group = hands.group("web", "172.31.0.8")
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    hands.listener(front, 80, DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}])
    listener = hands.listener(front, 8080, group)
    hands.rule(listener, 3, group, source=["10.0.0.0/8"])
    (found,) = stack_of().discover()
    unsaid = "\n".join(found.portable.unsaid)
    assert "port 80 redirects to HTTPS 443" in unsaid
    assert "rule 3 of port 8080 looks at source-ip" in unsaid
    spec, _ = only(adopted())
    assert [each.port for each in spec.ports] == [8080]
    assert len(hands.elb.describe_listeners(LoadBalancerArn=front)["Listeners"]) == 2
    ours = [it for it in hands.all_tags().values() if "cloudabstract:stack" in it]
    assert len(ours) == 3  # balancer, group, one listener


@pytest.mark.parametrize(
    ("port", "actions"),
    [
        (None, []),
        (80, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]),
    ],
    ids=["no listener", "an answer only"],
)
def test_a_balancer_that_reaches_nobody_is_left_out(
    hands: Hands, stack_of: Callable[..., Stack], port: int | None, actions: list[Any]
) -> None:
    """It cannot be said as a balancer with ports."""
    front = hands.balancer("idle")
    if port:
        hands.listener(front, port, DefaultActions=actions)
    assert stack_of().discover() == ()


def test_static_addresses_stay_the_users(hands: Hands, stack_of: Callable[..., Stack]) -> None:
    """Elastic addresses are named, not owned. AWS shows them; moto does not, so it is told here."""
    front = hands.balancer("fixed", Type="network", Subnets=hands.subnets[:1])
    group = hands.group("fixed", "172.31.0.50", Protocol="TCP")
    hands.listener(front, 80, group, Protocol="TCP")
    allocation = hands.ec2.allocate_address(Domain="vpc")["AllocationId"]
    shown = [{"subnet": hands.subnets[0], "allocation": allocation}]
    provider, found = hands.everything()
    found = [
        replace(each, fields={**each.fields, "addresses": shown}) if each.id == front else each
        for each in found
    ]
    (read,) = provider.portable(found, Facts(("us-east-1",)))
    assert read.resource.metadata.annotations[f"{OWN}addresses"] == allocation
    assert "aws.address" not in {kind for kind, _ in read.parts}
    assert read.resource.spec.address_refs == ()


def test_adopted_objects_are_changed_and_deleted_like_any_other(
    hands: Hands, adopted: Adopted, stack_of: Callable[..., Stack]
) -> None:
    """A member more is registered where the others are; deleting it leaves nothing."""
    front = hands.balancer("web", Type="network")
    group = hands.group("web", "172.31.0.50", Protocol="TCP")
    hands.listener(front, 80, group, Protocol="TCP")
    (balancer,) = adopted()
    shop = stack_of()
    spec, _ = only([balancer])
    (pool,) = spec.backends
    more = replace(pool, addresses=(*(pool.addresses or ()), Member("172.31.0.51")))
    report = shop.apply([replace(balancer, spec=replace(spec, backends=(more,)))])
    assert {each.change.part.kind for each in report.outcomes} == {"aws.registration"}
    told = hands.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {each["Target"]["Id"] for each in told} == {"172.31.0.50", "172.31.0.51"}
    assert shop.delete().ok
    assert hands.elb.describe_load_balancers()["LoadBalancers"] == []
    assert hands.elb.describe_target_groups()["TargetGroups"] == []


def test_a_group_that_is_empty_for_now_stays_a_group(hands: Hands, adopted: Adopted) -> None:
    """Somebody registers its targets later: by address, or by instance."""
    front = hands.balancer("later")
    by_address = hands.group("addresses", TargetType="ip")
    listener = hands.listener(front, 80, by_address)
    hands.rule(listener, 10, hands.group("machines"), path=["/machines"])
    spec, annotations = only(adopted())
    told = {each.name: (each.addresses, each.instances) for each in spec.backends}
    assert told == {"addresses": ((), None), "machines": (None, ())}
    assert f"{OWN}without-groups" not in annotations


def test_a_balancer_in_another_region(hands: Hands, adopted: Adopted, aws: StrictAws) -> None:
    """Where the target looks besides; the region is said."""
    there = type(hands)(aws, "eu-west-1")
    front = there.balancer("front", Type="network")
    group = there.group("web", "172.31.0.50", Protocol="TCP")
    there.listener(front, 80, group, Protocol="TCP")
    there.volume("far", AvailabilityZone="eu-west-1a")
    balancer, volume = adopted(local=False, regions=("eu-west-1",))
    assert balancer.spec.placement.region == "eu-west-1"
    assert volume.spec.topology.region == "eu-west-1"


def test_tls_on_a_network_balancer(hands: Hands, adopted: Adopted, aws: StrictAws) -> None:
    """It ends at the balancer; what cannot be so, a group that goes on with TLS, is left out."""
    asked = {"DomainName": "shop.example.com", "ValidationMethod": "DNS"}
    certificate = aws.client("acm").request_certificate(**asked)["CertificateArn"]
    front = hands.balancer("secure", Type="network")
    secure = {"Protocol": "TLS", "Certificates": [{"CertificateArn": certificate}]}
    hands.listener(front, 443, hands.group("a", "172.31.0.5", Protocol="TCP"), **secure)
    hands.listener(front, 8443, hands.group("b", "172.31.0.5", Protocol="TLS"), **secure)
    spec, _ = only(adopted())
    assert [(each.port, each.tls is not None) for each in spec.ports] == [(443, True)]


def test_a_spread_that_we_would_not_make_is_left_out(
    hands: Hands, stack_of: Callable[..., Stack]
) -> None:
    """Two groups with equal shares would be one of ours; nothing is touched."""
    front = hands.balancer("even", Type="network")
    groups = [
        hands.group(name, f"172.31.0.{n}", Protocol="TCP") for n, name in ((5, "a"), (6, "b"))
    ]
    shares = [{"TargetGroupArn": each, "Weight": 50} for each in groups]
    forward = [{"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}]
    hands.listener(front, 80, Protocol="TCP", DefaultActions=forward)
    assert stack_of().discover() == ()


def test_protection_and_affinity(hands: Hands, adopted: Adopted) -> None:
    """Attributes with a portable word are said with it."""
    front = hands.balancer("kept")
    group = hands.group("web", "172.31.0.8")
    hands.listener(front, 80, group)
    protected = {"Key": "deletion_protection.enabled", "Value": "true"}
    hands.elb.modify_load_balancer_attributes(LoadBalancerArn=front, Attributes=[protected])
    told = {
        "stickiness.enabled": "true",
        "stickiness.lb_cookie.duration_seconds": "3600",
        "deregistration_delay.timeout_seconds": "5",
    }
    attributes = [{"Key": key, "Value": value} for key, value in told.items()]
    hands.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=attributes)
    spec, annotations = only(adopted())
    assert spec.deletion_protection
    assert spec.session_affinity == "ClientIP"
    config = spec.session_affinity_config
    assert config is not None
    assert config.client_ip.timeout_seconds == 3600
    assert spec.connection_draining == 5
    assert annotations == {
        f"{OWN}health-codes": "200",
        f"{OWN}security-groups": hands.default_group(),
    }
