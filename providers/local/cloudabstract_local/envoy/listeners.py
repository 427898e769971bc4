"""A frontend as Envoy's listener. Pure.

Who may connect is decided by matching the filter chain, before a byte is read: whoever matches none
is closed at once, so that not even a backend's greeting gets out. Without `enable_reuse_port` a
second Envoy cannot take the same TCP port in silence; UDP needs it with several workers, and is
looked after by ports.py.
"""

from __future__ import annotations

import ipaddress

from .clusters import TYPE, file_source, socket_address
from .nouns import Frontend, Json

_NETWORK = f"{TYPE}extensions.filters.network"


def listener(frontend: Frontend) -> Json:
    """The listener of `frontend`."""
    protocol = "UDP" if frontend.udp else "TCP"
    made: Json = {
        "@type": f"{TYPE}config.listener.v3.Listener",
        "name": frontend.name,
        "address": socket_address(frontend.address, frontend.port, protocol),
        "enable_reuse_port": frontend.udp,
    }
    if frontend.udp:
        return {**made, **_udp(frontend)}
    return {**made, "filter_chains": [_filter_chain(frontend)]}


def _filter_chain(frontend: Frontend) -> Json:
    filters = [_http(frontend) if frontend.http else _tcp(frontend)]
    made: Json = {"name": "traffic", "filters": filters}
    if frontend.sources:
        ranges = [_range(each) for each in frontend.sources]
        made["filter_chain_match"] = {"source_prefix_ranges": ranges}
    if frontend.certificates:
        made["transport_socket"] = _tls(frontend)
    return made


def _tcp(frontend: Frontend) -> Json:
    config: Json = {
        "@type": f"{_NETWORK}.tcp_proxy.v3.TcpProxy",
        "stat_prefix": frontend.name,
        "cluster": frontend.pool,
        "max_connect_attempts": 4,
        "idle_timeout": "3600s",
    }
    if frontend.by_source:
        config["hash_policy"] = [{"source_ip": {}}]
    return {"name": "envoy.filters.network.tcp_proxy", "typed_config": config}


def _http(frontend: Frontend) -> Json:
    config = {
        "@type": f"{_NETWORK}.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": frontend.name,
        "codec_type": "AUTO",
        "rds": {
            "route_config_name": frontend.name,
            "config_source": file_source(f"rds/{frontend.name}.json"),
        },
        "use_remote_address": True,  # X-Forwarded-For gets the client's address appended
        "normalize_path": True,
        "generate_request_id": False,
        "server_header_transformation": "PASS_THROUGH",
        "stream_idle_timeout": "3600s",
        "http_protocol_options": {
            "accept_http_10": True,
            "default_host_for_http_10": "localhost",
        },
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {
                    "@type": f"{TYPE}extensions.filters.http.router.v3.Router",
                    "suppress_envoy_headers": True,
                },
            }
        ],
    }
    return {"name": "envoy.filters.network.http_connection_manager", "typed_config": config}


def _tls(frontend: Frontend) -> Json:
    common: Json = {
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
        "tls_certificate_sds_secret_configs": [
            {"name": name, "sds_config": file_source(f"sds/{name}.json")}
            for name in frontend.certificates
        ],
    }
    if frontend.http:
        common["alpn_protocols"] = ["h2", "http/1.1"]
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{TYPE}extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": common,
        },
    }


def _udp(frontend: Frontend) -> Json:
    """A UDP proxy; it has no filter chains, so sources are matched where the pool is chosen."""
    config: Json = {
        "@type": f"{TYPE}extensions.filters.udp.udp_proxy.v3.UdpProxyConfig",
        "stat_prefix": frontend.name,
        "matcher": _udp_matcher(frontend),
        "idle_timeout": "60s",
    }
    if frontend.by_source:
        config["hash_policies"] = [{"source_ip": True}]
    proxy = {"name": "envoy.filters.udp_listener.udp_proxy", "typed_config": config}
    return {"udp_listener_config": {"downstream_socket_config": {}}, "listener_filters": [proxy]}


def _udp_matcher(frontend: Frontend) -> Json:
    action = {
        "action": {
            "name": "route",
            "typed_config": {
                "@type": f"{TYPE}extensions.filters.udp.udp_proxy.v3.Route",
                "cluster": frontend.pool,
            },
        }
    }
    if not frontend.sources:
        return {"on_no_match": action}
    allowed = {"ranges": [_range(each) for each in frontend.sources], "on_match": action}
    source = f"{TYPE}extensions.matching.common_inputs.network.v3.SourceIPInput"
    return {
        "matcher_tree": {
            "input": {"name": "source", "typed_config": {"@type": source}},
            "custom_match": {
                "name": "ranges",
                "typed_config": {
                    "@type": "type.googleapis.com/xds.type.matcher.v3.IPMatcher",
                    "range_matchers": [allowed],
                },
            },
        }
    }


def _range(cidr: str) -> Json:
    network = ipaddress.ip_network(cidr, strict=False)
    return {"address_prefix": str(network.network_address), "prefix_len": network.prefixlen}
