"""Setting all labels of an object, under the fingerprint of those that were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_REQUESTS = {
    "zone": "ZoneSetLabelsRequest",
    "region": "RegionSetLabelsRequest",
    "global": "GlobalSetLabelsRequest",
}


def relabelled(compute: Compute, at: Location, told: Json, labels: Mapping[str, str]) -> Operation:
    """Begin to set `labels`. Raises CallFailed (412) if they are not those of `told` any more."""
    content = {"labels": dict(labels), "labelFingerprint": told.get("labelFingerprint", "")}
    resource = replace(at, collection=replace(at.collection, message="Resource"))
    return compute.write("set_labels", resource, Body(_REQUESTS[at.scope.level], content))
