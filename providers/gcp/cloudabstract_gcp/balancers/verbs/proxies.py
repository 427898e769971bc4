"""`gcp.target_http_proxy` and `gcp.target_https_proxy`: changed by verbs of their own.

What was written on a proxy at birth stays. So the owner of one that changed hands is noted in the
description of its URL map, under the proxy's link; the note goes before what the proxy says itself,
and moves along when the proxy gets another map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Found
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.descriptions import Description, owner_of
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.marking import NotingDriver
from cloudabstract_gcp.operations import Operation, Unfinished
from cloudabstract_gcp.selection import Marked
from cloudabstract_gcp.surface import Location

_CERTIFICATES = "TargetHttpsProxiesSetSslCertificatesRequest"
_URL_MAP = "gcp.url_map"


class HttpProxyDriver(NotingDriver):
    """Its URL map is all that it knows."""

    kind = "gcp.target_http_proxy"
    collection = surface.HTTP_PROXIES

    def __init__(self, compute: Compute, unfinished: Unfinished) -> None:
        super().__init__(compute, unfinished)
        self._marked: set[str] = set()  # those that this session marked, since it saw their maps

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {"urlMap": fields["urlMap"]}

    def fields(self, told: Json) -> dict[str, Any]:
        return {
            "scope": "region" if "region" in told else "global",
            "urlMap": places.relative(told.get("urlMap", "")),
        }

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        self._carry(at, places.relative(told.get("urlMap", "")), fields["urlMap"])
        body = Body("UrlMapReference", {"urlMap": fields["urlMap"]})
        return self._compute.write("set_url_map", at, body)

    def asked(self, batch: Batch) -> tuple[Batch, Marked]:
        """With those whose note alone says that they are ours."""
        maps = {each.fields["link"]: _said(each.raw) for each in batch.used.get(_URL_MAP, ())}

        def marked(told: Json) -> tuple[dict[str, str], str]:
            own, link = self.marked(told), places.relative(told.get("urlMap", ""))
            proxy = places.relative(told["selfLink"])
            if (own[0] and link not in maps) or proxy in self._marked:  # it may have been let go of
                maps[link] = self._read(link)
            note = maps.get(link, Description()).notes.get(proxy)
            return own if note is None else owner_of(note)

        notes = {link: note for said in maps.values() for link, note in said.notes.items()}
        mine = {
            places.name_of(link)
            for link, note in notes.items()
            if f"/{self.collection.name}/" in link and batch.takes(owner_of(note)[0])
        }
        return replace(batch, names=batch.names | mine), marked

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        self._marked.add(found.fields["link"])
        return super().mark(found, labels)

    def noting(self, told: Json) -> Iterable[Location]:
        yield Location.of(surface.URL_MAPS, places.relative(told["urlMap"]))

    def _read(self, link: str) -> Description:
        try:
            return _said(self._compute.get(Location.of(surface.URL_MAPS, link)))
        except CallFailed as failed:
            if failed.missing:
                return Description()
            raise

    def _carry(self, at: Location, before: str, after: str) -> None:
        """Take the note about the proxy at `at` from one map along to another."""
        link = at.link(self._compute.project)
        note = self._read(before).notes.get(link) if before != after else None
        if note is not None:
            self.note(Location.of(surface.URL_MAPS, after), link, note)


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
            return super().change(at, told, fields)
        prefix = "Region" if at.scope.level == "region" else ""
        content = {"sslCertificates": fields["sslCertificates"]}
        body = Body(f"{prefix}{_CERTIFICATES}", content)
        operation = self._compute.write("set_ssl_certificates", at, body)
        if fields["urlMap"] == before["urlMap"]:
            return operation
        self._unfinished.finish(operation)
        return self.change(at, {**told, "sslCertificates": fields["sslCertificates"]}, fields)


def _said(told: Json) -> Description:
    return Description.read(str(told.get("description", "")))
