"""What provider gcp answers without a project: objections and parts of volumes, fields of specs."""

from __future__ import annotations

from cloudabstract.model import Resource, traits
from cloudabstract.provider import Facts, Severity
from cloudabstract_gcp import volumes

from .harness import GcpHarness

_ZONES = {"us-central1": ["us-central1-a", "us-central1-b"]}


def objections(resource: Resource) -> set[tuple[str, str, Severity]]:
    """(code, field, severity) of each. Fails the test when a rejection names no way out."""
    told = list(volumes.check(resource, GcpHarness.settings()))
    assert all(each.alternative or each.severity is not Severity.REJECT for each in told)
    return {(each.code, each.field, each.severity) for each in told}


def parts(resource: Resource, *others: Resource) -> list[str]:
    """The parts of `resource` in a spec that has `others` as well."""
    known = {each.key: each for each in (resource, *others)}
    facts = Facts(("us-central1",), (), {"zones": _ZONES}, known)
    return [repr(each) for each in volumes.expand(resource, facts, GcpHarness.settings())]


def leaves(spec: type) -> set[str]:
    """The paths of fields that have no fields of their own."""
    paths = set(traits.field_traits(spec))
    inner = {path for path in paths for it in paths if it.startswith((f"{path}.", f"{path}["))}
    return paths - inner
