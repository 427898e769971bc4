"""What this target cannot do of a volume: one rule for each field, in the order of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudabstract.model import VolumeSpec, format_quantity
from cloudabstract.provider import Objection, Severity
from cloudabstract_local.settings import LocalSettings

from . import bodies, limits, placing, traits
from .probe import Abilities

Rule = Callable[[VolumeSpec, LocalSettings, Abilities], Iterator[Objection]]


def check(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    """Every objection to `spec`, which has its class applied."""
    for rule in _RULES:
        yield from rule(spec, settings, able)
    yield from traits.topology([spec.topology], "spec.topology")
    yield from traits.performance(spec.performance)
    yield from traits.encryption(spec.encryption)
    yield from traits.replication(spec.replication)
    yield from traits.overrides(spec.provider_overrides)


def _capacity(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    largest, size = limits.of(placing.form(spec)).largest, placing.size(spec, settings)
    remedy = "ask for less"
    if settings.capacity is not None and settings.capacity < largest:
        largest, remedy = settings.capacity, "ask for less, or raise `capacity` of the target"
    if size > largest:
        message = f"{format_quantity(size)} is more than {format_quantity(largest)}"
        yield Objection("VO008", "spec.capacity.storage", message, remedy)
    if placing.medium(spec, settings) == "directory":
        yield Objection(
            "VO014",
            "spec.capacity.storage",
            "a folder has the room and the filesystem of the disk it is on",
            "use medium image, which cannot be ReadWriteMany",
            Severity.DEGRADE,
            "CapacityNotEnforced",
        )


def _access(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    image = placing.medium(spec, settings) == "image"
    if image and "ReadWriteMany" in spec.access_modes:
        yield Objection(
            "VO003",
            "spec.accessModes",
            "a disk image has one writer",
            "use class `shared`, whose medium is a folder",
        )
    if placing.read_only(spec) and not _may_mount(settings, able):
        yield Objection(
            "VO002",
            "spec.accessModes",
            f"reading only takes a mount: {why_unmounted(settings, able)}",
            "use ReadWriteOnce, or run as root with `mount: auto`",
            Severity.DEGRADE if image else Severity.REJECT,
            "NotEnforced" if image else "",
        )


def _mode(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    image, block = placing.medium(spec, settings) == "image", spec.volume_mode == "Block"
    if block and not image:
        yield Objection("VO004", "spec.volumeMode", "a folder has no blocks", "use medium image")
    if image and not _may_mount(settings, able):
        what = "has no block device" if block else "is not mounted"
        yield Objection(
            "VO019",
            "spec.volumeMode",
            f"the image {what}: {why_unmounted(settings, able)}",
            "use the image file, run as root with `mount: auto`, or use medium directory",
            Severity.NOTE if settings.mount == "never" else Severity.DEGRADE,
            "" if settings.mount == "never" else "NotMounted",
        )


def _options(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    image = placing.medium(spec, settings) == "image"
    if image:
        yield from traits.file_system(placing.form(spec), able)
    elif spec.fs_type != "ext4":
        yield Objection(
            "VO017",
            "spec.fsType",
            f"a folder cannot be {spec.fs_type}; it has the filesystem of the disk it is on",
            "use medium image",
        )
    if not spec.mount_options:
        return
    if image and spec.volume_mode == "Filesystem":
        yield from traits.mount_options(spec.mount_options, spec.fs_type)
        if not _may_mount(settings, able):
            message = f"the image is not mounted: {why_unmounted(settings, able)}"
            yield Objection("VO018", "spec.mountOptions", message, severity=Severity.NOTE)
        return
    why = "blocks are not mounted" if image else "a folder is not mounted"
    yield Objection("VO018", "spec.mountOptions", why, "leave mountOptions out")


def _external(spec: VolumeSpec, settings: LocalSettings, able: Abilities) -> Iterator[Objection]:
    if spec.external_ref is None:
        return
    if not bodies.is_import(spec.external_ref):
        yield Objection(
            "VO017",
            "spec.externalRef",
            f"{spec.external_ref!r} is not below the root of this target",
            "move it into the folder `imports` of the root, and say imports/NAME",
        )
    if spec.volume_mode == "Block":
        message = "an image is adopted with the filesystem that is in it"
        yield Objection("VO004", "spec.volumeMode", message, "use Filesystem")
    if spec.data_source is not None:
        message = "what is adopted has its bytes already"
        yield Objection("VO017", "spec.dataSource", message, "leave dataSource out")


def _may_mount(settings: LocalSettings, able: Abilities) -> bool:
    return settings.mount == "auto" and able.mount


def why_unmounted(settings: LocalSettings, able: Abilities) -> str:
    """Why nothing can be mounted."""
    return "`mount: never` is set" if settings.mount == "never" else able.why_not


_RULES: tuple[Rule, ...] = (_capacity, _access, _mode, _options, _external)
