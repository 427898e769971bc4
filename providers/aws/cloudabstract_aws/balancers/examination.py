"""What `doctor` says of balancers: networks found, permissions missing, quotas near their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cloudabstract.provider import Finding
from cloudabstract_aws import errors, networks, pages, permissions
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

from .limits import limits

_NEAR = 0.8  # of a quota
_NO_SUCH = {
    "group": "sg-00000000000000000",
    "address": "eipalloc-00000000000000000",
}


def examine(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """Networks of the target's region, then permissions, then quotas."""
    region = clients.region
    yield from _networks(clients, settings, region)
    if clients.genuine(region):
        yield from permissions.dry(_mutations(clients, region))
        yield from permissions.looked(_looks(clients, region))
    else:
        text = "not tried: an emulator has none, and may take a trial for the real thing"
        yield Finding("permissions", True, text)
    for look in (_balancer_quotas, _address_quota):
        try:
            yield from look(clients, region)
        except Exception as error:
            if not errors.is_unknown(error):
                raise
            yield Finding("quotas", True, f"not told: {errors.classify(error).message}")


def _networks(clients: Clients, settings: AwsSettings, region: str) -> Iterator[Finding]:
    found = networks.survey(clients, region)
    for routability in networks.ROLE_TAGS:
        wish = networks.Request(routability, settings.vpc or "", settings.subnets)
        name = f"network {routability}"
        try:
            chosen = networks.choose(found, wish)
        except networks.Unsuitable as unsuitable:
            problem = unsuitable.problem
            yield Finding(name, False, problem.message, problem.remedy)
            continue
        where = ", ".join(f"{each.id} in {each.zone}" for each in chosen.subnets)
        enough = len(chosen.subnets) > 1
        remedy = "" if enough else "class l7 needs subnets in two zones"
        yield Finding(name, enough, f"{chosen.vpc}: {where}", remedy)


def _mutations(clients: Clients, region: str) -> dict[str, permissions.Call]:
    """Every change of EC2 that balancers need, with parameters that could never be carried out."""
    ec2, group = clients.write("ec2", region), _NO_SUCH["group"]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}
    tag = [{"Key": "cloudabstract:stack", "Value": "doctor"}]
    return {
        "ec2:CreateSecurityGroup": lambda **dry: ec2.create_security_group(
            GroupName="cloudabstract-doctor", Description="never made", **dry
        ),
        "ec2:AuthorizeSecurityGroupIngress": lambda **dry: ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[rule], **dry
        ),
        "ec2:RevokeSecurityGroupIngress": lambda **dry: ec2.revoke_security_group_ingress(
            GroupId=group, IpPermissions=[rule], **dry
        ),
        "ec2:DeleteSecurityGroup": lambda **dry: ec2.delete_security_group(GroupId=group, **dry),
        "ec2:AllocateAddress": lambda **dry: ec2.allocate_address(Domain="vpc", **dry),
        "ec2:ReleaseAddress": lambda **dry: ec2.release_address(
            AllocationId=_NO_SUCH["address"], **dry
        ),
        "ec2:CreateTags": lambda **dry: ec2.create_tags(Resources=[group], Tags=tag, **dry),
    }


def _looks(clients: Clients, region: str) -> dict[str, permissions.Call]:
    """The looks of Elastic Load Balancing that need no object."""
    elb = clients.read("elbv2", region)
    index = clients.read("resourcegroupstaggingapi", region)
    return {
        "elasticloadbalancing:DescribeLoadBalancers": lambda: elb.describe_load_balancers(
            PageSize=1
        ),
        "elasticloadbalancing:DescribeTargetGroups": lambda: elb.describe_target_groups(PageSize=1),
        "tag:GetResources": lambda: index.get_resources(ResourcesPerPage=1),
    }


def _balancer_quotas(clients: Clients, region: str) -> Iterator[Finding]:
    elb = clients.read("elbv2", region)
    size = {"PaginationConfig": {"PageSize": limits().page}}
    kinds = [
        each["Type"] for each in pages.of(elb, "describe_load_balancers", "LoadBalancers", **size)
    ]
    groups = sum(1 for _ in pages.of(elb, "describe_target_groups", "TargetGroups", **size))
    used = {
        "network-load-balancers": kinds.count("network"),
        "application-load-balancers": kinds.count("application"),
        "target-groups": groups,
    }
    told = pages.of(elb, "describe_account_limits", "Limits")
    most = {each["Name"]: int(each["Max"]) for each in told}
    yield from (_quota(name, used[name], most[name]) for name in used if name in most)


def _address_quota(clients: Clients, region: str) -> Iterator[Finding]:
    ec2 = clients.read("ec2", region)
    name = "vpc-max-elastic-ips"
    told = ec2.describe_account_attributes(AttributeNames=[name])["AccountAttributes"]
    values: Iterable[str] = (
        value["AttributeValue"]
        for each in told
        if each["AttributeName"] == name
        for value in each["AttributeValues"]
    )
    used = len(ec2.describe_addresses()["Addresses"])
    yield from (_quota("elastic-ip-addresses", used, int(each)) for each in values)


def _quota(name: str, used: int, most: int) -> Finding:
    near = used >= _NEAR * most
    remedy = "ask for more under Service Quotas" if near else ""
    return Finding(f"quota {name}", not near, f"{used} of {most}", remedy)
