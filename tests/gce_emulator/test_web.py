"""URL maps, target proxies and certificates."""

from __future__ import annotations

from typing import Any

import pytest

MAPS, PROXIES = "global/urlMaps", "global/targetHttpsProxies"
PEM = {
    "certificate": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
    "privateKey": "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n",
}


@pytest.fixture
def service(api: Any) -> str:
    """A global backend service for HTTP."""
    return str(api.make("global/backendServices", "web"))


def _routed(service: str, **change: Any) -> dict[str, Any]:
    return {
        "defaultService": service,
        "hostRules": [{"hosts": ["shop.example.com"], "pathMatcher": "shop"}],
        "pathMatchers": [
            {
                "name": "shop",
                "defaultService": service,
                "pathRules": [{"paths": ["/api/*"], "service": service}],
            }
        ],
        **change,
    }


def test_a_url_map_holds_its_services(api: Any, service: str) -> None:
    """Wherever a service stands in a map, it must exist and cannot be deleted."""
    api.make(MAPS, "web", **_routed(service))
    refused = api.refusal("DELETE", "global/backendServices/web")
    assert refused == (400, "resourceInUseByAnotherResource")
    gone = _routed(service)
    gone["pathMatchers"][0]["pathRules"][0]["service"] = "global/backendServices/gone"
    assert api.refusal("POST", MAPS, {"name": "other", **gone}) == (404, "notFound")


def test_the_rules_of_a_url_map_fit_together(api: Any, service: str) -> None:
    """Host rules name path matchers that exist, each of which is used; and there is a default."""
    lost = _routed(service, pathMatchers=[])
    assert api.refusal("POST", MAPS, {"name": "web", **lost}) == (400, "invalid")
    unused = _routed(service, hostRules=[])
    assert api.refusal("POST", MAPS, {"name": "web", **unused}) == (400, "invalid")
    assert api.refusal("POST", MAPS, {"name": "web"}) == (400, "required")


def test_a_proxy_needs_a_url_map_and_https_a_certificate(api: Any, service: str) -> None:
    """Missing ones are required, unknown ones not found."""
    api.make(MAPS, "web", defaultService=service)
    assert api.refusal("POST", "global/targetHttpProxies", {"name": "w"}) == (400, "required")
    plain = {"name": "web", "urlMap": f"{MAPS}/web"}
    assert api.refusal("POST", PROXIES, plain) == (400, "required")
    gone = {**plain, "sslCertificates": ["global/sslCertificates/gone"]}
    assert api.refusal("POST", PROXIES, gone) == (404, "notFound")


def test_a_private_key_is_never_shown(api: Any) -> None:
    """Neither by get nor in the world."""
    api.make("global/sslCertificates", "web", **PEM)
    certificate = api.get("global/sslCertificates/web")
    assert certificate["type"] == "SELF_MANAGED"
    assert certificate["certificate"] == PEM["certificate"]
    assert "secret" not in str(certificate)
    assert "secret" not in str(api.emulator.world.all())


def test_a_certificate_is_self_managed_or_names_its_domains(api: Any) -> None:
    """What cannot be a certificate is refused."""
    half = {"name": "web", "certificate": PEM["certificate"]}
    assert api.refusal("POST", "global/sslCertificates", half) == (400, "required")
    text = {"name": "web", "certificate": "x", "privateKey": "y"}
    assert api.refusal("POST", "global/sslCertificates", text) == (400, "invalid")
    managed = {"type": "MANAGED", "managed": {"domains": ["shop.example.com"]}}
    api.make("global/sslCertificates", "managed", **managed)
    shown = api.get("global/sslCertificates/managed")["managed"]
    assert shown["status"] == "PROVISIONING"


def test_a_proxy_takes_new_maps_and_certificates(api: Any, service: str) -> None:
    """setUrlMap and setSslCertificates replace them, and free the old ones."""
    for name in ("old", "new"):
        api.make(MAPS, name, defaultService=service)
        api.make("global/sslCertificates", name, **PEM)
    certificates = ["global/sslCertificates/old"]
    api.make(PROXIES, "web", urlMap=f"{MAPS}/old", sslCertificates=certificates)
    newer = {"sslCertificates": ["global/sslCertificates/new"]}
    api.done("POST", f"{PROXIES.replace('global/', '')}/web/setSslCertificates", newer)
    path = f"{PROXIES.replace('global/', '')}/web/setUrlMap"
    api.done("POST", path, {"urlMap": f"{MAPS}/new"})
    proxy = api.get(f"{PROXIES}/web")
    assert proxy["urlMap"].endswith("/new")
    assert [link.rsplit("/", 1)[-1] for link in proxy["sslCertificates"]] == ["new"]
    assert api.call("DELETE", f"{MAPS}/old")[0] == 200
    assert api.call("DELETE", "global/sslCertificates/old")[0] == 200


def test_regional_web_resources_are_emulated_too(api: Any) -> None:
    """The whole chain in one region."""
    region = "regions/us-central1"
    fields = {"loadBalancingScheme": "EXTERNAL_MANAGED", "protocol": "HTTP"}
    service = api.make(f"{region}/backendServices", "web", **fields)
    url_map = api.make(f"{region}/urlMaps", "web", defaultService=service)
    certificate = api.make(f"{region}/sslCertificates", "web", **PEM)
    secure = {"urlMap": url_map, "sslCertificates": [certificate]}
    targets = [
        api.make(f"{region}/targetHttpProxies", "web", urlMap=url_map),
        api.make(f"{region}/targetHttpsProxies", "web", **secure),
    ]
    for number, target in enumerate(targets):
        rule = {"target": target, "portRange": "443", "loadBalancingScheme": "EXTERNAL_MANAGED"}
        api.make(f"{region}/forwardingRules", f"web-{number}", **rule)
    assert len(api.get(f"{region}/forwardingRules")["items"]) == 2
