"""Google's own client, google-cloud-compute, talks to the emulator and notices nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cloudabstract.testing.gce import Emulator

exceptions = pytest.importorskip("google.api_core.exceptions")
compute = pytest.importorskip("google.cloud.compute_v1")

REGION, ZONE = "us-central1", "us-central1-a"
HERE, THERE = {"project": "acme", "zone": ZONE}, {"project": "acme", "region": REGION}


class Clients:
    """Clients by name (`disks`), pointed at one emulator, with operations polled there too."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.operations = {
            f"{level}_operations": self._client(f"{level.title()}OperationsClient")
            for level in ("zone", "region", "global")
        }

    def _client(self, name: str) -> Any:
        from google.api_core.client_options import ClientOptions
        from google.auth.credentials import AnonymousCredentials

        options = ClientOptions(api_endpoint=self.emulator.url)
        return getattr(compute, name)(credentials=AnonymousCredentials(), client_options=options)

    def __getattr__(self, name: str) -> Any:
        words = name.split("_")
        client = self._client("".join(word.title() for word in words) + "Client")
        client.transport._extended_operations_services.update(self.operations)
        setattr(self, name, client)
        return client


@pytest.fixture
def clients(gcp_emulator: Emulator) -> Clients:
    """Clients of an emulator that moves its own time."""
    return Clients(gcp_emulator)


def test_the_client_makes_reads_and_deletes_a_disk(clients: Clients) -> None:
    """result() polls the emulator and ends; fields come back as they were sent."""
    disk = compute.Disk(name="data", size_gb=10, labels={"app": "shop"})
    clients.disks.insert(**HERE, disk_resource=disk).result()
    made = clients.disks.get(**HERE, disk="data")
    assert (made.size_gb, dict(made.labels), made.status) == (10, {"app": "shop"}, "READY")
    clients.disks.delete(**HERE, disk="data").result()
    with pytest.raises(exceptions.NotFound):
        clients.disks.get(**HERE, disk="data")


def test_the_client_waits_for_an_operation(clients: Clients) -> None:
    """insert_unary with wait is the quick way; the operation's id is a number to the client."""
    operation = clients.disks.insert_unary(**HERE, disk_resource=compute.Disk(name="data"))
    assert isinstance(operation.id, int)
    waiter = clients.operations["zone_operations"]
    ended = waiter.wait(**HERE, operation=operation.name)
    assert ended.status == compute.Operation.Status.DONE


def test_the_client_raises_what_an_operation_says(clients: Clients) -> None:
    """A failed operation becomes an exception with its status and code."""
    faults = clients.emulator.faults
    faults.fail_operation("disks.insert", "QUOTA_EXCEEDED", "Too much.", status=403)
    operation = clients.disks.insert(**HERE, disk_resource=compute.Disk(name="data"))
    with pytest.raises(exceptions.Forbidden, match="QUOTA_EXCEEDED"):
        operation.result()
    assert clients.emulator.world.all("disks") == []


def test_the_client_reads_all_pages(clients: Clients) -> None:
    """list and aggregated_list go on to the last page by themselves."""
    for name in ("a", "b", "c", "d", "e"):
        clients.disks.insert_unary(**HERE, disk_resource=compute.Disk(name=name))
    assert [disk.name for disk in clients.disks.list(**HERE)] == ["a", "b", "c", "d", "e"]
    pages = clients.disks.aggregated_list(project="acme")
    found = [disk.name for _, scoped in pages for disk in scoped.disks]
    assert found == ["a", "b", "c", "d", "e"]
    wanted = compute.ListDisksRequest(**HERE, filter="name = c")
    assert [disk.name for disk in clients.disks.list(wanted)] == ["c"]


def test_the_client_sees_each_error_as_its_own_exception(clients: Clients) -> None:
    """409, 403, 412, 400 and 429, by google.api_core's names."""
    disk = compute.Disk(name="data", size_gb=10)
    clients.disks.insert(**HERE, disk_resource=disk).result()
    with pytest.raises(exceptions.Conflict):
        clients.disks.insert(**HERE, disk_resource=disk)
    with pytest.raises(exceptions.BadRequest):
        size = compute.DisksResizeRequest(size_gb=5)
        clients.disks.resize(**HERE, disk="data", disks_resize_request_resource=size)
    with pytest.raises(exceptions.PreconditionFailed):
        labels = compute.ZoneSetLabelsRequest(labels={"a": "b"}, label_fingerprint="AAAA")
        clients.disks.set_labels(**HERE, resource="data", zone_set_labels_request_resource=labels)
    clients.emulator.permissions.deny("compute.disks.delete")
    with pytest.raises(exceptions.Forbidden):
        clients.disks.delete(**HERE, disk="data")
    clients.emulator.faults.throttle("disks.get", status=429)
    with pytest.raises(exceptions.TooManyRequests):
        clients.disks.get(**HERE, disk="data")


def test_the_client_can_repeat_a_lost_insert(clients: Clients) -> None:
    """With the same request_id the second insert gets the operation of the first."""
    clients.emulator.faults.lose_answer("disks.insert")
    request = compute.InsertDiskRequest(
        **HERE, disk_resource=compute.Disk(name="data"), request_id=str(uuid.UUID(int=7))
    )
    with pytest.raises(Exception, match=r"aborted|closed|disconnected"):
        clients.disks.insert_unary(request)
    clients.disks.insert(request).result()
    assert len(clients.emulator.world.all("disks")) == 1


def test_the_client_builds_a_passthrough_load_balancer(clients: Clients) -> None:
    """Health check, firewall, endpoint group, backend service, address, rule; and health."""
    check = compute.HealthCheck(name="web", type_="TCP", check_interval_sec=10)
    clients.region_health_checks.insert(**THERE, health_check_resource=check).result()
    allowed = compute.Allowed(I_p_protocol="tcp", ports=["80"])
    firewall = compute.Firewall(name="web", allowed=[allowed], source_ranges=["10.0.0.0/8"])
    clients.firewalls.insert(project="acme", firewall_resource=firewall).result()
    clients.instances.insert(**HERE, instance_resource=compute.Instance(name="one")).result()
    group = compute.NetworkEndpointGroup(name="web", network_endpoint_type="GCE_VM_IP")
    groups = clients.network_endpoint_groups
    groups.insert(**HERE, network_endpoint_group_resource=group).result()
    endpoints = compute.NetworkEndpointGroupsAttachEndpointsRequest(
        network_endpoints=[compute.NetworkEndpoint(instance="one")]
    )
    groups.attach_network_endpoints(
        **HERE,
        network_endpoint_group="web",
        network_endpoint_groups_attach_endpoints_request_resource=endpoints,
    ).result()
    group_link = groups.get(**HERE, network_endpoint_group="web").self_link
    service = compute.BackendService(
        name="web",
        load_balancing_scheme="EXTERNAL",
        protocol="TCP",
        backends=[compute.Backend(group=group_link)],
        health_checks=[f"projects/acme/regions/{REGION}/healthChecks/web"],
    )
    services = clients.region_backend_services
    services.insert(**THERE, backend_service_resource=service).result()
    clients.addresses.insert(**THERE, address_resource=compute.Address(name="web")).result()
    rule = compute.ForwardingRule(
        name="web",
        I_p_address="web",
        I_p_protocol="TCP",
        ports=["80"],
        load_balancing_scheme="EXTERNAL",
        backend_service=services.get(**THERE, backend_service="web").self_link,
    )
    clients.forwarding_rules.insert(**THERE, forwarding_rule_resource=rule).result()
    made = clients.forwarding_rules.get(**THERE, forwarding_rule="web")
    address = clients.addresses.get(**THERE, address="web")
    assert (made.I_p_address, address.status) == (address.address, "IN_USE")
    clients.emulator.advance(60)
    reference = compute.ResourceGroupReference(group=group_link)
    health = services.get_health(
        **THERE, backend_service="web", resource_group_reference_resource=reference
    )
    assert [status.health_state for status in health.health_status] == ["HEALTHY"]


def test_the_client_builds_an_http_load_balancer(clients: Clients) -> None:
    """Backend service, URL map, proxy and rule, all global; and patches the service."""
    everywhere = {"project": "acme"}
    service = compute.BackendService(name="web", load_balancing_scheme="EXTERNAL_MANAGED")
    services = clients.backend_services
    services.insert(**everywhere, backend_service_resource=service).result()
    url_map = compute.UrlMap(name="web", default_service="global/backendServices/web")
    clients.url_maps.insert(**everywhere, url_map_resource=url_map).result()
    proxy = compute.TargetHttpProxy(name="web", url_map="global/urlMaps/web")
    proxies = clients.target_http_proxies
    proxies.insert(**everywhere, target_http_proxy_resource=proxy).result()
    rule = compute.ForwardingRule(
        name="web",
        target="global/targetHttpProxies/web",
        port_range="80",
        load_balancing_scheme="EXTERNAL_MANAGED",
    )
    rules = clients.global_forwarding_rules
    rules.insert(**everywhere, forwarding_rule_resource=rule).result()
    assert rules.get(**everywhere, forwarding_rule="web").port_range == "80-80"
    present = services.get(**everywhere, backend_service="web")
    patch = compute.BackendService(timeout_sec=7, fingerprint=present.fingerprint)
    services.patch(**everywhere, backend_service="web", backend_service_resource=patch).result()
    assert services.get(**everywhere, backend_service="web").timeout_sec == 7
