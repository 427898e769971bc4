"""`gcp.target_http_proxy` and `gcp.target_https_proxy`: changed by verbs of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Json
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_CERTIFICATES = "TargetHttpsProxiesSetSslCertificatesRequest"


class HttpProxyDriver(ObjectDriver):
    """Its URL map is all that it knows."""

    kind = "gcp.target_http_proxy"
    collection = surface.HTTP_PROXIES

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {"urlMap": fields["urlMap"]}

    def fields(self, told: Json) -> dict[str, Any]:
        return {
            "scope": "region" if "region" in told else "global",
            "urlMap": places.relative(told.get("urlMap", "")),
        }

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        return self._compute.write("set_url_map", at, Body("UrlMapReference", self.body(fields)))


class HttpsProxyDriver(HttpProxyDriver):
    """A URL map and certificates, the first of which is the default."""

    kind = "gcp.target_https_proxy"
    collection = surface.HTTPS_PROXIES

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {**super().body(fields), "sslCertificates": fields["sslCertificates"]}

    def fields(self, told: Json) -> dict[str, Any]:
        certificates = [places.relative(each) for each in told.get("sslCertificates", ())]
        return {**super().fields(told), "sslCertificates": certificates}

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """One verb for each; the first waits on Google's side if both are needed."""
        before = self.fields(told)
        if fields["sslCertificates"] == before["sslCertificates"]:
            body = Body("UrlMapReference", {"urlMap": fields["urlMap"]})
            return self._compute.write("set_url_map", at, body)
        prefix = "Region" if at.scope.level == "region" else ""
        content = {"sslCertificates": fields["sslCertificates"]}
        body = Body(f"{prefix}{_CERTIFICATES}", content)
        operation = self._compute.write("set_ssl_certificates", at, body)
        if fields["urlMap"] == before["urlMap"]:
            return operation
        self._unfinished.finish(operation)
        return self.change(at, {**told, "sslCertificates": fields["sslCertificates"]}, fields)
