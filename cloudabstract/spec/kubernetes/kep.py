"""KEP-6128: a LoadBalancer says how the balancer of a Service is to be.

It belongs to the Service of its name, or of its serviceRef. Each of its fields goes before the
Service's; the balancer is still the Service's resource, so that there is one of them.
"""

from __future__ import annotations

from typing import Any

from cloudabstract.model import parse_duration

from .. import paths
from ..document import Document
from .addresses import network
from .drafts import Draft
from .lookup import at, mapping, text, texts, whole
from .remarks import BALANCER, note


def overlay(made: Draft, balancer: Document) -> None:
    """Let the fields of `balancer` replace those of the draft, and tell which they were."""
    spec = mapping(balancer.raw, "spec")
    before = {**made.spec}
    if text(spec, "routability"):
        made.spec["routability"] = spec["routability"]
    if texts(spec, "ipAddressAllocations"):
        made.spec["addressRefs"] = texts(spec, "ipAddressAllocations")
    if isinstance(at(spec, "sourceRanges"), list):
        made.spec["sourceRanges"] = list(
            dict.fromkeys(filter(None, map(network, texts(spec, "sourceRanges"))))
        )
    if text(spec, "sessionAffinity", "type"):
        _affinity(made, mapping(spec, "sessionAffinity"))
    check = _check(mapping(spec, "healthCheck"))
    if check:
        made.spec["healthCheck"] = check
    for key, value in before.items():
        if made.spec.get(key) != value:
            message = f"LoadBalancer/{balancer.name} says otherwise, and goes before this"
            path = paths.parse(made.fields.get(f"spec.{key}", f"spec.{key}"))
            made.remarks.append(note(BALANCER, path, message))


def _affinity(made: Draft, written: dict[str, Any]) -> None:
    made.spec["sessionAffinity"] = written["type"]
    made.spec.pop("sessionAffinityConfig", None)
    seconds = whole(written, "config", "clientIP", "timeoutSeconds")
    if seconds and written["type"] == "ClientIP":
        made.spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": seconds}}


def _check(written: dict[str, Any]) -> dict[str, Any]:
    check = {key: value for key, value in written.items() if value is not None}
    if "interval" in check:
        try:
            check["interval"] = f"{parse_duration(str(check['interval']))}s"
        except ValueError:
            del check["interval"]
    return check
