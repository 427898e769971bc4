"""A pool as Envoy's cluster, and its members as Envoy's load assignment. Pure.

Settings that look odd, and why they are here:
- panic threshold 0: Envoy would otherwise send traffic to dead backends once most are dead;
- `ignore_health_on_host_removal`: else a removed backend keeps its traffic until its check fails;
- `no_traffic_interval`: else an idle cluster is checked once a minute, whatever `interval` says;
- `retriable_statuses`: else one bad HTTP answer takes a backend out, whatever the threshold says;
- circuit breakers: their small defaults would turn a burst of retries into errors.
"""

from __future__ import annotations

from .nouns import Check, Json, Member, Pool

TYPE = "type.googleapis.com/envoy."
_PLENTY = 1_000_000
_CHECK_ONLY = {"for": "checks"}  # marks a transport socket that traffic does not use


def file_source(path: str) -> Json:
    """A config source: a file that Envoy watches. It must be replaced by renaming."""
    return {"path_config_source": {"path": f"./{path}"}, "resource_api_version": "V3"}


def cluster(pool: Pool) -> Json:
    """The cluster, whose members come from a file of their own, so that scaling touches only it."""
    made: Json = {
        "@type": f"{TYPE}config.cluster.v3.Cluster",
        "name": pool.name,
        "type": "EDS",
        "eds_cluster_config": {"eds_config": file_source(f"eds/{pool.name}.json")},
        "connect_timeout": "3s",
        "lb_policy": "MAGLEV" if pool.by_source else "ROUND_ROBIN",
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
        "ignore_health_on_host_removal": True,
        "circuit_breakers": {"thresholds": [_unlimited("DEFAULT"), _unlimited("HIGH")]},
    }
    made.update(_transport(pool))
    if pool.upstream == "http2":
        made["typed_extension_protocol_options"] = _http2()
    if pool.check is not None:
        made["health_checks"] = [_health_check(pool, pool.check)]
    return made


def load_assignment(pool: Pool) -> Json:
    """The members of a pool, each with the port at which its health is checked."""
    return {
        "@type": f"{TYPE}config.endpoint.v3.ClusterLoadAssignment",
        "cluster_name": pool.name,
        "endpoints": [{"lb_endpoints": [_endpoint(each, pool.check) for each in pool.members]}],
    }


def _endpoint(member: Member, check: Check | None) -> Json:
    endpoint: Json = {"address": socket_address(member.address, member.port)}
    if check is not None:
        endpoint["health_check_config"] = {"hostname": _host(member.address)}
        if check.port:
            endpoint["health_check_config"]["port_value"] = check.port
    made: Json = {"endpoint": endpoint, "load_balancing_weight": member.weight or 1}
    if member.weight == 0:
        made["health_status"] = "DRAINING"  # Envoy has no weight 0
    return made


def socket_address(address: str, port: int, protocol: str = "TCP") -> Json:
    """An address and port in Envoy's words."""
    return {"socket_address": {"address": address, "port_value": port, "protocol": protocol}}


def _health_check(pool: Pool, check: Check) -> Json:
    interval = f"{check.interval}s"
    made: Json = {
        "interval": interval,
        "no_traffic_interval": interval,
        "timeout": f"{check.timeout}s",
        "healthy_threshold": check.healthy_threshold,
        "unhealthy_threshold": check.unhealthy_threshold,
    }
    if _checked_otherwise(pool):
        made["transport_socket_match_criteria"] = _CHECK_ONLY
    if check.protocol == "TCP":
        return {**made, "tcp_health_check": {}}
    made["http_health_check"] = {
        "path": check.path,
        "expected_statuses": [{"start": 200, "end": 201}],
        "retriable_statuses": [{"start": 100, "end": 600}],
        "codec_client_type": "HTTP2" if pool.upstream == "http2" else "HTTP1",
    }
    return made


def _transport(pool: Pool) -> Json:
    """How backends are connected to; and the other way, where checks need one."""
    plain = _proxied(_raw()) if pool.proxy_protocol else _raw()
    usual, other = (_tls(), plain) if pool.upstream == "tls" else (plain, _tls())
    made: Json = {"transport_socket": usual}
    if _checked_otherwise(pool):
        match = {"name": "checks", "match": _CHECK_ONLY, "transport_socket": other}
        made["transport_socket_matches"] = [match]
    return made


def _checked_otherwise(pool: Pool) -> bool:
    """Whether checks are encrypted and traffic is not, or the other way round."""
    return pool.check is not None and (pool.check.protocol == "HTTPS") != (pool.upstream == "tls")


def _raw() -> Json:
    return {
        "name": "envoy.transport_sockets.raw_buffer",
        "typed_config": {"@type": f"{TYPE}extensions.transport_sockets.raw_buffer.v3.RawBuffer"},
    }


def _tls() -> Json:
    """Encrypted, the backend's certificate not verified: as balancers of the clouds do it."""
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{TYPE}extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            "common_tls_context": {"tls_params": {"tls_minimum_protocol_version": "TLSv1_2"}},
        },
    }


def _proxied(inner: Json) -> Json:
    return {
        "name": "envoy.transport_sockets.upstream_proxy_protocol",
        "typed_config": {
            "@type": (
                f"{TYPE}extensions.transport_sockets.proxy_protocol.v3"
                ".ProxyProtocolUpstreamTransport"
            ),
            "config": {"version": "V2"},
            "transport_socket": inner,
        },
    }


def _http2() -> Json:
    options = f"{TYPE}extensions.upstreams.http.v3.HttpProtocolOptions"
    return {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": options,
            "explicit_http_config": {"http2_protocol_options": {}},
        }
    }


def _unlimited(priority: str) -> Json:
    limits = ("max_connections", "max_pending_requests", "max_requests", "max_retries")
    return {"priority": priority, **dict.fromkeys(limits, _PLENTY)}


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
