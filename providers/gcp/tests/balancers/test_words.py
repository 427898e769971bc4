"""Annotations of this provider: known ones change what is made, others are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gcp_bench import drawing
from gcp_bench.drawing import balancer, objections, of, parts

from cloudabstract.model import BackendPool, Instance, LoadBalancer, Member, Port, Route

PREFIX = "gcp.cloudabstract.dev"
CHECK = "projects/acme/regions/us-central1/healthChecks/theirs"
GROUP = "projects/acme/zones/us-central1-a/instanceGroups/web"


def noted(made: LoadBalancer, **annotations: str) -> LoadBalancer:
    """`made` with annotations; `_` stands for `-`."""
    named = {f"{PREFIX}/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return replace(made, metadata=replace(made.metadata, annotations=named))


def site(**spec: object) -> LoadBalancer:
    """Class l7 with one route."""
    pool = BackendPool("web", addresses=(Member("10.0.0.5"),))
    usual: dict[str, object] = {
        "load_balancer_class": "l7",
        "backends": (pool,),
        "routes": (Route("web", path="/api"),),
    }
    return balancer("site", **{**usual, **spec})


def test_without_a_reserved_address_the_rule_names_none() -> None:
    """`address: ephemeral`: no address, and Google picks one."""
    drawn = parts(noted(balancer(), address="ephemeral", firewall="others"))
    assert of("gcp.address", drawn) == []
    (rule,) = of("gcp.forwarding_rule", drawn)
    assert "IPAddress" not in rule.want


@pytest.mark.parametrize("made", [balancer(), site()])
def test_where_others_look_after_firewalls_none_is_made(made: LoadBalancer) -> None:
    """`firewall: others`, in both classes."""
    assert of("gcp.firewall", parts(made))
    assert of("gcp.firewall", parts(noted(made, firewall="others"))) == []


@pytest.mark.parametrize("made", [balancer(), site()])
def test_a_check_of_others_is_used_and_not_made(made: LoadBalancer) -> None:
    """`health-check: PATH`, in both classes."""
    drawn = parts(noted(made, health_check=CHECK))
    assert of("gcp.health_check", drawn) == []
    assert {tuple(it.want["healthChecks"]) for it in of("gcp.backend_service", drawn)} == {(CHECK,)}


def test_each_port_may_have_a_rule_of_its_own() -> None:
    """`rules: by-port`."""
    ports = (Port(80, name="http"), Port(443, name="https"))
    drawn = of("gcp.forwarding_rule", parts(noted(balancer(ports=ports), rules="by-port")))
    assert sorted(tuple(each.want["ports"]) for each in drawn) == [("443",), ("80",)]
    assert len({each.key.role for each in drawn}) == 2


def test_the_older_product_has_another_scheme_and_is_as_global() -> None:
    """`scheme: classic`."""
    drawn = parts(noted(site(), scheme="classic"))
    for kind in ("gcp.backend_service", "gcp.forwarding_rule"):
        assert {each.want["loadBalancingScheme"] for each in of(kind, drawn)} == {"EXTERNAL"}
        assert {each.want["scope"] for each in of(kind, drawn)} == {"global"}


def test_a_prefix_may_mean_what_is_below_it_alone() -> None:
    """`prefixes: below`."""

    def paths(made: LoadBalancer) -> list[str]:
        (drawn,) = of("gcp.url_map", parts(made))
        return [rule["path"] for host in drawn.want["hosts"] for rule in host["paths"]]

    assert paths(site()) == ["/api", "/api/*"]
    assert paths(noted(site(), prefixes="below")) == ["/api/*"]


def test_an_instance_group_is_a_backend_that_others_fill() -> None:
    """Named by its path: no endpoint group and no endpoints of ours."""
    pool = BackendPool("web", instances=(Instance(GROUP),))
    drawn = parts(balancer(backends=(pool,)), drawing.facts())
    (service,) = of("gcp.backend_service", drawn)
    assert service.want["backends"] == [GROUP]
    assert of("gcp.network_endpoint_group", drawn) == of("gcp.endpoints", drawn) == []
    mixed = BackendPool("web", instances=(Instance(GROUP), Instance("vm-5")))
    assert [each.code for each in objections(balancer(backends=(mixed,)))] == ["LB011"]


@pytest.mark.parametrize(
    ("made", "annotations", "code"),
    [
        (balancer(), {"adress": "ephemeral"}, "LB017"),
        (balancer(), {"firewall": "none"}, "LB017"),
        (balancer(), {"health_check": "mine"}, "LB017"),
        (balancer(), {"address": "ephemeral"}, "LB017"),
        (balancer(), {"prefixes": "below"}, "LB017"),
        (balancer(), {"scheme": "classic"}, "LB017"),
        (site(), {"rules": "by-port"}, "LB017"),
        (balancer(source_ranges=("10.0.0.0/8",)), {"firewall": "others"}, "LB009"),
        (
            balancer(address_refs=("mine",)),
            {"address": "ephemeral", "firewall": "others"},
            "LB007",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    made: LoadBalancer, annotations: dict[str, str], code: str
) -> None:
    """Unknown names and values, and words that contradict the rest; each with a way out."""
    told = objections(noted(made, **annotations))
    assert [each.code for each in told] == [code]
    assert all(each.alternative for each in told)


def test_annotations_of_other_targets_are_passed_over() -> None:
    """One document serves many targets."""
    named = {"aws.cloudabstract.dev/whatever": "x", "example.com/team": "shop"}
    made = balancer()
    other = replace(made, metadata=replace(made.metadata, annotations=named))
    assert objections(other) == objections(made)
