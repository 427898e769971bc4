"""One manifest after the other: its structure, Kubernetes' rules for it, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..document import Document
from ..frontends import Reading
from ..paths import Path
from . import (
    claims,
    classes,
    dispositions,
    drafts,
    ingress,
    kinds,
    metadata,
    rules_endpoints,
    rules_ingress,
    rules_more,
    rules_service,
    rules_volumes,
    service,
    snapshots,
    statefulset,
    structure,
    volumes,
)
from .drafts import Draft
from .neighbours import Neighbours, service_of
from .remarks import CLUSTER, Remark, degrade, rejects, with_remarks

Rules = Callable[[object], Iterable[Remark]]

_RULES: dict[str, Rules] = {
    "Service": rules_service.rules,
    "Ingress": rules_ingress.rules,
    "PersistentVolume": rules_volumes.volume,
    "PersistentVolumeClaim": rules_volumes.claim,
    "StorageClass": rules_more.storage_class,
    "VolumeAttributesClass": rules_more.attributes_class,
    "VolumeSnapshot": rules_more.snapshot,
    "StatefulSet": rules_more.stateful_set,
    "LoadBalancer": rules_more.load_balancer,
}


_OTHERS: dict[str, Rules] = {
    "Endpoints": rules_endpoints.endpoints,
    "EndpointSlice": rules_endpoints.endpoint_slice,
    "IngressClass": rules_more.ingress_class,
    "VolumeSnapshotClass": rules_more.snapshot_class,
    "VolumeSnapshotContent": rules_more.snapshot_content,
}  # nothing is provisioned of them, but others are read with what they say


class Reader:
    """Reads documents one by one, with their neighbours in view."""

    def __init__(self, near: Neighbours, default: Document | None) -> None:
        self._near = near
        self._default = default

    def read(self, document: Document, last: Document) -> Reading:
        """What becomes of `document`; `last` is the one that stands when it is written twice."""
        if not document.kind:
            return _without_kind(document)
        kind = kinds.of(document)
        if kind.problem:
            reading = Reading(document, "recognised", kind.reason)
            path = ("apiVersion",) if kind.name != "List" else ("items",)
            return with_remarks(reading, [Remark(path, *kind.problem)])
        if kind.ours:
            return self._ours(document, last)
        reading = Reading(document, "recognised" if kind.known else "unknown", kind.reason)
        rules = _OTHERS.get(structure.type_of(document.api_version, document.kind))
        return with_remarks(reading, _judged(document, rules)) if rules else reading

    def _ours(self, document: Document, last: Document) -> Reading:
        raw, kind = document.raw, document.kind
        remarks = _judged(document, _RULES[kind])
        if rejects(remarks):
            return with_remarks(_invalid(document), remarks)
        if last is not document:
            where = f"{last.file}:{last.line}" if last.line else last.file
            return Reading(document, "recognised", f"it is written again at {where}, which counts")
        reading = _KINDS[kind](self, document)
        if reading.disposition == "managed":
            remarks += [*dispositions.cluster_only(kind, raw), *metadata.left_out(raw)]
        return with_remarks(reading, remarks)

    def service(self, document: Document) -> Reading:
        """A Service, which is a balancer or stays in its cluster."""
        stays = service.stays(document.raw)
        if stays:
            return Reading(document, "recognised", stays)
        return _finished(document, service.draft(document, self._near))

    def ingress(self, document: Document) -> Reading:
        """An Ingress."""
        return _finished(document, ingress.draft(document, self._near))

    def volume(self, document: Document) -> Reading:
        """A PersistentVolume."""
        return _finished(document, volumes.draft(document))

    def claim(self, document: Document) -> Reading:
        """A PersistentVolumeClaim, unless only a cluster can fill it."""
        stays = claims.stays(document.raw)
        if stays:
            return with_remarks(Reading(document, "recognised", stays[0].message), stays)
        return _finished(document, claims.draft(document))

    def storage_class(self, document: Document) -> Reading:
        """A StorageClass."""
        default = document is self._default
        return _finished(document, classes.draft(document, self._near, default=default))

    def attributes_class(self, document: Document) -> Reading:
        """A VolumeAttributesClass, unless it changes nothing portable."""
        draft = classes.attributes_draft(document)
        if draft is None:
            return Reading(document, "recognised", classes.NOTHING)
        return _finished(document, draft)

    def snapshot(self, document: Document) -> Reading:
        """A VolumeSnapshot, unless it stands for one that exists."""
        stays = snapshots.stays(document.raw)
        if stays:
            return Reading(document, "recognised", stays)
        return _finished(document, snapshots.draft(document, self._near))

    def stateful_set(self, document: Document) -> Reading:
        """The claims of a StatefulSet."""
        stays = statefulset.stays(document.raw)
        if stays:
            return Reading(document, "recognised", stays)
        remarks = list(statefulset.too_many(document.raw))
        made = [] if remarks else list(statefulset.drafts(document, self._near))
        remarks += statefulset.remarks(document, self._near)
        reading = Reading(document, "managed", "its claims are; its Pods run in a cluster")
        return _together(with_remarks(reading, remarks), made)

    def balancer(self, document: Document) -> Reading:
        """A LoadBalancer of KEP-6128, which is told in its Service's resource."""
        namespace, name = service_of(document)
        if (namespace, name) in self._near.taken:
            return Reading(document, "managed", f"it says how the balancer of Service/{name} is")
        reason = f"there is no Service/{name} of type LoadBalancer in the input"
        remark = degrade(CLUSTER, ("metadata", "name"), reason, "add the Service")
        return with_remarks(Reading(document, "recognised", reason), [remark])


_KINDS: dict[str, Callable[[Reader, Document], Reading]] = {
    "Service": Reader.service,
    "Ingress": Reader.ingress,
    "PersistentVolume": Reader.volume,
    "PersistentVolumeClaim": Reader.claim,
    "StorageClass": Reader.storage_class,
    "VolumeAttributesClass": Reader.attributes_class,
    "VolumeSnapshot": Reader.snapshot,
    "StatefulSet": Reader.stateful_set,
    "LoadBalancer": Reader.balancer,
}


def _invalid(document: Document) -> Reading:
    """The reading of a document with problems: what would have become of it."""
    kind = rules_service.kind_of(document.raw.get("spec"))
    if document.kind == "Service" and kind in rules_service.TYPES and kind != "LoadBalancer":
        return Reading(document, "recognised", service.stays(document.raw))
    return Reading(document, "managed")


def _without_kind(document: Document) -> Reading:
    """Charts have an apiVersion and no kind; an object has a spec or metadata, and needs one."""
    if not {"metadata", "spec"} & set(document.raw):
        return Reading(document, "unknown", "it has no kind")
    reading = Reading(document, "unknown", "kind: is required")
    return with_remarks(reading, [Remark(("kind",), "is required")])


def _judged(document: Document, rules: Rules) -> list[Remark]:
    """Everything for which Kubernetes would refuse a document, each field once."""
    raw, name = document.raw, structure.type_of(document.api_version, document.kind)
    remarks = [
        each
        for each in structure.check(raw, name)
        if not (structure.is_octal(raw, each.path) and document.is_plain(each.path))
    ]
    told = [each.path for each in remarks]
    return remarks + [each for each in rules(raw) if not _is_told(each.path, told)]


def _is_told(path: Path, told: Iterable[Path]) -> bool:
    """Whether something is wrong there, or below it, already."""
    return any(each[: len(path)] == path for each in told)


def _finished(document: Document, draft: Draft) -> Reading:
    done = drafts.finish(document, draft)
    resources = () if done.resource is None or rejects(done.remarks) else (done.resource,)
    reading = Reading(document, "managed", resources=resources, fields=done.fields)
    return with_remarks(reading, done.remarks)


def _together(reading: Reading, made: Sequence[Draft]) -> Reading:
    """`reading` with the resources of several drafts."""
    done = [drafts.finish(reading.document, each, own_words=False) for each in made]
    valid = [each for each in done if each.resource is not None and not rejects(each.remarks)]
    reading = replace(
        reading,
        resources=tuple(each.resource for each in valid if each.resource is not None),
        fields_of={each.resource.key: each.fields for each in valid if each.resource is not None},
    )
    return with_remarks(reading, [remark for each in done for remark in each.remarks])
