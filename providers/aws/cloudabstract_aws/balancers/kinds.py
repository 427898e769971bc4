"""The kinds of parts that a balancer is made of on AWS.

security_group   who may connect; a balancer is always made with one
address          an Elastic IP address that we allocate for a name in `addressRefs`
load_balancer    NLB or ALB; takes listeners while it is still being provisioned
target_group     one for each frontend and pool (and weight, where weights differ); it belongs
                 to one balancer for good, so that a balancer can be made beside its old self
registration     the targets of a group: a part of its own, so that scaling touches nothing else
listener, rule   a frontend, and a route of an ALB's frontend
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

from .limits import limits

SECURITY_GROUP = Kind(
    "aws.security_group",
    fixed=frozenset({"vpc"}),
    name_limit=63,
    security=frozenset({"ingress"}),
    summary="A VPC security group: which source ranges may connect to which ports",
)
ADDRESS = Kind(
    "aws.address",
    fixed=frozenset({"domain"}),
    name_limit=63,
    lag=10.0,
    ending=Effect.ADDRESS,
    summary="An Elastic IP address that lives as long as its balancer",
)
LOAD_BALANCER = Kind(
    "aws.load_balancer",
    uses=(SECURITY_GROUP.name, ADDRESS.name),
    fixed=frozenset({"type", "scheme", "vpc", "addresses"}),
    name_limit=limits().name,
    early=True,
    effects={"subnets": Effect.DRAINS, "ip_address_type": Effect.DRAINS},
    security=frozenset({"scheme", "security_groups"}),
    ending=Effect.ADDRESS,
    summary="A Network (l4) or Application (l7) Load Balancer",
)
TARGET_GROUP = Kind(
    "aws.target_group",
    uses=(LOAD_BALANCER.name,),
    fixed=frozenset(
        {
            *("load_balancer", "vpc", "protocol", "protocol_version", "port"),
            *("target_type", "ip_address_type"),
        }
    ),
    name_limit=limits().name,
    summary="How a pool's backends are spoken to and checked",
)
REGISTRATION = Kind(
    "aws.registration",
    uses=(TARGET_GROUP.name,),
    fixed=frozenset({"target_group"}),
    identity=frozenset({"target_group"}),
    effects={"targets": Effect.DRAINS},
    ending=Effect.DRAINS,
    summary="The targets of a target group",
)
LISTENER = Kind(
    "aws.listener",
    uses=(LOAD_BALANCER.name, TARGET_GROUP.name),
    fixed=frozenset({"load_balancer", "port"}),
    name_limit=63,
    effects={"protocol": Effect.DRAINS},
    security=frozenset({"protocol", "certificates", "ssl_policy"}),
    ending=Effect.DRAINS,
    summary="One port of a balancer",
)
RULE = Kind(
    "aws.rule",
    uses=(LISTENER.name, TARGET_GROUP.name),
    fixed=frozenset({"listener"}),
    name_limit=63,
    summary="A host and path route of an Application Load Balancer",
)
KINDS = (
    SECURITY_GROUP,
    ADDRESS,
    LOAD_BALANCER,
    TARGET_GROUP,
    REGISTRATION,
    LISTENER,
    RULE,
)
