"""What a disk cannot do of a volume: one rule for each field, in the order of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudabstract.model import VolumeSpec, format_quantity
from cloudabstract.provider import Objection, Severity
from cloudabstract_gcp.settings import GcpSettings

from . import limits, media, traits
from .limits import GIB, MIB, DiskType, Range

_IOPS, _THROUGHPUT = "spec.performance.iops", "spec.performance.throughput"


def check(spec: VolumeSpec, settings: GcpSettings) -> Iterator[Objection]:
    """Every objection to `spec`, which has its class applied."""
    for rule in _RULES:
        yield from rule(spec)
    yield from _zones(spec, settings)
    yield from traits.topology(spec.topology, "spec.topology", settings)
    yield from traits.encryption(spec.encryption)
    yield from traits.overrides(spec.provider_overrides, settings)


def _kind(spec: VolumeSpec) -> DiskType:
    return limits.disk_type(media.type_name(spec))


def _size(spec: VolumeSpec) -> Iterator[Objection]:
    kind = _kind(spec)
    most = kind.sizes.get(media.reach(spec), (0, 65536))[1]
    if media.disk(spec).size > most:
        text = f"{kind.name} has at most {format_quantity(most * GIB)}"
        yield Objection("VO008", "spec.capacity.storage", text, "ask for less")


def _writers(spec: VolumeSpec) -> Iterator[Objection]:
    many = media.many_writers(spec)
    if media.performance(spec).tier == "shared" or (many and spec.volume_mode == "Filesystem"):
        yield Objection(
            "VO003",
            "spec.accessModes" if many else "spec.performance.tier",
            "files that many instances write to are Filestore's, which this provider does not make",
            "use ReadWriteOnce; or volumeMode Block with tier fast and a cluster file system; or "
            "make a Filestore instance by other means and mount it",
        )
    elif many and not _kind(spec).writers:
        yield Objection(
            "VO003",
            "spec.accessModes",
            f"{_kind(spec).name} is written to by one instance",
            "use tier fast, which is a Hyperdisk then",
        )


def _readers(spec: VolumeSpec) -> Iterator[Objection]:
    if "ReadOnlyMany" not in spec.access_modes:
        return
    kind = _kind(spec)
    if not kind.readers:
        yield Objection(
            "VO002",
            "spec.accessModes",
            f"{kind.name} is not shared for reading",
            "leave iops, throughput and ReadWriteMany out, and use tier standard, fast or cold",
        )
    elif media.read_only(spec):
        text = "every attachment of it is for reading only"
        yield Objection("VO002", "spec.accessModes", text, severity=Severity.NOTE)


def _mounting(spec: VolumeSpec) -> Iterator[Objection]:
    """Google gives an instance the bare blocks; labels of the disk say what to make of them."""
    if spec.volume_mode == "Block":
        if spec.mount_options:
            text = "blocks are not mounted"
            yield Objection("VO018", "spec.mountOptions", text, "leave mountOptions out")
        return
    yield from traits.mount_options(spec.mount_options, spec.fs_type)
    if spec.external_ref is not None:
        text = "what is adopted has its file system already, or none"
    else:
        text = f"the instance makes and mounts the {spec.fs_type}; labels of the disk say how"
    yield Objection("VO019", "spec.volumeMode", text, severity=Severity.NOTE)


def _iops(spec: VolumeSpec) -> Iterator[Objection]:
    asked, kind = media.performance(spec).iops, _kind(spec)
    if asked is None or spec.external_ref is not None:
        return
    if not kind.takes_iops:
        yield _unsettable(_IOPS, "iops", kind)
        return
    low, high = kind.rates["iops"]["range"]
    possible = kind.iops(media.disk(spec).size)
    if not low <= asked <= high:
        text, remedy = f"{kind.name} has from {low} to {high} IOPS", "ask for a figure within"
        yield Objection("VO006", _IOPS, text, remedy)
    elif not possible.holds(asked):
        text = f"a {kind.name} of {media.disk(spec).size} GiB has {_span(possible)} IOPS"
        yield Objection("VO006", _IOPS, text, f"ask for {possible.low} or more")


def _throughput(spec: VolumeSpec) -> Iterator[Objection]:
    asked, kind = media.mib(media.performance(spec).throughput), _kind(spec)
    if not asked or spec.external_ref is not None:
        return
    if not kind.takes_throughput:
        yield _unsettable(_THROUGHPUT, "throughput", kind)
        return
    disk = media.disk(spec)
    possible = kind.throughput(disk.size, disk.iops)
    if not possible.holds(asked):
        rates = f" and {disk.iops} IOPS" if disk.iops else ""
        text = f"a {kind.name} of {disk.size} GiB{rates} has {_span(possible)} MiB/s"
        more = "ask for less, for more iops, or for a larger size"
        remedy = more if asked > possible.high else f"ask for {possible.low}Mi or more"
        yield Objection("VO006", _THROUGHPUT, text, remedy)
    elif asked * MIB != media.performance(spec).throughput:
        text = f"rounded up to {asked} MiB/s"
        yield Objection("VO006", _THROUGHPUT, text, severity=Severity.NOTE)


def _unsettable(field: str, rate: str, kind: DiskType) -> Objection:
    tier = "fast" if rate == "iops" else "fast or throughput"
    return Objection(
        "VO006", field, f"{kind.name} has no {rate} to set", f"leave {rate} out, or use tier {tier}"
    )


def _span(possible: Range) -> str:
    return f"from {possible.low} to {possible.high}"


def _replication(spec: VolumeSpec) -> Iterator[Objection]:
    reach, kind = media.reach(spec), _kind(spec)
    tier = media.performance(spec).tier
    known = media.named_type(spec) or tier == "shared" or limits.type_of_tier(tier, reach, False)
    if known and reach in kind.sizes:
        return
    what = kind.name if known else f"tier {tier}"
    if reach == "regional":
        text = f"{what} stands in one zone"
        yield Objection("VO005", "spec.replication", text, "use zonal, or tier standard or fast")
    else:
        text = f"{what} stands in two zones"
        yield Objection("VO005", "spec.replication", text, "use replication: regional")


def _external(spec: VolumeSpec) -> Iterator[Objection]:
    if spec.external_ref is None:
        return
    yield from traits.external(spec.external_ref, media.reach(spec))
    if spec.data_source is not None:
        text = "what is adopted has its bytes already"
        remedy = "leave dataSource or externalRef out"
        yield Objection("VO017", "spec.dataSource", text, remedy)
    if media.performance(spec).tier not in ("standard", "shared"):
        text = "an adopted disk keeps its type"
        yield Objection("VO017", "spec.performance.tier", text, severity=Severity.NOTE)
    if spec.topology.zones:
        text = "an adopted disk stays where it is"
        yield Objection("VO017", "spec.topology.zones", text, severity=Severity.NOTE)


def _zones(spec: VolumeSpec, settings: GcpSettings) -> Iterator[Objection]:
    """A disk in two zones needs two."""
    if spec.replication != "regional" or spec.external_ref is not None:
        return
    for field, zones in (("spec.topology.zones", spec.topology.zones), ("", settings.zones)):
        if zones:
            if len(set(zones)) < 2:
                remedy = "name two zones" if field else "give the target two zones"
                text = "copies in two zones need two zones"
                yield Objection("VO005", field or "spec.replication", text, remedy)
            return


_RULES: tuple[Callable[[VolumeSpec], Iterator[Objection]], ...] = (
    _size,
    _writers,
    _readers,
    _mounting,
    _iops,
    _throughput,
    _replication,
    _external,
)
