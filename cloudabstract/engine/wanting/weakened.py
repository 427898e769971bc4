"""What manifests asked for in vain, as objections: told by every plan, and by the status. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cloudabstract.model import Resource
from cloudabstract.model.annotations import DEGRADED
from cloudabstract.model.weakness import weaknesses
from cloudabstract.provider import Objection, Severity

_REASONS = {"LB000": "ClusterOnly", "LB016": "RoutesSimplified", "LB018": "NoBackends"}
_REASON = "NotPortable"  # no portable field says it


def objections(resources: Iterable[Resource]) -> Iterator[Objection]:
    """What is noted on each resource. Notes that nobody can read say nothing."""
    for resource in resources:
        if DEGRADED not in resource.metadata.annotations:
            continue
        try:
            noted = weaknesses(resource.metadata)
        except ValueError:
            continue
        for each in noted:
            yield Objection(
                each.code,
                each.field,
                each.message,
                each.remedy,
                Severity.DEGRADE,
                _REASONS.get(each.code, _REASON),
                str(resource.key),
            )
