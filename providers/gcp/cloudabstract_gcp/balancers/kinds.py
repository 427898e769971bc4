"""The kinds of parts that a balancer is made of.

    passthrough (l4)   rule -> backend service -> check, endpoint groups <- endpoints
    application (l7)   rule -> proxy -> URL map -> backend services -> the same

and for both an address, which is reserved first and survives whatever else is replaced, and
firewalls. Nearly every field of a forwarding rule is fixed, and two rules cannot have one port of
one address: a rule that changes goes before the new one comes.
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

ADDRESS = Kind(
    "gcp.address",
    fixed=frozenset({"scope", "addressType", "subnetwork"}),
    birth=frozenset({"purpose", "networkTier"}),  # a user's own address may have others
    ending=Effect.ADDRESS,
    summary="A reserved address, kept for a balancer as long as it lives",
)
HEALTH_CHECK = Kind(
    "gcp.health_check",
    fixed=frozenset({"scope", "type"}),
    summary="How backends are checked",
)
FIREWALL = Kind(
    "gcp.firewall",
    uses=(ADDRESS.name,),
    fixed=frozenset({"network"}),
    effects={"sourceRanges": Effect.DRAINS, "allowed": Effect.DRAINS},
    security=frozenset({"sourceRanges", "destinationRanges", "allowed"}),
    summary="Lets Google's probes, or clients, reach the backends",
)
ENDPOINT_GROUP = Kind(
    "gcp.network_endpoint_group",
    fixed=frozenset({"zone", "networkEndpointType", "network", "subnetwork"}),
    summary="The backends of one pool in one zone, as a group",
)
BACKEND_SERVICE = Kind(
    "gcp.backend_service",
    uses=(HEALTH_CHECK.name, ENDPOINT_GROUP.name),
    fixed=frozenset({"scope", "loadBalancingScheme", "protocol", "network"}),
    birth=frozenset({"timeoutSec"}),  # no portable word says it
    effects={"sessionAffinity": Effect.DRAINS},
    summary="How traffic is spread over groups of backends",
)
ENDPOINTS = Kind(
    "gcp.endpoints",
    uses=(ENDPOINT_GROUP.name, BACKEND_SERVICE.name),
    fixed=frozenset({"group"}),
    identity=frozenset({"group"}),
    summary="Who is in a group; a part of its own, so that scaling touches nothing else",
)
URL_MAP = Kind(
    "gcp.url_map",
    uses=(BACKEND_SERVICE.name,),
    fixed=frozenset({"scope"}),
    summary="Which request goes to which backend service, by host and path",
)
HTTP_PROXY = Kind(
    "gcp.target_http_proxy",
    uses=(URL_MAP.name,),
    fixed=frozenset({"scope"}),
    summary="Speaks HTTP with clients",
)
HTTPS_PROXY = Kind(
    "gcp.target_https_proxy",
    uses=(URL_MAP.name,),
    fixed=frozenset({"scope"}),
    security=frozenset({"sslCertificates"}),
    summary="Speaks HTTPS with clients",
)
FORWARDING_RULE = Kind(
    "gcp.forwarding_rule",
    uses=(ADDRESS.name, BACKEND_SERVICE.name, HTTP_PROXY.name, HTTPS_PROXY.name),
    fixed=frozenset(
        {
            *("scope", "loadBalancingScheme", "networkTier", "network", "subnetwork"),
            *("IPAddress", "IPProtocol", "ports", "portRange", "backendService"),
        }
    ),
    exclusive=True,
    effects={"target": Effect.DRAINS},
    ending=Effect.DRAINS,
    security=frozenset({"loadBalancingScheme", "target"}),
    summary="Address and ports of a balancer",
)
KINDS = (
    *(ADDRESS, HEALTH_CHECK, FIREWALL, ENDPOINT_GROUP, BACKEND_SERVICE, ENDPOINTS),
    *(URL_MAP, HTTP_PROXY, HTTPS_PROXY, FORWARDING_RULE),
)
