"""Resources as documents: what YAML files, `get -o yaml` and the store's history hold.

A document has `apiVersion`, `kind`, `metadata` and `spec` in camelCase; quantities and durations
are text (`64Mi`, `10s`). The full form has every default written out, so that a later release with
other defaults cannot change an old object; the sparse form has only what differs from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from . import codec
from .codec import Style
from .resource import API_VERSION, Resource
from .status import Status


def to_document(resource: Resource, *, defaults: bool = False) -> dict[str, Any]:
    """The document of `resource`, sparse, or with `defaults` full. Unset fields are left out."""
    cls: Any = type(resource)
    written = codec.encoder(cls, Style.FULL if defaults else Style.SPARSE)(resource)
    metadata = written["metadata"]
    if defaults and not resource.NAMESPACED:
        metadata.pop("namespace", None)
    spec = written["spec"]
    return {"apiVersion": API_VERSION, "kind": resource.KIND, "metadata": metadata, "spec": spec}


def from_document(document: Mapping[str, Any]) -> Resource:
    """The resource of which `to_document` made `document`, which is trusted to be so.

    Raises ValueError if it was not. Documents of users are read by cloudabstract.spec instead.
    """
    from . import KINDS

    try:
        cls: Any = KINDS[document["kind"]]
        return cast(Resource, codec.decoder(cls, Style.SPARSE)(document))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"this is not a document as it was written: {error!r}") from error


def status_document(status: Status) -> dict[str, Any]:
    """The status as it is printed: camelCase, without what is empty, sizes as quantities."""
    return cast(dict[str, Any], codec.encoder(Status, Style.SPARSE)(status))
