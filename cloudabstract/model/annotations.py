"""Annotations of our own: what is said about a resource rather than of what it is.

They ride with the resource in any format, Kubernetes manifests too, and leave the spec alone:
docs/decisions/0011 tells why they are no fields.
"""

from __future__ import annotations

from .resource import Resource, ResourceKey

PREFIX = "cloudabstract.dev/"
MOVED_FROM = f"{PREFIX}moved-from"  # KIND/NAME or KIND/NAMESPACE/NAME: what it was called before
DRIFT = f"{PREFIX}drift"  # repair or report: what `watch` does when the world has changed
IGNORE_FIELDS = f"{PREFIX}ignore-fields"  # FIELD or KIND/FIELD, by commas: others look after these
DEFAULT_CLASS = f"{PREFIX}is-default-class"  # "true": claims without a class get this one
DEGRADED = f"{PREFIX}degraded"  # what a manifest asked for in vain, as model/weakness.py writes it
SPEC = f"{PREFIX}spec"  # portable fields as JSON, in manifests of other kinds

KNOWN = {
    MOVED_FROM: "what the resource was called before",
    DRIFT: "repair or report what the world has changed",
    IGNORE_FIELDS: "fields that others look after",
    DEFAULT_CLASS: "whether it is the default class",
    DEGRADED: "what a manifest asked for and did not get",
    SPEC: "portable fields, in manifests of other kinds",
}
DRIFTS = ("repair", "report")


def entries(text: str) -> tuple[str, ...]:
    """The entries of a list by commas, without blanks and empty ones."""
    return tuple(each for each in map(str.strip, text.split(",")) if each)


def origin(resource: Resource) -> ResourceKey | None:
    """The key that `resource` had before; None when it has not moved.

    Raises ValueError when the annotation is not the key of a resource of the same kind.
    """
    text = resource.metadata.annotations.get(MOVED_FROM)
    if text is None:
        return None
    key = ResourceKey.parse(text.strip(), resource.NAMESPACED)
    if key.kind != resource.KIND:
        raise ValueError(f"{text[:80]!r} is another kind than {resource.KIND}")
    return key
