"""Zonal network endpoint groups: endpoints on instances, or in a network outside Google's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import addressing, errors, health, listing, references
from cloudabstract.testing.gce.families.instance_groups import usable
from cloudabstract.testing.gce.family import Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_TYPES = ("GCE_VM_IP", "GCE_VM_IP_PORT", "NON_GCP_PRIVATE_IP_PORT")
_INSTANCE = Ref("networkEndpoints[].instance", ("instances",))
_MOST = 500  # endpoints in one call
_IDENTITY = ("instance", "ipAddress", "port")


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    kind = fields.setdefault("networkEndpointType", "GCE_VM_IP_PORT")
    if kind not in _TYPES:
        raise errors.not_emulated(f"networkEndpointGroups of type {kind}")
    if kind == "GCE_VM_IP" and "defaultPort" in fields:
        raise errors.invalid("resource.defaultPort", fields["defaultPort"], "Must not be set.")
    fields.setdefault("network", addressing.default_network(call.project).link)


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Endpoints on instances lie in a subnetwork; the network's own is taken by default."""
    if fields["networkEndpointType"] == "NON_GCP_PRIVATE_IP_PORT" or "subnetwork" in fields:
        return
    region, network = call.scope.region, fields["network"]
    found = addressing.default_subnetwork(cloud, call.project, region, network)
    if found:
        fields["subnetwork"] = found.key.link


def _view(cloud: Cloud, record: Record) -> Fields:
    return {"size": len(record.members)}


def attach(cloud: Cloud, call: Call) -> Change:
    """Endpoints that are attached already stay as they are."""
    group = usable(cloud, call)
    wanted = _endpoints(cloud, call, group)

    def finish() -> None:
        known, now = [_identity(member) for member in group.members], cloud.time.now()
        for endpoint in wanted:
            if _identity(endpoint) not in known:
                group.members.append({**endpoint, "joined": now})
        cloud.records.touch()

    return Change(group, finish, exclusive=False)


def detach(cloud: Cloud, call: Call) -> Change:
    """Endpoints that are not attached are an error."""
    group = usable(cloud, call)
    leaving = [_identity(endpoint) for endpoint in _endpoints(cloud, call, group)]
    known = [_identity(member) for member in group.members]
    for number, endpoint in enumerate(leaving):
        if endpoint not in known:
            field = f"resource.networkEndpoints[{number}]"
            raise errors.invalid(field, endpoint, "The endpoint is not in the group.")

    def finish() -> None:
        group.members = [m for m in group.members if _identity(m) not in leaving]
        cloud.records.touch()

    return Change(group, finish, exclusive=False)


def _endpoints(cloud: Cloud, call: Call, group: Record) -> list[Fields]:
    listed = call.body.get("networkEndpoints", [])
    if not listed:
        raise errors.required("resource.networkEndpoints")
    if len(listed) > _MOST:
        raise errors.invalid("resource.networkEndpoints", len(listed), f"At most {_MOST}.")
    return [
        _endpoint(cloud, group, endpoint, f"resource.networkEndpoints[{number}]")
        for number, endpoint in enumerate(listed)
    ]


def _endpoint(cloud: Cloud, group: Record, given: Fields, at: str) -> Fields:
    kind = group.fields["networkEndpointType"]
    endpoint = {name: given[name] for name in (*_IDENTITY, "annotations") if name in given}
    if kind == "GCE_VM_IP":
        if "port" in endpoint:
            raise errors.invalid(f"{at}.port", endpoint["port"], "Must not be set.")
    else:
        endpoint.setdefault("port", group.fields.get("defaultPort"))
        if not endpoint["port"]:
            raise errors.required(f"{at}.port")
    if kind == "NON_GCP_PRIVATE_IP_PORT":
        return _outside(endpoint, at)
    return _on_instance(cloud, group, endpoint, at)


def _outside(endpoint: Fields, at: str) -> Fields:
    if "instance" in endpoint:
        raise errors.invalid(f"{at}.instance", endpoint["instance"], "Must not be set.")
    if "ipAddress" not in endpoint:
        raise errors.required(f"{at}.ipAddress")
    return endpoint


def _on_instance(cloud: Cloud, group: Record, endpoint: Fields, at: str) -> Fields:
    if "instance" not in endpoint:
        raise errors.required(f"{at}.instance")
    field = f"{at}.instance"
    key = references.target(cloud, endpoint["instance"], group.key, _INSTANCE, field)
    if key.scope != group.key.scope:
        raise errors.invalid(field, key.path, "The instance is in another zone.")
    interfaces = cloud.records.get(key).fields["networkInterfaces"]
    addresses = [i["networkIP"] for i in interfaces if i["network"] == group.fields["network"]]
    endpoint["instance"] = key.link
    given = endpoint.setdefault("ipAddress", addresses[0] if addresses else "")
    if given not in addresses:
        detail = (
            f"Specified IP address {given} doesn't belong to the (sub)network "
            f"{group.fields['network'].rsplit('/', 1)[-1]} or to the instance {key.name}."
        )
        raise errors.invalid("resource.ipAddress", given, detail)
    return endpoint


def _identity(endpoint: Fields) -> tuple[Any, ...]:
    return tuple(endpoint.get(name) for name in _IDENTITY)


def list_endpoints(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Instances are told by their bare names."""
    group, items = cloud.records.get(call.key), []
    for number, member in enumerate(group.members):
        endpoint = {k: v for k, v in member.items() if k in (*_IDENTITY, "annotations")}
        if "instance" in endpoint:
            endpoint["instance"] = endpoint["instance"].rsplit("/", 1)[-1]
        item: Fields = {"networkEndpoint": endpoint}
        if call.body.get("healthStatus") == "SHOW":
            item["healths"] = health.of_endpoint(cloud, group, member)
        items.append((f"{number:06}", item))
    return listing.page_of(cloud, call, items, call.method.response)


ENDPOINT_GROUPS = Family(
    collection="networkEndpointGroups",
    schema="NetworkEndpointGroup",
    noun="network_endpoint_group",
    refs=(Ref("network", ("networks",)), Ref("subnetwork", ("subnetworks",))),
    defaults=_defaults,
    allocate=_allocate,
    view=_view,
    quota=counted("NETWORK_ENDPOINT_GROUPS"),
    verbs={
        "attachNetworkEndpoints": attach,
        "detachNetworkEndpoints": detach,
        "listNetworkEndpoints": list_endpoints,
    },
)
