"""What of a target's settings cannot work, said when the target is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from cloudabstract.errors import Problem

from .settings import GcpSettings

_PROJECT = re.compile(r"([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{2,}[a-z0-9]")
_REGION = re.compile(r"[a-z]+-[a-z]+[0-9]+")
_NAME = r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"
_NETWORK = re.compile(rf"(projects/[^/]+/global/networks/)?{_NAME}")
_SUBNETWORK = re.compile(rf"(projects/[^/]+/regions/[^/]+/subnetworks/)?{_NAME}")
CERTIFICATE = re.compile(rf"(projects/[^/]+/(global|regions/[^/]+)/sslCertificates/)?{_NAME}")


def problems(settings: GcpSettings) -> Iterator[Problem]:
    """Every setting that has not the form Google gives such things."""
    shapes = (
        ("project", settings.project, _PROJECT, "acme-prod"),
        ("region", settings.region, _REGION, "europe-west1"),
        ("network", settings.network, _NETWORK, "default"),
        ("subnetwork", settings.subnetwork, _SUBNETWORK, "default"),
    )
    for name, value, shape, example in shapes:
        if value == "":
            yield Problem(f"is needed, e.g. {example}", field=name)
        elif value is not None and shape.fullmatch(value) is None:
            yield Problem(f"{value!r} does not look like {example}", field=name)
    for index, name in enumerate(settings.regions):
        if _REGION.fullmatch(name) is None:
            yield Problem(f"{name!r} does not look like europe-west1", field=f"regions[{index}]")
    for index, zone in enumerate(settings.zones):
        if not zone.startswith(f"{settings.region}-"):
            text = f"{zone!r} is no zone of region {settings.region!r}"
            yield Problem(text, field=f"zones[{index}]")
    for name, value in settings.certificates.items():
        if CERTIFICATE.fullmatch(value) is None:
            text = f"{value!r} is neither the name nor the path of an SSL certificate"
            yield Problem(text, field=f"certificates.{name}")
    yield from _endpoint(settings.endpoint)


def is_loopback(endpoint: str | None) -> bool:
    """Whether `endpoint` is on this machine: then there are no credentials to be lost."""
    host = urlsplit(endpoint or "").hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _endpoint(endpoint: str | None) -> Iterator[Problem]:
    if endpoint is None:
        return
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield Problem(f"{endpoint!r} does not look like http://127.0.0.1:8080", field="endpoint")
    elif parts.scheme == "http" and not is_loopback(endpoint):
        text = "http would send credentials in the clear: use https, or an emulator on loopback"
        yield Problem(text, field="endpoint")
