"""Portable resources as Kubernetes manifests, where Kubernetes has the kind.

Every manifest is read back. What Kubernetes has no words for goes into the annotation
`cloudabstract.dev/spec`, so that the manifest reads back as the same resource; a resource that
cannot be said in this way, or for which there is no kind, is written as a document of ours.
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudabstract.model import Resource

from .proof import documents

__all__ = ["documents", "render"]


def render(resources: Iterable[Resource]) -> str:
    """YAML documents that read back as equal resources."""
    from ... import text

    written = documents(resources)
    return text.dump(written) if written else ""
