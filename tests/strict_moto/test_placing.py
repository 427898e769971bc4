"""Rows about where load balancers stand: subnets, security groups, network interfaces."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.row("alb-two-subnets", "elbv2 CreateLoadBalancerInput.Subnets")
def test_an_application_balancer_needs_two_subnets(cloud: Any) -> None:
    """An Application Load Balancer with one subnet is refused."""
    asked = {"Name": "web", "Subnets": cloud.subnets()[:1]}
    cloud.refuses("ValidationError", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-one-subnet-per-zone", "elbv2 CreateLoadBalancerInput.Subnets")
def test_one_subnet_in_each_zone(cloud: Any) -> None:
    """Two subnets of one zone are refused, for both types."""
    both = [cloud.subnets()[0], cloud.second_subnet()]
    for kind in ("application", "network"):
        asked = {"Name": "web", "Type": kind, "Subnets": both}
        cloud.refuses("InvalidConfigurationRequest", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-subnet-missing", "elbv2 SubnetNotFoundException")
def test_a_missing_subnet_is_not_found(cloud: Any) -> None:
    """A subnet that does not exist is SubnetNotFound."""
    asked = {"Name": "web", "Type": "network", "Subnets": ["subnet-0123456789abcdef0"]}
    cloud.refuses("SubnetNotFound", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-group-missing", "elbv2 InvalidSecurityGroupException")
def test_a_missing_security_group_is_invalid(cloud: Any) -> None:
    """A security group that does not exist is InvalidSecurityGroup."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets()}
    asked["SecurityGroups"] = ["sg-0123456789abcdef0"]
    cloud.refuses("InvalidSecurityGroup", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-address-missing", "elbv2 AllocationIdNotFoundException")
def test_a_missing_address_is_not_found(cloud: Any) -> None:
    """An Elastic IP address that does not exist is AllocationIdNotFound."""
    mapping = {"SubnetId": cloud.subnets()[0], "AllocationId": "eipalloc-0123456789abcdef0"}
    asked = {"Name": "web", "Type": "network", "SubnetMappings": [mapping]}
    cloud.refuses("AllocationIdNotFound", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("nlb-set-groups", "elbv2 SetSecurityGroups")
def test_a_network_balancer_made_without_groups_never_gets_any(cloud: Any) -> None:
    """SetSecurityGroups on a Network Load Balancer made without one is refused."""
    asked = {"LoadBalancerArn": cloud.balancer(), "SecurityGroups": [cloud.group()]}
    cloud.refuses("InvalidConfigurationRequest", cloud.elb.set_security_groups, **asked)


def test_a_network_balancer_made_with_a_group_can_change_it(cloud: Any) -> None:
    """SetSecurityGroups on a Network Load Balancer made with one replaces it."""
    balancer = cloud.balancer(SecurityGroups=[cloud.group()])
    other = cloud.group("other")
    answer = cloud.elb.set_security_groups(LoadBalancerArn=balancer, SecurityGroups=[other])
    assert answer["SecurityGroupIds"] == [other]
    [now] = cloud.elb.describe_load_balancers()["LoadBalancers"]
    assert now["SecurityGroups"] == [other]


@pytest.mark.row("nlb-set-subnets", "elbv2 SetSubnetsInput.Subnets")
def test_a_network_balancer_can_move_to_one_subnet(cloud: Any) -> None:
    """SetSubnets takes one subnet for a Network Load Balancer."""
    asked = {"LoadBalancerArn": cloud.balancer(), "Subnets": cloud.subnets()[:1]}
    assert len(cloud.elb.set_subnets(**asked)["AvailabilityZones"]) == 1


@pytest.mark.row("dualstack-udp", "elbv2 CreateListenerInput.Protocol")
def test_dual_stack_speaks_no_udp(cloud: Any) -> None:
    """A UDP listener and dual stack exclude each other, whichever comes first."""
    balancer = cloud.balancer()
    group = cloud.target_group(Protocol="UDP")
    listener = cloud.listener(balancer, group, protocol="UDP")
    change = {"LoadBalancerArn": balancer, "IpAddressType": "dualstack"}
    code = "InvalidConfigurationRequest"
    cloud.refuses(code, cloud.elb.set_ip_address_type, **change)
    cloud.elb.delete_listener(ListenerArn=listener)
    cloud.elb.set_ip_address_type(**change)
    asked = {"LoadBalancerArn": balancer, "Protocol": "UDP", "Port": 53}
    asked["DefaultActions"] = [{"Type": "forward", "TargetGroupArn": group}]
    cloud.refuses(code, cloud.elb.create_listener, **asked)


@pytest.mark.row("balancer-interfaces", "ELB User Guide, subnets")
def test_a_balancer_has_an_interface_in_each_subnet(cloud: Any) -> None:
    """A load balancer has a network interface in each subnet; they outlive it a little."""
    balancer = cloud.balancer()
    mine = [{"Name": "description", "Values": ["ELB net/web/*"]}]
    describe = cloud.ec2.describe_network_interfaces
    found = describe(Filters=mine)["NetworkInterfaces"]
    assert sorted(one["SubnetId"] for one in found) == sorted(cloud.subnets())
    cloud.elb.delete_load_balancer(LoadBalancerArn=balancer)
    assert len(describe(Filters=mine)["NetworkInterfaces"]) == 2
    cloud.advance(60)
    assert describe(Filters=mine)["NetworkInterfaces"] == []


@pytest.mark.row("group-of-balancer", "ec2 DeleteSecurityGroup")
def test_the_group_of_a_balancer_cannot_be_deleted(cloud: Any) -> None:
    """A security group in use by a load balancer, or by one just deleted, is a dependency."""
    group = cloud.group()
    balancer = cloud.balancer(SecurityGroups=[group])
    delete = cloud.ec2.delete_security_group
    cloud.refuses("DependencyViolation", delete, GroupId=group)
    cloud.elb.delete_load_balancer(LoadBalancerArn=balancer)
    cloud.refuses("DependencyViolation", delete, GroupId=group)
    cloud.advance(60)
    delete(GroupId=group)


@pytest.mark.row("group-of-instance", "ec2 DeleteSecurityGroup")
def test_the_group_of_an_interface_cannot_be_deleted(cloud: Any) -> None:
    """A security group associated with a network interface is a dependency."""
    group = cloud.group()
    cloud.ec2.create_network_interface(SubnetId=cloud.subnets()[0], Groups=[group])
    cloud.refuses("DependencyViolation", cloud.ec2.delete_security_group, GroupId=group)


@pytest.mark.row("group-of-rule", "ec2 DeleteSecurityGroup")
def test_a_group_named_by_a_rule_cannot_be_deleted(cloud: Any) -> None:
    """A security group that a rule of another group names is a dependency."""
    source, other = cloud.group(), cloud.group("other")
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    rule["UserIdGroupPairs"] = [{"GroupId": source}]
    cloud.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    cloud.refuses("DependencyViolation", cloud.ec2.delete_security_group, GroupId=source)
    cloud.ec2.delete_security_group(GroupId=other)
    cloud.ec2.delete_security_group(GroupId=source)


@pytest.mark.row("group-default", "EC2 API reference, error codes")
def test_the_default_group_cannot_be_deleted(cloud: Any) -> None:
    """A VPC's default security group cannot be deleted: CannotDelete."""
    default = [{"Name": "group-name", "Values": ["default"]}]
    [group] = cloud.ec2.describe_security_groups(Filters=default)["SecurityGroups"]
    delete = cloud.ec2.delete_security_group
    cloud.refuses("CannotDelete", delete, GroupId=group["GroupId"])


@pytest.mark.row("subnet-in-use", "EC2 API reference, error codes")
def test_a_subnet_in_use_cannot_be_deleted(cloud: Any) -> None:
    """A subnet with network interfaces in it is a dependency."""
    cloud.balancer()
    subnet = cloud.subnets()[0]
    cloud.refuses("DependencyViolation", cloud.ec2.delete_subnet, SubnetId=subnet)
