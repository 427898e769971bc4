"""A VolumeSnapshot of a claim becomes a VolumeSnapshot. One of content that exists stays away."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import VolumeSnapshot

from ..document import Document
from . import metadata, names
from .drafts import Draft
from .lookup import mapping, text
from .neighbours import Neighbours
from .remarks import STORAGE, degrade

EXISTING = "it stands for content that a cluster has already; nothing to provision"


def stays(raw: Any) -> str:
    """Why this snapshot is not provisioned, or ""."""
    claim = text(raw, "spec", "source", "persistentVolumeClaimName")
    if claim and names.wrong_subdomain(claim):
        return f"no claim can be called {names.shown(claim)}; nothing to take a copy of"
    return EXISTING if text(raw, "spec", "source", "volumeSnapshotContentName") else ""


def draft(document: Document, near: Neighbours) -> Draft:
    """The snapshot, with the deletionPolicy of its class."""
    raw = document.raw
    made = Draft(VolumeSnapshot, metadata.portable(raw))
    claim = text(raw, "spec", "source", "persistentVolumeClaimName")
    made.set("source", {"claim": claim}, "spec", "source")
    made.fields["spec.source.claim"] = "spec.source.persistentVolumeClaimName"
    name = text(raw, "spec", "volumeSnapshotClassName")
    path = ("spec", "volumeSnapshotClassName")
    if not name:
        return made
    found = near.snapshot_classes.get(name)
    if found is None:
        message = f"VolumeSnapshotClass/{name} is not in the input; the copy goes with its snapshot"
        made.remarks.append(degrade(STORAGE, path, message, "add the class"))
        return made
    policy = text(found.raw, "deletionPolicy")
    made.set("deletionPolicy", policy if policy in ("Delete", "Retain") else None, *path)
    if mapping(found.raw, "parameters"):
        message = f"the parameters of VolumeSnapshotClass/{name} are for a cluster's driver"
        made.remarks.append(degrade(STORAGE, path, message))
    return made
