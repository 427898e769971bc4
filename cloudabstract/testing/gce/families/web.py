"""The parts of HTTP load balancers: URL maps, target proxies and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, guards, references, verbs
from cloudabstract.testing.gce.family import Family, Ref, Verb, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_SERVICES = ("backendServices",)
_WEIGHTED = "weightedBackendServices[].backendService"
_SERVICE_FIELDS = (
    "defaultService",
    f"defaultRouteAction.{_WEIGHTED}",
    "pathMatchers[].defaultService",
    f"pathMatchers[].defaultRouteAction.{_WEIGHTED}",
    "pathMatchers[].pathRules[].service",
    f"pathMatchers[].pathRules[].routeAction.{_WEIGHTED}",
    "pathMatchers[].routeRules[].service",
    f"pathMatchers[].routeRules[].routeAction.{_WEIGHTED}",
)
_MOST_CERTIFICATES = 15


def _url_map(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Every host rule has its path matcher, and every map somewhere to send what matches none."""
    ways = ("defaultService", "defaultRouteAction", "defaultUrlRedirect")
    if not any(fields.get(name) for name in ways):
        raise errors.required("resource.defaultService")
    matchers = [matcher.get("name") for matcher in fields.get("pathMatchers", ())]
    for number, name in enumerate(matchers):
        if matchers.count(name) > 1:
            raise errors.invalid(f"resource.pathMatchers[{number}].name", name, "Given twice.")
    named = {rule.get("pathMatcher") for rule in fields.get("hostRules", ())}
    for number, rule in enumerate(fields.get("hostRules", ())):
        if rule.get("pathMatcher") not in matchers:
            field = f"resource.hostRules[{number}].pathMatcher"
            raise errors.invalid(field, rule.get("pathMatcher"), "No such path matcher.")
    for number, name in enumerate(matchers):
        if name not in named:
            raise errors.invalid(f"resource.pathMatchers[{number}].name", name, "Never used.")


def _proxy(cloud: Cloud, call: Call, fields: Fields) -> None:
    if not fields.get("urlMap"):
        raise errors.required("resource.urlMap")


def _https_proxy(cloud: Cloud, call: Call, fields: Fields) -> None:
    _proxy(cloud, call, fields)
    fields.setdefault("quicOverride", "NONE")
    certificates = fields.get("sslCertificates", [])
    if not certificates and not fields.get("certificateMap"):
        raise errors.required("resource.sslCertificates")
    if len(certificates) > _MOST_CERTIFICATES:
        detail = f"At most {_MOST_CERTIFICATES} certificates."
        raise errors.invalid("resource.sslCertificates", len(certificates), detail)


def service_behind(cloud: Cloud, proxy: str) -> Record | None:
    """The default backend service that a target proxy (a link) leads to, or None."""
    url_map = references.record_at(cloud, references.record_at(cloud, proxy).fields["urlMap"])
    service = url_map.fields.get("defaultService")
    return references.record_at(cloud, service) if service else None


def _set(*names: str) -> Verb:
    """A verb that sets fields of a proxy, without a fingerprint."""

    def change(cloud: Cloud, call: Call) -> Change:
        record = guards.changeable(cloud, call)
        fields = {**record.fields, **{name: call.body.get(name) for name in names}}
        return verbs.replaced(cloud, call, record, fields)

    return change


def _certificate(cloud: Cloud, call: Call, fields: Fields) -> None:
    """A managed certificate names domains, a self-managed one brings its own text."""
    if fields.setdefault("type", "MANAGED" if "managed" in fields else "SELF_MANAGED") == "MANAGED":
        if not fields.get("managed", {}).get("domains"):
            raise errors.required("resource.managed.domains")
        return
    fields.update(fields.get("selfManaged", {}))
    for name, word in (("certificate", "CERTIFICATE"), ("privateKey", "PRIVATE KEY")):
        if not fields.get(name):
            raise errors.required(f"resource.{name}")
        if f"{word}-----" not in fields[name]:
            raise errors.invalid(f"resource.{name}", "...", "It could not be parsed.")


def _forget_key(cloud: Cloud, call: Call, fields: Fields) -> None:
    """The private key is taken in and never shown."""
    fields.pop("privateKey", None)
    fields.pop("selfManaged", None)


def _certificate_view(cloud: Cloud, record: Record) -> Fields:
    if record.fields["type"] != "MANAGED":
        return {"selfManaged": {"certificate": record.fields["certificate"]}}
    domains = record.fields["managed"]["domains"]
    status = dict.fromkeys(domains, "PROVISIONING")
    return {"managed": {"domains": domains, "status": "PROVISIONING", "domainStatus": status}}


URL_MAPS = Family(
    collection="urlMaps",
    schema="UrlMap",
    noun="url_map",
    refs=tuple(Ref(path, _SERVICES) for path in _SERVICE_FIELDS),
    fingerprint="required",
    defaults=_url_map,
    quota=counted("URL_MAPS"),
)
HTTP_PROXIES = Family(
    collection="targetHttpProxies",
    schema="TargetHttpProxy",
    noun="target_http_proxy",
    refs=(Ref("urlMap", ("urlMaps",)),),
    fingerprint="required",
    defaults=_proxy,
    quota=counted("TARGET_HTTP_PROXIES"),
    verbs={"setUrlMap": _set("urlMap")},
)
HTTPS_PROXIES = Family(
    collection="targetHttpsProxies",
    schema="TargetHttpsProxy",
    noun="target_https_proxy",
    refs=(Ref("urlMap", ("urlMaps",)), Ref("sslCertificates[]", ("sslCertificates",))),
    fingerprint="required",
    defaults=_https_proxy,
    quota=counted("TARGET_HTTPS_PROXIES"),
    verbs={"setUrlMap": _set("urlMap"), "setSslCertificates": _set("sslCertificates")},
)
CERTIFICATES = Family(
    collection="sslCertificates",
    schema="SslCertificate",
    noun="ssl_certificate",
    defaults=_certificate,
    allocate=_forget_key,
    view=_certificate_view,
    quota=counted("SSL_CERTIFICATES"),
)
