"""Kubernetes manifests in, unmodified, and portable resources out again as manifests.

    documents --kinds--> ours | recognised | unknown
    ours --structure--> known fields of the right types --rules--> what Kubernetes would accept
         --service, ingress, volumes ...--> Draft --drafts--> a typed, portable resource

Every field of a manifest that we read ends in one of three ways, which tables/dispositions.json
lists: honoured by a portable field; degraded, with a remark that has a code; or rejected, where
Kubernetes itself would reject it. A manifest that Kubernetes accepts is accepted here.

This package is imported when the first document with a foreign apiVersion is read.
"""

from __future__ import annotations

from .frontend import Kubernetes
from .writing import render

__all__ = ["Kubernetes", "render"]
